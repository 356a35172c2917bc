/** Makes elements and keeps lists of them. Whatever comes from outside becomes a text node, never HTML. */

import { numbersAreWhole } from "/_console/numbers.js";

const signatures = new WeakMap();

/**
 * Return the element of this id, which the page has.
 * @param {string} id
 * @returns {any}
 */
export function byId(id) {
  return document.getElementById(id);
}

/**
 * Make an element.
 * @param {string} tag
 * @param {Record<string, any>} [attributes] those that are false, null or undefined are left out; `onclick` is a function.
 * @param {...(Node | string | null)} children null is left out.
 * @returns {HTMLElement}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "onclick") {
      made.addEventListener("click", value);
    } else if (value !== false && value != null) {
      made.setAttribute(name, value === true ? "" : value);
    }
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

/**
 * Make the sign of an outcome; what it says is in its text, its colour only repeats it.
 * @param {string} tone good, plain, warn, bad or open
 * @param {string} text
 */
export function badge(tone, text) {
  const glyph = { good: "✓", plain: "=", warn: "!", bad: "✕", open: "?" }[tone] ?? "";
  return element("span", { class: `badge ${tone}` }, element("span", { "aria-hidden": "true" }, glyph), ` ${text}`);
}

/**
 * Make a time of day in this browser's zone, with seconds.
 * @param {string | number} moment
 */
export function time(moment) {
  const date = new Date(moment);
  const text = date.toLocaleTimeString("en-GB");
  return element("time", { datetime: date.toISOString(), title: date.toLocaleString("en-GB") }, text);
}

/**
 * Show items as the children of a list. A child whose item is as it was stays the same, with its focus.
 * @template Item
 * @param {HTMLElement} list its `data-empty` names the element to show when there are no items.
 * @param {Item[]} items
 * @param {(item: Item) => HTMLElement} make
 */
export function showList(list, items, make) {
  const known = new Map(Array.from(list.children, (child) => [signatures.get(child), child]));
  const wanted = items.map((item) => {
    const signature = JSON.stringify([item, numbersAreWhole()]);
    const child = known.get(signature) ?? make(item);
    known.delete(signature);
    signatures.set(child, signature);
    return child;
  });
  for (const child of [...list.children]) {
    if (!wanted.includes(child)) {
      child.remove();
    }
  }
  wanted.forEach((child, place) => {
    if (list.children[place] !== child) {
      list.insertBefore(child, list.children[place] ?? null);
    }
  });
  if (list.dataset.empty) {
    byId(list.dataset.empty).hidden = items.length > 0;
  }
}

/**
 * Return whether a scrolled box shows its end, where new things appear.
 * @param {HTMLElement} box
 */
export function isAtEnd(box) {
  return box.scrollHeight - box.scrollTop - box.clientHeight < 40;
}

/**
 * Return JSON text with line breaks, or the text itself where it is no JSON.
 * @param {string} text
 */
export function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
