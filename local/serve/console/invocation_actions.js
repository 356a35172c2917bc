/** What may be done with an invocation: again, again with another event, elsewhere. */

import { act } from "/_console/acts.js";
import { get, post } from "/_console/api.js";
import { copy, save } from "/_console/clipboard.js";
import { button, element } from "/_console/elements.js";
import { writeEvent } from "/_console/events.js";
import { pretty } from "/_console/formats.js";
import { lookNow } from "/_console/look.js";
import { openUnlessLeft } from "/_console/open_invocation.js";
import { curlOf, fcapiOf } from "/_console/shell_commands.js";

const WHOLE = "with the whole numbers in it";

/**
 * Make the buttons for an invocation.
 * @param {any} record
 */
export function actions(record) {
  const path = `/_serve/invocations/${encodeURIComponent(record.RequestId)}`;
  const event = async () => (await get(`${path}/event?unmasked=1`)).Event;
  const of = (/** @type {(pressed: any) => Promise<string | void>} */ action) => (/** @type {any} */ pressed) =>
    act(pressed.currentTarget, () => action(pressed));
  const replay = of(async () => {
    const openIt = openUnlessLeft();
    const { RequestId } = await post(`${path}/replay`);
    await lookNow();
    openIt(RequestId);
    return "Replayed";
  });
  const edit = of(async () => writeEvent(pretty(await event()), record.Function));
  const copied = (/** @type {(event: string) => string | Promise<string>} */ text, /** @type {string} */ what) =>
    of(async () => copy(await text(await event()), `Copied ${what}, ${WHOLE}`));
  return element(
    "div",
    { class: "story-actions" },
    button("Replay", replay),
    button("Edit and replay", edit),
    element("span", { class: "muted", "aria-hidden": "true" }, "Copy as"),
    button(
      "curl",
      copied(async (text) => curlOf(record, text, await get("/_serve/state")), "a curl command"),
      { "aria-label": "Copy as curl" },
    ),
    button(
      "fcapi",
      copied((text) => fcapiOf(record, text), "an fcapi command"),
      { "aria-label": "Copy as fcapi" },
    ),
    button(
      "event",
      copied((text) => text, "the event"),
      { "aria-label": "Copy as event" },
    ),
    button(
      "Save event",
      of(async () => save(`event-${record.RequestId}.json`, "application/json", await event())),
    ),
    element("p", { class: "hint request-id" }, "Request id ", element("code", {}, record.RequestId)),
  );
}
