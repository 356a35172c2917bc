/** One try in the timeline of an invocation: what came of it, what the API said, what it wrote and answered. */

import { element } from "/_console/elements.js";
import { between, duration, parsed, pretty } from "/_console/formats.js";
import { jsonBox } from "/_console/json_colours.js";
import { badge, toneOf } from "/_console/outcomes.js";
import { lineOf } from "/_console/try_lines.js";

/**
 * Return how a try went: its tone, and in words.
 * @param {any} one a try
 */
export function statusOf(one) {
  if (one.Failed === null) {
    return { tone: "busy", text: "running" };
  }
  const status = Number(parsed(one.Payload)?.statusCode);
  if (one.Failed || status >= 400) {
    return { tone: "bad", text: one.Failed ? "failed" : `answered HTTP ${status}` };
  }
  return { tone: "good", text: status ? `answered HTTP ${status}` : "done" };
}

/**
 * Make all that there is to see of the last try.
 * @param {any} one a try
 */
export function wholeTry(one) {
  const lines = one.Lines.map((/** @type {any} */ line) => lineOf(line.Text, one.Failed === true)).filter(Boolean);
  const took = one.EndedAt ? `, ${duration(between(one.StartedAt, one.EndedAt))}` : "";
  const answer = () => jsonBox(pretty(one.Payload), "What it answered");
  return [
    errorOf(one),
    element("ul", { class: "lines" }, ...lines),
    element("p", { class: "hint" }, `Instance ${one.InstanceId}${one.ColdStart ? ", cold start" : ""}${took}`),
    one.Payload !== null && more("answer", one.Number, "What it answered", answer),
    one.Lines.length > 0 && more("lines", one.Number, "All its lines", () => linesBox(one.Lines)),
  ];
}

/**
 * Make what there is to see of a try that another one followed: its outcomes, and the rest on demand.
 * @param {any} one a try
 */
export function shortTry(one) {
  const whole = () => element("div", { class: "more" }, ...wholeTry(one));
  return [outcomesOf(one) ?? errorOf(one), more("try", one.Number, "More of this try", whole)];
}

/** @param {any} one a try */
function outcomesOf(one) {
  /** @type {Map<string, {outcome: string, number: number}>} */
  const counted = new Map();
  for (const { Text } of one.Lines) {
    const { message, outcome, code } = (Text.startsWith("{") && parsed(Text)) || {};
    if (message === "phone verification" || message === "email verification") {
      const words = [String(outcome).replaceAll("_", " "), code].filter(Boolean).join(": ");
      counted.set(words, { outcome, number: (counted.get(words)?.number ?? 0) + 1 });
    }
  }
  const badges = [...counted].map(([words, { outcome, number }]) =>
    badge(toneOf(outcome), number > 1 ? `${number} ${words}` : words),
  );
  return badges.length ? element("p", { class: "line" }, ...badges) : null;
}

/**
 * Make the error of a try, unless it only sums up its deliveries, which have their own lines.
 * @param {any} one a try
 */
function errorOf(one) {
  const message = one.Error?.Message ?? "";
  const isSum = /^[0-9]+ of [0-9]+ deliveries not done:/.test(message) && outcomesOf(one) !== null;
  return one.Error && !isSum && element("p", {}, element("code", {}, one.Error.Type ?? "failed"), ` ${message}`);
}

/** @param {any[]} lines */
function linesBox(lines) {
  const text = lines.map((line) => line.Text).join("\n");
  return element("pre", { tabindex: "0", role: "region", "aria-label": "All its lines" }, text);
}

/**
 * Make details, whose content is made once they are opened.
 * @param {string} name
 * @param {number} number
 * @param {string} title
 * @param {() => HTMLElement} content
 */
function more(name, number, title, content) {
  const details = element("details", { "data-name": `${name} ${number}` }, element("summary", {}, title));
  details.addEventListener("toggle", () => details.open && details.children.length === 1 && details.append(content()));
  return details;
}
