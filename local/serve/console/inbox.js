/** The inbox: every text and mail that a contact got. Its link verifies the number or the address, as in life. */

import { act } from "/_console/acts.js";
import { post, remove } from "/_console/api.js";
import { button, byId, contactId, element } from "/_console/elements.js";
import { time } from "/_console/formats.js";
import { showInvocationsOf } from "/_console/invocations_of.js";
import { isAtEnd, showList } from "/_console/lists.js";
import { lookNow } from "/_console/look.js";
import { allMessages, onMessages } from "/_console/messages_of.js";
import { onNumbers, shown } from "/_console/numbers.js";
import { openInvocation } from "/_console/open_invocation.js";

/** @typedef {import("/_console/messages_of.js").Message} Message */

const LINK = /https:\/\/\S+/;

/** Show the messages, the newest at the end, and let them be forgotten. */
export function startInbox() {
  onMessages(show);
  onNumbers(show);
  byId("clear-messages").addEventListener("click", (/** @type {any} */ pressed) =>
    act(pressed.currentTarget, async () => {
      await Promise.all([remove("/_emulator/messages"), remove("/_emulator/mails")]);
      await lookNow();
      return "All messages are forgotten. They count against the daily limits all the same.";
    }),
  );
}

function show() {
  const messages = allMessages();
  const list = byId("messages");
  const follow = isAtEnd(list.parentElement);
  showList(list, messages, row);
  byId("message-count").textContent = String(messages.length || "");
  byId("clear-messages").hidden = messages.length === 0;
  if (follow) {
    list.parentElement.scrollTop = list.parentElement.scrollHeight;
  }
}

/** @param {Message} message */
function row(message) {
  const { Channel: channel, ContactId: id, Target: target, RequestId: answer, Invocation: from } = message;
  return element(
    "li",
    { "data-message": answer },
    element(
      "p",
      { class: "to" },
      element(
        "span",
        { class: "line" },
        element("span", { class: "badge" }, channel),
        element("strong", { class: "number" }, shown(target)),
      ),
      time(message.SentAt),
    ),
    element("p", { class: "bubble" }, ...withLink(message)),
    element(
      "p",
      { class: "to" },
      contactId(id, showInvocationsOf),
      from &&
        button("Timeline", () => openInvocation(from), {
          class: "link",
          "aria-label": `Timeline of the ${channel} to ${id}`,
        }),
    ),
  );
}

/** @param {Message} message */
function withLink({ Channel: channel, ContactId: id, Target: target, Text: words }) {
  const url = LINK.exec(words)?.[0];
  if (!url) {
    return [words];
  }
  const [before, after] = words.split(url);
  const what = channel === "mail" ? "address" : "number";
  const follow = (/** @type {any} */ pressed) =>
    act(pressed.currentTarget, async () => {
      await post(`/_emulator/contacts/${encodeURIComponent(id)}/verify`, { Target: target });
      await lookNow();
      return `The ${what} of ${id} is verified`;
    });
  return [before, button(url, follow, { class: "link", title: `Verify the ${what}, as the contact would` }), after];
}
