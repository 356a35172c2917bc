/** How an asynchronous invocation goes on, as the reply shows it. */

import { button, element } from "/_console/elements.js";
import { count } from "/_console/formats.js";
import { showLetter } from "/_console/go_to.js";
import { openInvocation } from "/_console/open_invocation.js";
import { badge, meaningOf, toneOf } from "/_console/outcomes.js";

/**
 * Return what there is to see of an event up to now.
 * @param {string} requestId
 * @param {any} record its invocation; undefined until the server told of it
 */
export function progressOf(requestId, record) {
  const deliveries = (record?.Deliveries ?? []).filter((/** @type {any} */ one) => one.Outcome).map(delivery);
  return [
    element("p", { class: "line" }, badge(...stateOf(record)), timelineButton(requestId)),
    element("p", { class: "hint" }, "202, accepted: the caller gets no other answer."),
    deliveries.length > 0 && element("ul", { class: "plain-list" }, ...deliveries),
    record?.DeadLetter && deadLetter(record.DeadLetter),
  ];
}

/**
 * Return how far an event is: its tone, and in words.
 * @param {any} record
 * @returns {[string, string]}
 */
export function stateOf(record) {
  switch (record?.Status) {
    case undefined:
    case "waiting":
      return ["busy", "accepted"];
    case "running":
      return ["busy", `try ${record.Tries} of ${record.TriesAllowed} runs`];
    case "retrying":
      return ["bad", `try ${record.Tries} of ${record.TriesAllowed} failed`];
    case "succeeded":
      return ["good", `done after ${count(record.Tries, "try", "tries")}`];
    default:
      return ["bad", `failed after ${count(record.Tries, "try", "tries")}`];
  }
}

/**
 * Make the button that opens an invocation.
 * @param {string} requestId
 */
export function timelineButton(requestId) {
  return button("Timeline", () => openInvocation(requestId), { class: "quiet" });
}

/** @param {any} one a delivery */
function delivery({ ContactId, PhoneNumber, Outcome, Code, UpstreamCode }) {
  const who = [ContactId, PhoneNumber].filter(Boolean).join(" ");
  const cause = UpstreamCode ?? Code;
  return element(
    "li",
    {},
    badge(toneOf(Outcome), Outcome.replaceAll("_", " ")),
    ` ${who} `,
    element("span", { class: "hint" }, `${meaningOf(Outcome, Code)} `),
    cause && element("code", {}, cause),
  );
}

/** @param {number} number */
function deadLetter(number) {
  const link = button(`dead letter ${number}`, () => showLetter(number), { class: "link" });
  return element("p", {}, "It ended as ", link, ".");
}
