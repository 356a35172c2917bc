/** What is served: where it listens, the functions, the timer; and how to begin anew. */

import { act } from "/_console/acts.js";
import { post } from "/_console/api.js";
import { copy } from "/_console/clipboard.js";
import { button, byId, element } from "/_console/elements.js";
import { count, duration, parsed } from "/_console/formats.js";
import { sweepInWords } from "/_console/invocation_row.js";
import { invocation } from "/_console/journal.js";
import { showList } from "/_console/lists.js";
import { lookNow } from "/_console/look.js";
import { openUnlessLeft } from "/_console/open_invocation.js";
import { complain } from "/_console/toasts.js";

/** In the order in which they are shown. @type {Record<string, string>} */
const LABELS = {
  http_trigger: "HTTP trigger",
  api_gateway: "API gateway",
  invoke_api: "Invoke API",
  emulator: "Resource Directory",
  cloud_native_gateway: "Cloud-native gateway",
};

/**
 * Show the state.
 * @param {any} state
 */
export function showState(state) {
  const order = Object.keys({ ...LABELS, ...state.Endpoints }).filter((name) => state.Endpoints[name]);
  showList(
    byId("endpoints"),
    order.map((name) => /** @type {[string, string]} */ ([name, state.Endpoints[name]])),
    endpoint,
  );
  const triggers = { [state.HttpFunction]: "HTTP trigger", [state.TimerFunction]: "timer" };
  const functions = state.Functions.map((/** @type {any} */ served) => ({ ...served, trigger: triggers[served.Name] }));
  showList(byId("functions"), functions, servedFunction);
  const waiting = state.EventsWaiting;
  byId("events-waiting").textContent =
    `${waiting} ${waiting === 1 ? "event waits" : "events wait"}. The context is that of ${state.Runtime}.`;
  byId("no-store").hidden = state.Store;
  byId("next-run").textContent = state.NextRun ? moment(new Date(state.NextRun)) : "–";
}

/** Let the timer be fired by its button, and all be reset. */
export function startState() {
  byId("run-now").addEventListener("click", (/** @type {any} */ pressed) =>
    act(pressed.currentTarget, async () => {
      const openIt = openUnlessLeft();
      const { RequestId, Failed, Payload } = await post("/_serve/tick");
      await lookNow();
      openIt(RequestId);
      if (Failed) {
        complain(`The sweep failed: ${parsed(Payload)?.errorType ?? "no answer"}`);
        return undefined;
      }
      const sweep = invocation(RequestId)?.Sweep;
      return `Sweep finished: ${sweep ? sweepInWords(sweep) : "done"}`;
    }),
  );
  byId("reset").addEventListener("click", (/** @type {any} */ pressed) =>
    act(pressed.currentTarget, async () => {
      await post("/_serve/reset");
      byId("reset-box").hidePopover();
      await lookNow();
      return "All is as at the start";
    }),
  );
}

/** @param {[string, string]} shown */
function endpoint([name, url]) {
  const label = LABELS[name] ?? name.replaceAll("_", " ");
  const copied = () => copy(url, `Copied the URL of ${label}`);
  return element(
    "div",
    {},
    element("dt", {}, label),
    element(
      "dd",
      {},
      element("code", {}, url),
      button("Copy", copied, { class: "quiet", "aria-label": `Copy the URL of ${label}` }),
    ),
  );
}

/** @param {any} served */
function servedFunction(served) {
  const facts = [served.trigger, count(served.Instances, "instance"), count(served.Retries, "retry", "retries")]
    .filter(Boolean)
    .join(", ");
  return element("li", {}, element("code", {}, served.Name), element("p", { class: "muted" }, facts));
}

/** @param {Date} date */
function moment(date) {
  const clock = date.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZoneName: "short" });
  const minutes = Math.max(0, Math.round((date.getTime() - Date.now()) / 60_000));
  return `${clock}, in ${minutes < 60 ? `${minutes} min` : duration(minutes * 60_000)}`;
}
