/** Tells a screen reader, and those who look, what came of an action. */

import { Refused, Unreachable } from "/_console/api.js";
import { byId } from "/_console/elements.js";

/**
 * Have a screen reader say this when it has nothing else to say.
 * @param {string} text
 */
export function announce(text) {
  byId("announcements").textContent = text;
}

/**
 * Show a text below a field and flag the field as invalid, or take both back.
 * @param {string} id of the place for the text
 * @param {string} text empty: all is well
 * @param {HTMLElement} [field]
 */
export function showError(id, text, field) {
  const place = byId(id);
  place.textContent = text;
  place.hidden = text === "";
  field?.setAttribute("aria-invalid", String(text !== ""));
  if (text) {
    announce(text);
  }
}

/**
 * Do something, and return what went wrong in words, or an empty text.
 * @param {() => Promise<unknown>} action
 */
export async function failureOf(action) {
  try {
    await action();
    return "";
  } catch (error) {
    if (error instanceof Refused || error instanceof Unreachable) {
      return error.message;
    }
    throw error;
  }
}
