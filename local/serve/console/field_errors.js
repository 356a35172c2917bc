/** Shows what is wrong with a form at the fields that are meant, and the rest below them. */

import { inWords } from "/_console/acts.js";
import { Refused, Unreachable } from "/_console/api.js";
import { onBack } from "/_console/connection.js";
import { element } from "/_console/elements.js";
import { sentence } from "/_console/formats.js";
import { announce } from "/_console/toasts.js";

/**
 * Let what a form says of a server that was gone be taken back once it is there again.
 * @param {HTMLFormElement} form
 */
export function startErrors(form) {
  onBack(() => form.querySelector(".error.outage") && clearErrors(form));
}

/**
 * Take back all errors of a form.
 * @param {HTMLFormElement} form
 */
export function clearErrors(form) {
  form.querySelectorAll(".at-field").forEach((message) => message.remove());
  for (const field of form.querySelectorAll("[aria-invalid]")) {
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-describedby");
  }
  showBelow(form, "");
}

/**
 * Show what went wrong with a call that a form made, and go to the first field that is meant.
 * @param {HTMLFormElement} form whose fields say by `data-field` what the route calls them.
 * @param {unknown} error
 */
export function showErrors(form, error) {
  clearErrors(form);
  const message = inWords(error);
  const problems = error instanceof Refused && error.problems.length ? error.problems : [problemIn(message)];
  const left = problems.filter(({ Field, Message }) => !showAt(form, Field, Message));
  showBelow(form, left.map(({ Field, Message }) => sentence(Field ? `${Field} ${Message}` : Message)).join(" "));
  errorBelow(form).classList.toggle("outage", error instanceof Unreachable);
  announce(message);
  /** @type {HTMLElement | null} */ (form.querySelector("[aria-invalid]"))?.focus();
}

/** @param {string} message of which a part before a colon may be a field */
function problemIn(message) {
  const [, Field = "", Message = message] = /^([A-Z]\w+): (.+)$/s.exec(message) ?? [];
  return { Field, Message };
}

/**
 * @param {HTMLFormElement} form
 * @param {string} name
 * @param {string} message
 */
function showAt(form, name, message) {
  const field = name && form.querySelector(`[data-field="${CSS.escape(name)}"]`);
  if (!field) {
    return false;
  }
  const id = `${field.id}-error`;
  const text = message.startsWith("must ") || message.startsWith("is ") ? `It ${message}` : message;
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", id);
  field.closest("label")?.after(element("p", { class: "error at-field", id }, sentence(text)));
  return true;
}

/**
 * @param {HTMLFormElement} form
 * @param {string} text
 */
function showBelow(form, text) {
  const place = errorBelow(form);
  place.textContent = text;
  place.hidden = text === "";
}

/**
 * @param {HTMLFormElement} form
 * @returns {HTMLElement}
 */
function errorBelow(form) {
  return /** @type {HTMLElement} */ (form.querySelector(":scope > .error:not(.at-field)"));
}
