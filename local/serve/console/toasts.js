/** Says what came of an action, for all to see: the last success for some seconds, a failure until it is closed. */

import { byId, button, element } from "/_console/elements.js";

const SUCCESS_SHOWN_MS = 5000;
const MOST_SHOWN = 4;

/**
 * Say that something was done.
 * @param {string} text
 */
export function say(text) {
  byId("toasts")
    .querySelectorAll(".good")
    .forEach((/** @type {Element} */ before) => before.remove());
  const toast = show("good", text);
  setTimeout(() => toast.remove(), SUCCESS_SHOWN_MS);
}

/**
 * Say that something failed.
 * @param {string} text
 * @param {boolean} [outage] whether it failed because the server was gone
 */
export function complain(text, outage = false) {
  for (const same of byId("toasts").querySelectorAll(".bad")) {
    if (same.dataset.text === text) {
      same.remove();
    }
  }
  const toast = show("bad", text);
  toast.classList.toggle("outage", outage);
}

/** Take back what was said because the server was gone. */
export function forgetOutage() {
  byId("toasts")
    .querySelectorAll(".outage")
    .forEach((/** @type {Element} */ toast) => toast.remove());
}

/**
 * Have a screen reader say this; it is to be seen elsewhere on the page.
 * @param {string} text
 */
export function announce(text) {
  byId("announcements").textContent = text;
}

/**
 * @param {string} tone
 * @param {string} text
 */
function show(tone, text) {
  const toast = element("p", { class: `toast ${tone}`, "data-text": text }, element("span", { class: "said" }, text));
  toast.append(button("✕", () => toast.remove(), { class: "quiet", "aria-label": "Close this message" }));
  const all = byId("toasts");
  all.append(toast);
  while (all.children.length > MOST_SHOWN) {
    all.firstElementChild.remove();
  }
  return toast;
}
