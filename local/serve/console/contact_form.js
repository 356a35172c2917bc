/** The form that adds a contact. */

import { post } from "/_console/api.js";
import { byId } from "/_console/elements.js";
import { clearErrors, showErrors, startErrors } from "/_console/field_errors.js";
import { lookNow } from "/_console/look.js";
import { say } from "/_console/toasts.js";

const FIELDS = { PhoneNumber: "contact-number", Name: "contact-name", ContactId: "contact-id" };

/** Let contacts be added. */
export function startContactForm() {
  const form = byId("contact-form");
  startErrors(form);
  form.addEventListener("submit", async (/** @type {Event} */ submitted) => {
    submitted.preventDefault();
    try {
      const added = await post("/_emulator/contacts", wanted());
      clearErrors(form);
      form.reset();
      await lookNow();
      say(`Added ${added.ContactId}`);
      if (form.contains(document.activeElement)) {
        byId("contact-number").focus();
      }
    } catch (error) {
      showErrors(form, error);
    }
  });
}

/** What is left out is made up. */
function wanted() {
  const filled = Object.entries(FIELDS).map(([name, id]) => [name, byId(id).value.trim()]);
  return Object.fromEntries(filled.filter(([, value]) => value));
}
