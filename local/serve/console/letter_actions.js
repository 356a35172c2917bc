/** What may be done with a dead letter. */

import { act } from "/_console/acts.js";
import { get, post, remove } from "/_console/api.js";
import { save } from "/_console/clipboard.js";
import { button, element } from "/_console/elements.js";
import { lookNow } from "/_console/look.js";
import { openUnlessLeft } from "/_console/open_invocation.js";

/**
 * Make the buttons that act on a letter.
 * @param {number} number
 * @param {(pressed: any) => unknown} look shows the letter, or what is in it
 */
export function letterActions(number, look) {
  const path = `/_serve/dead-letters/${number}`;
  const sendBack = (/** @type {any} */ pressed) =>
    act(pressed.currentTarget, async () => {
      const openIt = openUnlessLeft();
      const { RequestId } = await post(`${path}/redrive`);
      await lookNow();
      openIt(RequestId);
      return `Dead letter ${number} was sent back`;
    });
  const discard = (/** @type {any} */ pressed) =>
    act(pressed.currentTarget, async () => {
      await remove(path);
      await lookNow();
      return `Dead letter ${number} was discarded`;
    });
  const exportIt = (/** @type {any} */ pressed) =>
    act(pressed.currentTarget, async () => {
      const { Letter } = await get(`${path}?unmasked=1`);
      save(`dead-letter-${number}.json`, "application/json", `${JSON.stringify(Letter, null, 2)}\n`);
    });
  const of = `dead letter ${number}`;
  return [
    element(
      "p",
      { class: "actions" },
      button("Send back", sendBack, { "aria-label": `Send ${of} back` }),
      button("Look", look, { "aria-label": `Look into ${of}`, class: "quiet" }),
      button("Export", exportIt, { "aria-label": `Export ${of}`, class: "quiet" }),
      button("Discard", discard, { "aria-label": `Discard ${of}`, class: "quiet" }),
    ),
  ];
}
