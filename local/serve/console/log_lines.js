/** One line of the log: read, and made into a row. */

import { badge, element, pretty, time } from "/_console/elements.js";

const TONES = {
  sent: "good",
  duplicate: "plain",
  ignored: "plain",
  in_progress: "open",
  unknown: "open",
  rejected: "warn",
  failed: "bad",
};
const LEVELS = { INFO: "plain", WARNING: "warn", ERROR: "bad", CRITICAL: "bad" };
const COUNTS = ["pending", "sent", "skipped", "given_up", "failed", "left"];

/**
 * @typedef {object} Entry
 * @property {number} number
 * @property {string} text
 * @property {string} served the function that wrote it
 * @property {any} fields those of a line of the function's; null for one of the platform's
 */

/**
 * Read a line.
 * @param {any} line
 * @returns {Entry}
 */
export function entryOf(line) {
  const entry = { number: line.Number, text: line.Text, served: line.Function };
  try {
    const fields = JSON.parse(line.Text);
    return { ...entry, fields: typeof fields?.message === "string" ? fields : null };
  } catch {
    return { ...entry, fields: null };
  }
}

/**
 * Make the row of a line.
 * @param {Entry} entry
 * @param {(contactId: string) => void} showStory
 */
export function row(entry, showStory) {
  const { fields } = entry;
  if (!fields) {
    return element("li", { class: "platform" }, element("code", {}, entry.text));
  }
  const contact = fields.contact_id;
  const story = () => showStory(contact);
  const summary = fields.message === "phone verification";
  const sign = summary ? badge(TONES[fields.outcome] ?? "plain", fields.outcome) : badge(LEVELS[fields.level] ?? "plain", fields.message);
  const title = element("p", { class: "line" }, time(fields.timestamp), sign);
  if (contact) {
    const label = `Story of ${contact}`;
    title.append(element("button", { type: "button", class: "id", title: label, "aria-label": label, onclick: story }, contact));
  }
  const details = (summary ? ofVerification(fields) : ofAnother(fields)).filter(Boolean).join(" · ");
  return element(
    "li",
    {},
    title,
    element("p", { class: "muted about" }, [entry.served, details].filter(Boolean).join(" · ")),
    element("details", { class: "json" }, element("summary", {}, "JSON"), element("pre", {}, pretty(entry.text))),
  );
}

/** @param {any} fields */
function ofVerification(fields) {
  const batch = fields.batch_size > 1 ? `${fields.delivery_index + 1} of ${fields.batch_size}` : "";
  const attempts = fields.attempts > 1 ? `${fields.attempts} attempts` : "";
  const retry = fields.retry_count ? `retry ${fields.retry_count}` : "";
  return [fields.phone_number, fields.trigger, batch, fields.code, fields.reason, attempts, retry, `${fields.duration_ms} ms`];
}

/** @param {any} fields */
function ofAnother(fields) {
  if (fields.message === "sweep finished") {
    const counts = COUNTS.filter((name) => fields[name]).map((name) => `${fields[name]} ${name.replace("_", " ")}`);
    const none = fields.level === "INFO" ? ["nothing was pending"] : ["the listing failed"];
    return [...(counts.length ? counts : none), fields.code, fields.stopped_by && `stopped by ${fields.stopped_by}`];
  }
  const setting = fields.setting && `${fields.setting} = ${fields.value}`;
  const attempt = fields.attempt && `${fields.action} ${fields.attempt}: ${fields.upstream_code ?? "accepted"}`;
  const seconds = fields.seconds && `${fields.seconds} s`;
  return [setting, attempt, fields.decision, fields.state, fields.code, fields.reason ?? fields.warning, seconds];
}
