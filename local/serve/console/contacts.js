/** The message contacts of the emulated directory: their numbers, whether these are verified, what last came to them. */

import { act } from "/_console/acts.js";
import { post, remove } from "/_console/api.js";
import { takeContacts } from "/_console/contacts_of.js";
import { button, byId, contactId, element } from "/_console/elements.js";
import { writeEventFor } from "/_console/events.js";
import { showInvocationsOf } from "/_console/invocations_of.js";
import { allInvocations, onInvocations } from "/_console/journal.js";
import { showList } from "/_console/lists.js";
import { lookNow } from "/_console/look.js";
import { newContact } from "/_console/new_contact.js";
import { mask, onNumbers, shown } from "/_console/numbers.js";
import { openInvocation } from "/_console/open_invocation.js";
import { badge, toneOf } from "/_console/outcomes.js";
import { matcher } from "/_console/search.js";

const SEARCHED_FROM = 5;

/** @type {any[]} */
let contacts = [];
/** What a search looks into of each row: never a whole number. @type {WeakMap<Element, string>} */
const texts = new WeakMap();
/** The last outcome of each contact, with the invocation that it is from. @type {Map<string, {outcome: string, from: string}>} */
let lastOutcomes = new Map();

/** Let contacts be searched, and a new one be made. */
export function startContacts() {
  byId("contact-search").value = "";
  byId("contact-search").addEventListener("input", filter);
  byId("new-contact").addEventListener("click", (/** @type {any} */ pressed) => newContact(pressed.currentTarget));
  onNumbers(() => showContacts(contacts));
  onInvocations(() => {
    lastOutcomes = outcomesByContact();
    showContacts(contacts);
  });
}

/**
 * Show the contacts.
 * @param {any[]} all
 */
export function showContacts(all) {
  contacts = all;
  takeContacts(all);
  const items = all.map((contact) => ({ contact, last: lastOutcomes.get(contact.ContactId) }));
  showList(byId("contacts"), items, row);
  byId("contact-search").hidden = all.length < SEARCHED_FROM;
  filter();
}

function filter() {
  const matches = matcher(byId("contact-search").value);
  let found = 0;
  for (const item of byId("contacts").children) {
    item.hidden = !matches(texts.get(item) ?? "");
    found += item.hidden ? 0 : 1;
  }
  byId("contacts-empty").hidden = found > 0;
  byId("contacts-empty").textContent = contacts.length ? "No contact matches." : "No contact.";
  byId("contact-count").textContent = found === contacts.length ? String(found) : `${found} of ${contacts.length}`;
}

function outcomesByContact() {
  const last = new Map();
  for (const record of allInvocations()) {
    for (const { ContactId, Outcome } of record.Deliveries) {
      if (ContactId && Outcome) {
        last.set(ContactId, { outcome: Outcome, from: record.RequestId });
      }
    }
  }
  return last;
}

/** @param {{contact: any, last: {outcome: string, from: string} | undefined}} item */
function row({ contact, last }) {
  const id = contact.ContactId;
  // What is pending may be an e-mail address too, which this project is not about.
  const pending = contact.Pending.find((/** @type {string} */ target) => /^[0-9]+-[0-9]+$/.test(target));
  const number = pending ?? contact.PhoneNumber;
  const made = element(
    "li",
    {},
    element(
      "p",
      { class: "line" },
      element("strong", { class: "name" }, contact.Name),
      state(contact, pending),
      last && lastly(id, last),
    ),
    element(
      "p",
      { class: "line" },
      contactId(id, showInvocationsOf),
      element("span", { class: "number" }, number ? shown(number) : "no number"),
    ),
    element("p", { class: "actions" }, ...actions(id, number, pending)),
  );
  texts.set(made, `${contact.Name} ${id} ${number ? mask(number) : ""}`.toLowerCase());
  return made;
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
 * @param {{outcome: string, from: string}} last
 */
function lastly(id, { outcome, from }) {
  const words = outcome.replaceAll("_", " ");
  const made = button("", () => openInvocation(from), {
    class: "quiet last",
    title: "Why? Open the last invocation about it",
    "aria-label": `Last: ${words}. Open the last invocation about ${id}`,
  });
  made.append("last: ", badge(toneOf(outcome), words));
  return made;
}

/**
 * @param {string} id
 * @param {string | undefined} number
 * @param {string | undefined} pending
 */
function actions(id, number, pending) {
  const path = `/_emulator/contacts/${encodeURIComponent(id)}`;
  const of = (/** @type {() => Promise<string | void>} */ action) => (/** @type {any} */ pressed) =>
    act(pressed.currentTarget, action);
  const write = of(() => writeEventFor(id, /** @type {string} */ (number)));
  const verify = of(async () => {
    await post(`${path}/verify`, { Target: pending });
    await lookNow();
    return `The number of ${id} is verified`;
  });
  const erase = of(async () => {
    await remove(path);
    await lookNow();
    return `${id} is deleted`;
  });
  return [
    number && button("Write event", write, { class: "quiet", "aria-label": `Write an event for ${id}` }),
    pending && button("Verify", verify, { class: "quiet", "aria-label": `Verify the number of ${id}` }),
    button("Delete", erase, { class: "quiet", "aria-label": `Delete ${id}` }),
  ];
}
