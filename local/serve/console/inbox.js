/** The phone: every text that a contact got. */

import { announce, failureOf } from "/_console/announce.js";
import { remove } from "/_console/api.js";
import { byId, element, isAtEnd, showList, time } from "/_console/elements.js";
import { showStoryOf } from "/_console/logs.js";
import { shown } from "/_console/numbers.js";

/**
 * Show the texts, the newest at the end.
 * @param {any[]} messages
 */
export function showTexts(messages) {
  const list = byId("texts");
  const follow = isAtEnd(list.parentElement);
  showList(list, messages, text);
  byId("clear-texts").hidden = messages.length === 0;
  if (follow) {
    list.parentElement.scrollTop = list.parentElement.scrollHeight;
  }
}

/**
 * Let the texts be forgotten.
 * @param {() => Promise<unknown>} look
 */
export function startInbox(look) {
  byId("clear-texts").addEventListener("click", async () => {
    const failure = await failureOf(async () => {
      await remove("/_emulator/messages");
      await look();
    });
    announce(failure || "The texts are forgotten. They count against the daily limit all the same.");
    byId("phone-heading").focus();
  });
}

/** @param {any} message */
function text(message) {
  const id = message.ContactId;
  const label = `Story of ${id}`;
  return element(
    "li",
    {},
    element(
      "p",
      { class: "to" },
      element("span", {}, "to ", element("strong", { class: "number" }, shown(message.PhoneNumber))),
      time(message.SentAt),
    ),
    element("p", { class: "bubble" }, message.Text),
    element("button", { type: "button", class: "id", title: label, "aria-label": label, onclick: () => showStoryOf(id) }, id),
  );
}
