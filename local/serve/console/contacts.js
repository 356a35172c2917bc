/** The message contacts of the emulated directory: their numbers, whether these are verified, and new ones. */

import { announce, failureOf, showError } from "/_console/announce.js";
import { post } from "/_console/api.js";
import { badge, byId, element, showList } from "/_console/elements.js";
import { writeEvent } from "/_console/events.js";
import { showStoryOf } from "/_console/logs.js";
import { shown } from "/_console/numbers.js";

/** @type {() => Promise<unknown>} */
let look = async () => {};

/**
 * Show the contacts.
 * @param {any[]} contacts
 */
export function showContacts(contacts) {
  showList(byId("contacts"), contacts, row);
}

/**
 * Let contacts be added.
 * @param {() => Promise<unknown>} lookAgain
 */
export function startContacts(lookAgain) {
  look = lookAgain;
  const form = byId("contact-form");
  form.addEventListener("submit", async (submitted) => {
    submitted.preventDefault();
    const [number, id] = [byId("contact-number"), byId("contact-id")];
    const wanted = { PhoneNumber: number.value.trim(), ...(id.value.trim() && { ContactId: id.value.trim() }) };
    const failure = await failureOf(async () => {
      const added = await post("/_emulator/contacts", wanted);
      form.reset();
      await look();
      announce(`Added ${added.ContactId}`);
    });
    showError("contact-error", failure, number);
    number.focus();
  });
}

/** @param {any} contact */
function row(contact) {
  const id = contact.ContactId;
  // What is pending may be an e-mail address too, which this project is not about.
  const pending = contact.Pending.find((/** @type {string} */ target) => /^[0-9]+-[0-9]+$/.test(target));
  const number = pending ?? contact.PhoneNumber;
  const label = `Story of ${id}`;
  return element(
    "tr",
    {},
    element(
      "th",
      { scope: "row" },
      element("span", {}, contact.Name),
      element("button", { type: "button", class: "id", title: label, "aria-label": label, onclick: () => showStoryOf(id) }, id),
    ),
    element("td", {}, element("span", { class: "number" }, number ? shown(number) : "none"), state(contact, pending)),
    element("td", {}, ...actions(id, pending)),
  );
}

/**
 * @param {any} contact
 * @param {string | undefined} pending
 */
function state(contact, pending) {
  if (contact.Status === "Deleting") {
    return badge("warn", "being deleted");
  }
  return pending ? badge("open", "unverified") : badge("good", "verified");
}

/**
 * @param {string} id
 * @param {string | undefined} pending
 */
function actions(id, pending) {
  if (!pending) {
    return [];
  }
  const verify = async () => {
    const failure = await failureOf(async () => {
      await post(`/_emulator/contacts/${encodeURIComponent(id)}/verify`, { Target: pending });
      await look();
    });
    announce(failure || `The number of ${id} is verified`);
    byId("contacts-heading").focus();
  };
  const write = () => writeEvent({ ContactId: id, PhoneNumber: pending });
  return [
    element("button", { type: "button", "aria-label": `Verify the number of ${id}`, onclick: verify }, "Verify"),
    element("button", { type: "button", "aria-label": `Write an event for ${id}`, onclick: write }, "Event"),
  ];
}
