/** The events that failed for good. */

import { act } from "/_console/acts.js";
import { get } from "/_console/api.js";
import { button, byId, contactId, element } from "/_console/elements.js";
import { onFilter, searchMatcher } from "/_console/filter.js";
import { count, time } from "/_console/formats.js";
import { showInvocationsOf } from "/_console/invocations_of.js";
import { jsonBox } from "/_console/json_colours.js";
import { letterActions } from "/_console/letter_actions.js";
import { showList } from "/_console/lists.js";
import { numbersAreWhole, onNumbers } from "/_console/numbers.js";
import { openInvocation } from "/_console/open_invocation.js";
import { badge } from "/_console/outcomes.js";

/** @type {any[]} */
let shownLetters = [];

/** Let dead letters be searched. */
export function startDeadLetters() {
  onNumbers(() => showDeadLetters(shownLetters));
  onFilter(filter);
}

/**
 * Show the letters, the newest first.
 * @param {any[]} letters
 */
export function showDeadLetters(letters) {
  shownLetters = letters;
  showList(byId("letters"), [...letters].reverse(), card);
  byId("letter-count").textContent = String(letters.length || "");
  byId("letter-count").classList.toggle("alarm", letters.length > 0);
  filter();
}

function filter() {
  const matches = searchMatcher();
  for (const item of byId("letters").children) {
    item.hidden = !matches(item.textContent.toLowerCase());
  }
}

/** @param {any} letter */
function card({ Number: number, Function: served, Letter: content }) {
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
      badge("bad", content.error.errorType ?? "failed"),
      element("strong", {}, `Dead letter ${number}`),
      element("span", { class: "muted" }, `after ${count(tries, "try", "tries")}, `, time(content.timestamp)),
    ),
    element(
      "p",
      { class: "hint" },
      element("code", {}, served),
      " ",
      button("Timeline", () => openInvocation(requestId), { class: "link" }),
    ),
    element("ul", { class: "plain-list" }, ...content.deliveries.map(delivery)),
    ...letterActions(number, look),
    inside,
  );
}

/** @param {{ContactId: string, PhoneNumber: string}} asked the number is masked by the server */
function delivery({ ContactId, PhoneNumber }) {
  return element(
    "li",
    { class: "line" },
    contactId(ContactId, showInvocationsOf),
    element("span", { class: "number" }, PhoneNumber),
  );
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
