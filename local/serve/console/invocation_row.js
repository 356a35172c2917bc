/** One invocation in the list: what it came to at a glance, and its timeline where it is open. */

import { element } from "/_console/elements.js";
import { between, count, duration, time } from "/_console/formats.js";
import { isFinished, outcomesOf } from "/_console/journal.js";
import { badge, toneOf } from "/_console/outcomes.js";

const SWEEP_COUNTS = ["sent", "skipped", "given_up", "failed", "left"];

/**
 * Return the texts of an invocation that a search looks into, in lower case.
 * @param {any} record
 */
export function searchable(record) {
  const parts = [
    record.RequestId,
    record.Function,
    record.Trigger,
    record.Async ? "async" : "sync",
    record.Status,
    record.Refusal,
  ];
  parts.push(
    record.Error?.Type,
    record.Cause?.RequestId,
    record.SentBackAs,
    ...outcomesOf(record).map(([outcome]) => outcome),
  );
  if (record.DeadLetter) {
    parts.push(`dead letter ${record.DeadLetter}`);
  }
  for (const one of record.Deliveries) {
    parts.push(one.ContactId, one.PhoneNumber, one.Code, one.UpstreamCode, one.ApiRequestId);
  }
  return parts.filter(Boolean).join("\n").toLowerCase();
}

/**
 * Return the parts of its row: outcome, whom it is about, time, and how it came and went.
 * @param {any} record
 */
export function partsOf(record) {
  const ended = record.FinishedAt ? duration(between(record.AcceptedAt, record.FinishedAt)) : "";
  return [
    element("span", { class: "r-outcome" }, ...signs(record)),
    element("span", { class: "r-who" }, ...subject(record)),
    element("span", { class: "r-time" }, time(record.AcceptedAt)),
    element(
      "span",
      { class: "r-how" },
      element("span", { class: "r-trigger" }, record.Async ? `${record.Trigger}, async` : record.Trigger),
      element("span", { class: "r-function" }, record.Function),
    ),
    element(
      "span",
      { class: "r-tries" },
      ...marks(record),
      element("span", {}, record.Tries === 0 ? "not tried" : count(record.Tries, "try", "tries")),
    ),
    element("span", { class: "r-ms figure" }, ended),
  ];
}

/** @param {any} record */
function signs(record) {
  if (!isFinished(record)) {
    return [badge("busy", record.Status)];
  }
  const outcomes = outcomesOf(record);
  const several = record.Deliveries.length > 1;
  return outcomes.map(([outcome, number]) =>
    badge(toneOf(outcome), `${several ? `${number} ` : ""}${outcome.replaceAll("_", " ")}`),
  );
}

/** @param {any} record */
function subject(record) {
  const { Deliveries: all, Sweep: sweep } = record;
  if (sweep) {
    return [element("span", { class: "r-name" }, "sweep"), element("span", { class: "r-number" }, sweepInWords(sweep))];
  }
  if (all.length === 1) {
    const [one] = all;
    return [
      element("span", { class: "r-name id" }, one.ContactId ?? "no contact"),
      element("span", { class: "r-number" }, one.PhoneNumber ?? one.EmailAddress ?? "no number"),
    ];
  }
  if (all.length > 1) {
    const contacts = new Set(all.map((/** @type {any} */ one) => one.ContactId)).size;
    return [
      element("span", { class: "r-name" }, count(all.length, "request")),
      element("span", { class: "r-number" }, `of ${count(contacts, "contact")}`),
    ];
  }
  const isSweep = record.Trigger === "timer" && !record.Error;
  return [
    element("span", { class: "r-name" }, record.Error?.Type ?? record.Refusal ?? (isSweep ? "sweep" : "no request")),
  ];
}

/**
 * Say what a sweep came to: `1 sent, 2 skipped`.
 * @param {any} sweep
 */
export function sweepInWords(sweep) {
  const counts = SWEEP_COUNTS.filter((name) => sweep[name]).map((name) => `${sweep[name]} ${name.replace("_", " ")}`);
  const none = sweep.code ? `could not list: ${sweep.code}` : "nothing pending";
  const words = counts.join(", ") || (sweep.pending ? `${sweep.pending} pending` : none);
  const dry = sweep.dry_run ? "dry run: " : "";
  return `${dry}${words}${sweep.stopped_by ? `, stopped by ${sweep.stopped_by}` : ""}`;
}

/** @param {any} record */
function marks(record) {
  return [
    record.DeadLetter && mark("✉", record.SentBackAs ? "its dead letter was sent back" : "ended as a dead letter"),
    record.Cause?.Kind === "dead_letter" && mark("↺", "a dead letter that was sent back"),
    record.Cause?.Kind === "replay" && mark("↻", "a replay"),
  ].filter(Boolean);
}

/**
 * @param {string} glyph
 * @param {string} text
 */
function mark(glyph, text) {
  return element(
    "span",
    { class: "mark", title: text },
    element("span", { "aria-hidden": "true" }, glyph),
    element("span", { class: "visually-hidden" }, text),
  );
}
