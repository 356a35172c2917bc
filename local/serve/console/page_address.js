/** Keeps what is shown in the address of the page: the view, the search, the chips, the open invocation. */

import { withoutNumbers } from "/_console/search.js";

/**
 * @typedef {object} Shown
 * @property {string} view invocations, letters or log
 * @property {string} search
 * @property {string} open the request id of the open invocation
 * @property {Record<string, string[]>} chips the chosen values of function, trigger and outcome
 */

export const CHIPS = ["outcome", "trigger", "function"];

/** @returns {Shown} */
export function readAddress() {
  const read = new URLSearchParams(location.search);
  const text = (/** @type {string} */ name) => read.get(name) ?? "";
  const chips = Object.fromEntries(CHIPS.map((name) => [name, read.getAll(name)]));
  return { view: text("view") || "invocations", search: text("q"), open: text("open"), chips };
}

/**
 * @param {Shown} shown
 * @param {boolean} newEntry whether "back" returns to what was shown before
 */
export function writeAddress(shown, newEntry) {
  const wanted = new URLSearchParams();
  const set = (/** @type {string} */ name, /** @type {string} */ value) => value && wanted.append(name, value);
  set("view", shown.view === "invocations" ? "" : shown.view);
  set("q", withoutNumbers(shown.search.trim()));
  CHIPS.forEach((name) => shown.chips[name].forEach((value) => set(name, value)));
  set("open", shown.open);
  const query = String(wanted);
  const address = query ? `${location.pathname}?${query}` : location.pathname;
  if (`${location.pathname}${location.search}` !== address) {
    history[newEntry ? "pushState" : "replaceState"](null, "", address);
  }
}
