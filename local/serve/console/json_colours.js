/** Colours JSON: names, texts, numbers, words. What is no JSON stays plain. */

import { element } from "/_console/elements.js";

const TOKENS = /("(?:[^"\\\n]|\\.)*")(\s*:)?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/g;
const LONGEST = 60_000;

/**
 * Return nodes of a text, coloured if it is not too long for that.
 * @param {string} text
 */
export function coloured(text) {
  const nodes = document.createDocumentFragment();
  let end = 0;
  for (const found of text.length > LONGEST ? [] : text.matchAll(TOKENS)) {
    const [whole, string, colon] = found;
    const shown = string ?? whole;
    nodes.append(text.slice(end, found.index), element("span", { class: kindOf(whole, string, colon) }, shown));
    end = found.index + shown.length;
  }
  nodes.append(text.slice(end));
  return nodes;
}

/**
 * Make a box of JSON that scrolls, with line breaks and colours.
 * @param {string} text
 * @param {string} label
 */
export function jsonBox(text, label) {
  return element("pre", { class: "json", tabindex: "0", role: "region", "aria-label": label }, coloured(text));
}

/**
 * @param {string} whole
 * @param {string | undefined} string
 * @param {string | undefined} colon
 */
function kindOf(whole, string, colon) {
  if (string) {
    return colon ? "j-name" : "j-text";
  }
  return /^[-\d]/.test(whole) ? "j-number" : "j-word";
}
