/** Goes from one thing to another that belongs to it: shows it, brings it into view, points at it. */

import { byId } from "/_console/elements.js";
import { chooseTab } from "/_console/tabs.js";
import { complain } from "/_console/toasts.js";

const POINTED_AT_MS = 2500;

/**
 * Show a dead letter.
 * @param {number} number
 */
export function showLetter(number) {
  chooseTab("letters");
  pointAt(byId("letters").querySelector(`[data-number="${number}"]`), `Dead letter ${number} is not there any more.`);
}

/**
 * Show a text on the phone.
 * @param {string} apiRequestId
 */
export function showText(apiRequestId) {
  pointAt(byId("texts").querySelector(`[data-text="${CSS.escape(apiRequestId)}"]`), "This text was forgotten.");
}

/**
 * Bring an element into view, point at it, and move the focus to its first control.
 * @param {HTMLElement | null} found
 * @param {string} otherwise what to say where there is none
 */
export function pointAt(found, otherwise) {
  if (!found) {
    complain(otherwise);
    return;
  }
  found.scrollIntoView({ block: "nearest" });
  /** @type {HTMLElement | null} */ (found.querySelector("button, a"))?.focus({ preventScroll: true });
  found.classList.add("pointed-at");
  setTimeout(() => found.classList.remove("pointed-at"), POINTED_AT_MS);
}
