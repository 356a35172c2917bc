/** The first steps of who sees this page for the first time; each is ticked off by what happened. */

import { byId, button, element } from "/_console/elements.js";
import { showPart } from "/_console/go_to.js";
import { allInvocations, onInvocations } from "/_console/journal.js";
import { newContact } from "/_console/new_contact.js";

const MOST_INVOCATIONS = 12;

/** Show them until they are done, or it is plain that nobody needs them. */
export function startFirstSteps() {
  onInvocations(show);
  show();
}

function show() {
  const all = allInvocations();
  const bad = all.find(failed);
  const done = [
    all.some(sent),
    Boolean(bad),
    Boolean(bad) && all.some((one) => one.Number > bad.Number && sent(one) && (one.Cause || one.Trigger === "timer")),
  ];
  const place = byId("first-steps");
  place.hidden = done.every(Boolean) || all.length > MOST_INVOCATIONS;
  const signature = JSON.stringify(done);
  if (place.dataset.shown === signature) {
    return;
  }
  place.dataset.shown = signature;
  place.replaceChildren(
    element("h2", {}, "First steps"),
    element(
      "ol",
      {},
      step(done[0], "Send a text.", [
        "Press ",
        element("strong", {}, "Invoke"),
        ". It arrives in the ",
        goTo("inbox", "inbox-heading"),
        ". Its row in this list opens to its timeline.",
      ]),
      step(done[1], "Make the API fail.", [
        goTo("Switch a fault on", "faults-heading"),
        ", then invoke for ",
        button("a new contact", (event) => newContact(event.currentTarget), { class: "link" }),
        ". Its timeline says why no text came.",
      ]),
      step(done[2], "Heal it.", [
        goTo("Clear the fault", "faults-heading"),
        ", then ",
        goTo("run the sweep", "run-now"),
        ": it sends what is still unverified. An asynchronous event that failed can be sent back from the ",
        goTo("dead letters", "tab-letters"),
        ".",
      ]),
    ),
  );
}

/** @param {any} record */
function sent(record) {
  return Boolean(record.Outcomes.sent);
}

/** @param {any} record */
function failed(record) {
  return Boolean(record.Outcomes.failed || record.Outcomes.unknown);
}

/**
 * @param {boolean} done
 * @param {string} title
 * @param {any[]} text
 */
function step(done, title, text) {
  return element(
    "li",
    { class: done ? "done" : "" },
    element("strong", {}, title),
    done && element("span", { class: "visually-hidden" }, " Done."),
    " ",
    ...text,
  );
}

/**
 * @param {string} text
 * @param {string} id
 */
function goTo(text, id) {
  return button(text, () => showPart(id), { class: "link" });
}
