/** One line of the log: read, and made into a row. */

import { element } from "/_console/elements.js";
import { parsed, pretty, time } from "/_console/formats.js";
import { jsonBox } from "/_console/json_colours.js";
import { badge, toneOf } from "/_console/outcomes.js";

/** @type {Record<string, string>} */
const LEVELS = { INFO: "plain", WARNING: "warn", ERROR: "bad", CRITICAL: "bad" };
const SUMS = ["EventFailed", "EventRejected"];

/**
 * @typedef {object} Entry
 * @property {any} line as the server told it
 * @property {any} fields those of a line of the function's; null for one of the platform's
 * @property {boolean} saysMore it is the function's, and not only the sum of the lines before it
 * @property {string} text in lower case, for the search
 */

/**
 * Read a line.
 * @param {any} line
 * @returns {Entry}
 */
export function entryOf(line) {
  const fields = line.Text.startsWith("{") ? parsed(line.Text) : undefined;
  const text = `${line.Text}\n${line.RequestId}\n${line.Function}`.toLowerCase();
  const own = typeof fields?.message === "string" ? fields : null;
  const sum = own?.message === "event failed" && SUMS.includes(own.code);
  return { line, fields: own, saysMore: own !== null && !sum, text };
}

/**
 * Make the row of a line; one of the function's opens to its JSON.
 * @param {Entry} entry
 */
export function row({ line, fields }) {
  if (!fields) {
    return element("li", { class: "platform" }, time(line.At), element("code", {}, line.Text));
  }
  const outcome = / verification$/.test(fields.message) && fields.outcome;
  const sign = outcome
    ? badge(toneOf(outcome), String(outcome).replaceAll("_", " "))
    : badge(LEVELS[fields.level] ?? "plain", fields.message);
  const about = [
    fields.contact_id,
    fields.phone_number ?? fields.email_address,
    fields.code,
    fields.upstream_code,
    fields.reason ?? fields.warning,
  ]
    .filter(Boolean)
    .join(" ");
  const summary = element(
    "summary",
    {},
    time(fields.timestamp ?? line.At),
    sign,
    element("span", { class: "about" }, about),
    element("span", { class: "muted from" }, line.Function),
  );
  const details = element("details", {}, summary);
  details.addEventListener("toggle", () => {
    if (details.open && details.children.length === 1) {
      details.append(jsonBox(pretty(line.Text), "The whole line"));
      details.scrollIntoView({ block: "nearest" });
    }
  });
  return element("li", {}, details);
}
