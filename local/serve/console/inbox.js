/** The phone: every text that a contact got. Its link verifies the number, as in life. */

import { act } from "/_console/acts.js";
import { post, remove } from "/_console/api.js";
import { button, byId, contactId, element } from "/_console/elements.js";
import { time } from "/_console/formats.js";
import { showInvocationsOf } from "/_console/invocations_of.js";
import { isAtEnd, showList } from "/_console/lists.js";
import { lookNow } from "/_console/look.js";
import { onNumbers, shown } from "/_console/numbers.js";
import { openInvocation } from "/_console/open_invocation.js";
import { takeTexts } from "/_console/texts_of.js";

const LINK = /https:\/\/\S+/;

/** @type {any[]} */
let shownTexts = [];

/** Let the texts be forgotten. */
export function startInbox() {
  onNumbers(() => showTexts(shownTexts));
  byId("clear-texts").addEventListener("click", (/** @type {any} */ pressed) =>
    act(pressed.currentTarget, async () => {
      await remove("/_emulator/messages");
      await lookNow();
      return "The texts are forgotten. They count against the daily limit all the same.";
    }),
  );
}

/**
 * Show the texts, the newest at the end.
 * @param {any[]} texts
 */
export function showTexts(texts) {
  shownTexts = texts;
  const list = byId("texts");
  const follow = isAtEnd(list.parentElement);
  showList(list, texts, text);
  byId("text-count").textContent = String(texts.length || "");
  byId("clear-texts").hidden = texts.length === 0;
  if (follow) {
    list.parentElement.scrollTop = list.parentElement.scrollHeight;
  }
  takeTexts(texts);
}

/** @param {any} sent */
function text(sent) {
  const { ContactId: id, PhoneNumber: number, Text: words, RequestId: answer, Invocation: from } = sent;
  return element(
    "li",
    { "data-text": answer },
    element(
      "p",
      { class: "to" },
      element("span", {}, "to ", element("strong", { class: "number" }, shown(number))),
      time(sent.SentAt),
    ),
    element("p", { class: "bubble" }, ...withLink(words, id, number)),
    element(
      "p",
      { class: "to" },
      contactId(id, showInvocationsOf),
      from &&
        button("Timeline", () => openInvocation(from), {
          class: "link",
          "aria-label": `Timeline of the text to ${id}`,
        }),
    ),
  );
}

/**
 * @param {string} words
 * @param {string} id
 * @param {string} number
 */
function withLink(words, id, number) {
  const url = LINK.exec(words)?.[0];
  if (!url) {
    return [words];
  }
  const [before, after] = words.split(url);
  const follow = (/** @type {any} */ pressed) => act(pressed.currentTarget, () => verify(id, number));
  return [before, button(url, follow, { class: "link", title: "Verify the number, as the contact would" }), after];
}

/**
 * @param {string} id
 * @param {string} number
 */
async function verify(id, number) {
  await post(`/_emulator/contacts/${encodeURIComponent(id)}/verify`, { Target: number });
  await lookNow();
  return `The number of ${id} is verified`;
}
