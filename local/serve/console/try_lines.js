/** The log lines of one try, as its timeline shows them: each thing once, in words. */

import { contactId, element, facts } from "/_console/elements.js";
import { count, duration, parsed } from "/_console/formats.js";
import { sweepInWords } from "/_console/invocation_row.js";
import { showInvocationsOf } from "/_console/invocations_of.js";
import { badge, meaningOf, toneOf } from "/_console/outcomes.js";

const PLATFORM = /^FC (Initialize|Invoke) (Start|End) RequestId: /;
const ERROR_DOCUMENT = /^\S+Z \S+ \[ERROR\] \{/;
/** @type {Record<string, string>} */
const LEVELS = { WARNING: "warn", ERROR: "bad", CRITICAL: "bad" };

/**
 * Make what there is to see of a line; null where the try itself says it: how it began and how it ended.
 * @param {string} text
 * @param {boolean} failed whether the try failed
 * @returns {HTMLElement | null}
 */
export function lineOf(text, failed) {
  const fields = text.startsWith("{") ? parsed(text) : undefined;
  if (typeof fields?.message !== "string") {
    const said = PLATFORM.test(text) || (failed && ERROR_DOCUMENT.test(text));
    return said || !text.trim() ? null : element("li", { class: "printed" }, element("code", {}, text));
  }
  switch (fields.message) {
    case "phone verification":
    case "email verification":
      return verification(fields);
    case "sweep finished":
      return element("li", {}, badge(fields.level === "ERROR" ? "bad" : "plain", "sweep"), ` ${sweepInWords(fields)}`);
    case "event failed":
      return failed ? null : other(fields);
    default:
      return other(fields);
  }
}

/** @param {any} fields */
function verification(fields) {
  const place = fields.batch_size > 1 ? `${fields.delivery_index + 1} of ${fields.batch_size}` : "";
  const calls = fields.attempts ? count(fields.attempts, "call") : "no call";
  return element(
    "li",
    { class: "delivery" },
    element(
      "p",
      { class: "line" },
      badge(toneOf(fields.outcome), String(fields.outcome).replaceAll("_", " ")),
      contactId(fields.contact_id ?? null, showInvocationsOf),
      element("span", { class: "number" }, fields.phone_number ?? fields.email_address ?? "no number"),
      element("span", { class: "muted" }, place),
    ),
    element("p", {}, meaningOf(fields.outcome, fields.code)),
    facts([
      ["Code", fields.code],
      ["The API said", fields.upstream_code],
      ["Reason", fields.reason],
      ["Warning", fields.warning],
      ["RequestId", fields.api_request_id],
      ["API", `${calls}, ${duration(fields.duration_ms)}`],
    ]),
  );
}

/** @param {any} fields */
function other(fields) {
  const item = element(
    "li",
    {},
    element(
      "p",
      { class: "line" },
      badge(LEVELS[fields.level] ?? "plain", fields.message),
      fields.contact_id && contactId(fields.contact_id, showInvocationsOf),
    ),
  );
  item.append(
    facts([
      ["Number", fields.phone_number],
      ["Code", fields.code],
      ["The API said", fields.upstream_code],
      ["Reason", fields.reason],
      ["Warning", fields.warning],
      ["RequestId", fields.api_request_id],
      ["Exception", fields.exception_name],
    ]),
  );
  if (fields.exception) {
    item.append(
      element(
        "details",
        { "data-name": "trace" },
        element("summary", {}, "Trace"),
        element("pre", { tabindex: "0" }, fields.exception),
      ),
    );
  }
  return item;
}
