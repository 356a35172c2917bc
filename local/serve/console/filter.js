/** What of the invocations, letters and lines is shown: those that match the search, and the chosen chips. */

import { byId } from "/_console/elements.js";
import { CHIPS } from "/_console/page_address.js";
import { matcher } from "/_console/search.js";

/** @type {Record<string, Set<string>>} */
const chips = Object.fromEntries(CHIPS.map((name) => [name, new Set()]));
/** @type {(() => void)[]} */
const listeners = [];

/** Let the search be used, by its key too. */
export function startFilter() {
  const search = byId("search");
  search.addEventListener("input", tell);
  document.addEventListener("keydown", (pressed) => {
    const writing = /** @type {Element} */ (pressed.target).closest("input, select, textarea");
    if (pressed.key === "/" && !writing && !pressed.ctrlKey && !pressed.metaKey && !pressed.altKey) {
      pressed.preventDefault();
      search.focus();
    }
  });
}

/**
 * Call this whenever something else is to be shown.
 * @param {() => void} listener
 */
export function onFilter(listener) {
  listeners.push(listener);
}

/** @returns {string} */
export function searchText() {
  return byId("search").value;
}

/** Return what tells whether a text in lower case matches the search. */
export function searchMatcher() {
  return matcher(searchText());
}

/**
 * @param {string} name function, trigger or outcome
 * @param {string} value
 */
export function isChosen(name, value) {
  return chips[name].has(value);
}

/**
 * Return whether something has a chosen value, or none is chosen.
 * @param {string} name
 * @param {string[]} values
 */
export function passes(name, values) {
  return chips[name].size === 0 || values.some((value) => chips[name].has(value));
}

/**
 * @param {string} name
 * @param {string} value
 */
export function toggle(name, value) {
  if (!chips[name].delete(value)) {
    chips[name].add(value);
  }
  tell();
}

/**
 * Show what matches this, and no more.
 * @param {string} search
 * @param {Record<string, string[]>} [chosen]
 */
export function setFilter(search, chosen = {}) {
  byId("search").value = search;
  CHIPS.forEach((name) => (chips[name] = new Set(chosen[name])));
  tell();
}

/** @returns {Record<string, string[]>} */
export function chosenChips() {
  return Object.fromEntries(CHIPS.map((name) => [name, [...chips[name]]]));
}

function tell() {
  listeners.forEach((listener) => listener());
}
