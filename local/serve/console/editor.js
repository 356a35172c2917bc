/** The editor of the event: a text area with line numbers, colours, and a mark at the line of an error. */

import { byId, element } from "/_console/elements.js";
import { pretty } from "/_console/formats.js";
import { coloured } from "/_console/json_colours.js";

let lines = 0;
let painting = 0;

/**
 * Let the editor be used.
 * @param {() => void} changed called when the user changed the text.
 */
export function startEditor(changed) {
  const editor = byId("editor");
  editor.addEventListener("input", () => {
    painting ||= requestAnimationFrame(paint);
    changed();
  });
  editor.addEventListener("scroll", follow);
  byId("format").addEventListener("click", () => {
    setText(pretty(editor.value));
    changed();
    editor.focus();
  });
}

/** @returns {string} */
export function text() {
  return byId("editor").value;
}

/**
 * Put a text into the editor.
 * @param {string} value
 */
export function setText(value) {
  byId("editor").value = value;
  byId("editor").scrollTo(0, 0);
  paint();
}

/**
 * Mark a line as the one with the error, and bring it into view; without one, mark none.
 * @param {number} [line] from 1
 */
export function markLine(line) {
  byId("gutter").querySelector(".wrong")?.classList.remove("wrong");
  const mark = line && byId("gutter").children[line - 1];
  if (mark) {
    mark.classList.add("wrong");
    const editor = byId("editor");
    const [top, height] = [mark.offsetTop, mark.offsetHeight];
    if (top < editor.scrollTop || top + height > editor.scrollTop + editor.clientHeight) {
      editor.scrollTop = top - editor.clientHeight / 2;
    }
  }
}

function paint() {
  cancelAnimationFrame(painting);
  painting = 0;
  const value = text();
  // The last line of a text area has a height even where it is empty.
  byId("paint").replaceChildren(coloured(value), "\n");
  const wanted = value.split("\n").length;
  const gutter = byId("gutter");
  for (; lines < wanted; lines++) {
    gutter.append(element("li", {}, String(lines + 1)));
  }
  for (; lines > wanted; lines--) {
    gutter.lastElementChild.remove();
  }
  follow();
}

function follow() {
  const { scrollLeft, scrollTop } = byId("editor");
  byId("paint").style.transform = `translate(${-scrollLeft}px, ${-scrollTop}px)`;
  byId("gutter").style.transform = `translateY(${-scrollTop}px)`;
}
