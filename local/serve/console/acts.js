/** Does what a button is for, once at a time, and says what came of it. */

import { Refused, Unreachable } from "/_console/api.js";
import { sentence } from "/_console/formats.js";
import { complain, say } from "/_console/toasts.js";

/**
 * Do something for a button, and say what was done, or what went wrong. Where that takes the button away, the focus goes
 * to the heading of its panel, unless the user moved it in the meantime.
 * @param {HTMLElement} control
 * @param {() => Promise<string | undefined | void>} action returns what to say; nothing where the page shows it.
 */
export async function act(control, action) {
  if (control.getAttribute("aria-busy") === "true") {
    return;
  }
  const panel = control.closest("section");
  control.setAttribute("aria-busy", "true");
  try {
    const said = await action();
    if (said) {
      say(said);
    }
  } catch (error) {
    complain(inWords(error), error instanceof Unreachable);
  } finally {
    control.removeAttribute("aria-busy");
  }
  const isGone = !control.isConnected || !control.checkVisibility();
  if (isGone && [control, document.body].includes(/** @type {HTMLElement} */ (document.activeElement))) {
    /** @type {HTMLElement | null | undefined} */ (panel?.querySelector("h2"))?.focus();
  }
}

/**
 * Return what went wrong with a call in words. Anything but a failed call is a bug: it is thrown again.
 * @param {unknown} error
 */
export function inWords(error) {
  if (error instanceof Refused || error instanceof Unreachable) {
    return sentence(error.message);
  }
  throw error;
}
