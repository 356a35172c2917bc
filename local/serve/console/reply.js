/** What came of the invocation that this page asked for. */

import { inWords } from "/_console/acts.js";
import { Unreachable } from "/_console/api.js";
import { onBack } from "/_console/connection.js";
import { byId, button, element, facts } from "/_console/elements.js";
import { progressOf, stateOf, timelineButton } from "/_console/event_progress.js";
import { parsed, pretty } from "/_console/formats.js";
import { invocation, isFinished, onInvocations } from "/_console/journal.js";
import { jsonBox } from "/_console/json_colours.js";
import { newContact } from "/_console/new_contact.js";
import { badge, meaningOf } from "/_console/outcomes.js";
import { announce } from "/_console/toasts.js";

/** The request id of the event that is followed, empty where none is. */
let followed = "";

/** Let the reply be shown, and an event be followed. */
export function startReply() {
  onBack(() => byId("reply").querySelector(".outage") && clear());
  onInvocations((changed) => {
    if (changed === null) {
      clear();
    } else if (changed.some((record) => record.RequestId === followed)) {
      showProgress();
    }
  });
}

/**
 * Take back the last reply, and show that the function runs; return what ends that.
 * @param {string} served
 */
export function showRunning(served) {
  followed = "";
  const started = performance.now();
  const seconds = element("span", { class: "muted figure", "aria-hidden": "true" });
  const tick = () => (seconds.textContent = `${((performance.now() - started) / 1000).toFixed(1)} s`);
  tick();
  show(element("p", { class: "line" }, badge("busy", "running"), element("code", {}, served), seconds));
  byId("reply").setAttribute("aria-busy", "true");
  const timer = setInterval(tick, 100);
  return () => {
    clearInterval(timer);
    byId("reply").removeAttribute("aria-busy");
  };
}

/**
 * Show what a function answered.
 * @param {{RequestId: string, Failed: boolean, Payload: string}} answer
 */
export function showReply(answer) {
  const { tone, said, shownFirst, body } = read(answer.Payload, answer.Failed);
  show(
    element("p", { class: "line" }, badge(tone, said), timelineButton(answer.RequestId)),
    hintOn(answer.Payload),
    facts(shownFirst),
    jsonBox(pretty(body), "Body"),
    body !== answer.Payload && whole(answer.Payload),
  );
  announce([said, ...shownFirst.map(([name, value]) => `${name}: ${value}`)].join(". "));
}

/**
 * Show that an event was accepted, and follow it to its end.
 * @param {{RequestId: string}} answer
 */
export function showAccepted(answer) {
  followed = answer.RequestId;
  showProgress();
}

/**
 * Show why there is no reply.
 * @param {unknown} error of the call
 */
export function showFailure(error) {
  const message = inWords(error);
  const outage = error instanceof Unreachable ? "outage" : "";
  show(
    element("p", { class: "line" }, badge("bad", "Not invoked")),
    element("p", { class: `error ${outage}` }, message),
  );
  announce(message);
}

/**
 * @param {string} payload
 * @param {boolean} failed
 * @returns {{tone: string, said: string, shownFirst: [string, string][], body: string}}
 */
function read(payload, failed) {
  const value = parsed(payload);
  if (failed) {
    return {
      tone: "bad",
      said: "The function failed",
      shownFirst: factsOf({ Code: value?.errorType, Message: value?.errorMessage }),
      body: payload,
    };
  }
  if (value?.statusCode === undefined) {
    return { tone: "good", said: "The function succeeded", shownFirst: [], body: payload };
  }
  const status = Number(value.statusCode);
  const tone = status < 400 ? "good" : "bad";
  return { tone, said: `HTTP ${status}`, shownFirst: factsOf(parsed(value.body) ?? {}), body: String(value.body ?? "") };
}

/**
 * @param {Record<string, unknown>} document
 * @returns {[string, string][]}
 */
function factsOf(document) {
  return ["Code", "Message", "RequestId"]
    .filter((name) => document[name] !== undefined)
    .map((name) => [name, String(document[name])]);
}

/** @param {string} payload */
function hintOn(payload) {
  const reply = parsed(payload);
  const repeated =
    reply?.headers?.["Idempotency-Replayed"] === "true" ||
    reply?.Results?.some?.((/** @type {any} */ one) => one.Status === "duplicate");
  return (
    repeated &&
    element(
      "p",
      { class: "hint" },
      `${meaningOf("duplicate", null)} `,
      button("Use a new contact", (event) => newContact(event.currentTarget), { class: "link" }),
    )
  );
}

/** @param {string} payload */
function whole(payload) {
  return element(
    "details",
    {},
    element("summary", {}, "All that it returned"),
    jsonBox(pretty(payload), "All that it returned"),
  );
}

function showProgress() {
  const record = invocation(followed);
  show(...progressOf(followed, record));
  if (record && isFinished(record)) {
    announce(stateOf(record)[1]);
    followed = "";
  }
}

function clear() {
  followed = "";
  show(element("p", { class: "empty" }, "What the function answers is shown here."));
}

/** @param {...any} parts */
function show(...parts) {
  byId("reply").replaceChildren(...parts.filter(Boolean));
}
