/** The events that failed for good, and how to send them back. */

import { announce, failureOf } from "/_console/announce.js";
import { get, post } from "/_console/api.js";
import { badge, byId, element, pretty, showList, time } from "/_console/elements.js";
import { showStoryOf } from "/_console/logs.js";
import { numbersAreWhole } from "/_console/numbers.js";

/** @type {() => Promise<unknown>} */
let look = async () => {};

/**
 * Let dead letters be sent back.
 * @param {() => Promise<unknown>} lookAgain
 */
export function startDeadLetters(lookAgain) {
  look = lookAgain;
}

/** Ask for the letters; whole ones only if whole numbers were asked for. */
export async function loadDeadLetters() {
  const { DeadLetters } = await get("/_serve/dead-letters");
  if (!numbersAreWhole()) {
    return DeadLetters;
  }
  const whole = (await get("/_serve/dead-letters?unmasked=1")).DeadLetters;
  const payloads = new Map(whole.map((/** @type {any} */ letter) => [letter.Number, letter.Letter.requestPayload]));
  return DeadLetters.map((/** @type {any} */ letter) => ({ ...letter, Payload: payloads.get(letter.Number) }));
}

/**
 * Show the letters.
 * @param {any[]} letters
 */
export function showDeadLetters(letters) {
  showList(byId("letters"), letters, card);
}

/** @param {any} letter */
function card(letter) {
  const { Number: number, Function: served, Letter: content, Payload: payload } = letter;
  const tries = content.requestContext.approximateInvokeCount;
  const redrive = async () => {
    const failure = await failureOf(async () => {
      await post(`/_serve/dead-letters/${number}/redrive`);
      await look();
    });
    announce(failure || `Dead letter ${number} was sent back`);
    byId("letters-heading").focus();
  };
  return element(
    "li",
    {},
    element(
      "p",
      { class: "line" },
      badge("bad", content.error.errorType ?? "failed"),
      element("span", { class: "hint" }, `number ${number}, after ${tries} ${tries === 1 ? "try" : "tries"}, `, time(content.timestamp)),
      element("button", { type: "button", "aria-label": `Send dead letter ${number} back`, onclick: redrive }, "Send back"),
    ),
    element("p", { class: "about" }, element("code", {}, served), `: ${content.error.errorMessage ?? "no message"}`),
    element("ul", { class: "list" }, ...content.deliveries.map(delivery)),
    payload === undefined ? null : wholeEvent(payload),
  );
}

/** @param {{ContactId: string, PhoneNumber: string}} asked the number is masked by the server */
function delivery({ ContactId, PhoneNumber }) {
  const story = () => showStoryOf(ContactId);
  const label = `Story of ${ContactId}`;
  return element(
    "li",
    {},
    element("button", { type: "button", class: "id", title: label, "aria-label": label, onclick: story }, ContactId),
    " ",
    element("span", { class: "number" }, PhoneNumber),
  );
}

/** @param {string} payload */
function wholeEvent(payload) {
  const box = element("pre", { tabindex: "0", role: "region", "aria-label": "The whole event" }, pretty(payload));
  return element("details", {}, element("summary", {}, "The whole event"), box);
}
