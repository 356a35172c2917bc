/** The events that failed for good: why each did, and whether its contacts were helped since. */

import { act } from "/_console/acts.js";
import { get } from "/_console/api.js";
import { isVerified, onContacts } from "/_console/contacts_of.js";
import { button, byId, contactId, element, facts } from "/_console/elements.js";
import { onFilter, searchMatcher } from "/_console/filter.js";
import { count, time } from "/_console/formats.js";
import { showMessage } from "/_console/go_to.js";
import { showInvocationsOf } from "/_console/invocations_of.js";
import { invocation, onInvocations } from "/_console/journal.js";
import { jsonBox } from "/_console/json_colours.js";
import { letterActions } from "/_console/letter_actions.js";
import { showList } from "/_console/lists.js";
import { lastTextSince, onMessages } from "/_console/messages_of.js";
import { numbersAreWhole, onNumbers } from "/_console/numbers.js";
import { openInvocation } from "/_console/open_invocation.js";
import { badge, meaningOf, toneOf } from "/_console/outcomes.js";

/**
 * @typedef {object} Request one that a letter holds
 * @property {string} ContactId
 * @property {string} PhoneNumber masked by the server
 * @property {any} [last] what the last try said of it
 * @property {{RequestId: string, SentAt: string} | undefined} text one that reached the number all the same
 * @property {boolean} verified
 */

/** @type {any[]} */
let shownLetters = [];

/** Let dead letters be searched. */
export function startDeadLetters() {
  const again = () => showDeadLetters(shownLetters);
  onNumbers(again);
  onInvocations(again);
  onMessages(again);
  onContacts(again);
  onFilter(filter);
}

/**
 * Show the letters, the newest first.
 * @param {any[]} letters
 */
export function showDeadLetters(letters) {
  shownLetters = letters;
  const items = [...letters].reverse().map((letter) => ({ letter, requests: requestsOf(letter.Letter) }));
  showList(byId("letters"), items, card);
  byId("letter-count").textContent = String(letters.length || "");
  byId("letter-count").classList.toggle("alarm", !items.every(({ requests }) => isHealed(requests)));
  filter();
}

function filter() {
  const matches = searchMatcher();
  for (const item of byId("letters").children) {
    item.hidden = !matches(item.textContent.toLowerCase());
  }
}

/**
 * Return the requests in a letter, each with what is known of it now.
 * @param {any} content
 * @returns {Request[]}
 */
function requestsOf({ deliveries, requestContext: { requestId }, timestamp }) {
  const said = invocation(requestId)?.Deliveries ?? [];
  const isAbout = (/** @type {any} */ one, /** @type {any} */ asked) =>
    (one.ContactId ?? "invalid") === asked.ContactId && (one.PhoneNumber ?? "invalid") === asked.PhoneNumber;
  return deliveries.map((/** @type {any} */ asked) => {
    const text = lastTextSince(asked, timestamp, requestId);
    return {
      ...asked,
      last: said.find((/** @type {any} */ one) => isAbout(one, asked)),
      text: text && { RequestId: text.RequestId, SentAt: text.SentAt },
      verified: isVerified(asked),
    };
  });
}

/** @param {Request[]} requests */
function isHealed(requests) {
  return requests.length > 0 && requests.every(({ text, verified }) => text || verified);
}

/** @param {{letter: any, requests: Request[]}} item */
function card({ letter: { Number: number, Function: served, Letter: content }, requests }) {
  const { errorType, errorMessage } = content.error;
  const explained = requests.some(({ last }) => last?.Code);
  const tries = content.requestContext.approximateInvokeCount;
  const requestId = content.requestContext.requestId;
  const inside = element("div", {});
  const look = (/** @type {any} */ pressed) => act(pressed.currentTarget, () => toggle(number, inside));
  return element(
    "li",
    { "data-number": number },
    element(
      "p",
      { class: "line" },
      element("strong", {}, `Dead letter ${number}`),
      isHealed(requests) ? badge("good", "healed") : badge("bad", errorType ?? "failed"),
      element("span", { class: "muted" }, `after ${count(tries, "try", "tries")}, `, time(content.timestamp)),
    ),
    element(
      "p",
      { class: "hint" },
      element("code", {}, served),
      " ",
      button("Timeline", () => openInvocation(requestId), { class: "link" }),
    ),
    !explained && errorMessage && element("p", {}, errorMessage),
    element("ul", { class: "plain-list" }, ...requests.map(request)),
    isHealed(requests) && element("p", { class: "hint" }, "Nothing is left to do: discard it. Sending it back may send another text."),
    ...letterActions(number, look),
    inside,
  );
}

/** @param {Request} asked */
function request({ ContactId, PhoneNumber, last, text, verified }) {
  return element(
    "li",
    {},
    element(
      "p",
      { class: "line" },
      last?.Outcome && badge(toneOf(last.Outcome), last.Outcome.replaceAll("_", " ")),
      contactId(ContactId, showInvocationsOf),
      element("span", { class: "number" }, PhoneNumber),
    ),
    last?.Outcome && element("p", {}, meaningOf(last.Outcome, last.Code)),
    facts([
      ["The API said", last?.UpstreamCode],
      ["Code", last?.Code],
    ]),
    text && healedBy(text),
    verified && element("p", { class: "line" }, badge("good", "verified")),
  );
}

/** @param {{RequestId: string, SentAt: string}} text */
function healedBy({ RequestId, SentAt }) {
  const link = button("", () => showMessage(RequestId), { class: "link" });
  link.append("Text of ", time(SentAt));
  return element("p", { class: "line" }, badge("good", "texted"), link);
}

/**
 * Show what is in a letter, or hide it again: whole only where whole numbers were asked for.
 * @param {number} number
 * @param {HTMLElement} inside
 */
async function toggle(number, inside) {
  if (inside.children.length) {
    inside.replaceChildren();
    return;
  }
  const { Letter } = await get(`/_serve/dead-letters/${number}${numbersAreWhole() ? "?unmasked=1" : ""}`);
  inside.replaceChildren(jsonBox(JSON.stringify(Letter, null, 2), `Dead letter ${number}`));
}
