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
 * Show a text or mail in the inbox.
 * @param {string} apiRequestId
 */
export function showMessage(apiRequestId) {
  pointAt(byId("messages").querySelector(`[data-message="${CSS.escape(apiRequestId)}"]`), "This message was forgotten.");
}

/**
 * Show a part of the page: its heading gets the focus, or a control its click where that only shows something.
 * @param {string} id of a heading, a control or a tab
 */
export function showPart(id) {
  const part = byId(id);
  if (part.role === "tab") {
    part.click();
  }
  part.focus();
  markForAMoment(part.closest("section.pane, .timer") ?? part);
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
  markForAMoment(found);
}

/** @param {Element} place */
function markForAMoment(place) {
  place.classList.add("pointed-at");
  setTimeout(() => place.classList.remove("pointed-at"), POINTED_AT_MS);
}
