/** The outcomes of a delivery: how each looks, and what it means. */

import { element } from "/_console/elements.js";

/** @type {Record<string, string>} */
const TONES = {
  sent: "good",
  duplicate: "plain",
  ignored: "plain",
  in_progress: "open",
  unknown: "open",
  rejected: "warn",
  failed: "bad",
  refused: "warn",
  succeeded: "good",
};
/** In the order in which they are shown: the good ones first. */
const ORDER = Object.keys(TONES);
/** @type {Record<string, string>} */
const GLYPHS = { good: "✓", plain: "=", warn: "!", bad: "✕", open: "?", busy: "…" };

/** @type {Record<string, string>} */
const MEANINGS = {
  sent: "The API accepted the text.",
  duplicate: "A text to this number was accepted a short time ago, within the window. Nothing was sent.",
  ignored: "The event asks for no text.",
  in_progress: "Another invocation is sending to this number.",
  unknown: "No usable answer came back, so a text may have gone out. It is not sent again within the window.",
  rejected: "The API never accepts this request.",
  failed: "Nothing was sent.",
};
/** @type {Record<string, string>} */
const REASONS = {
  FunctionMisconfigured: "Nothing was sent: the API refused the function’s key or role.",
  SendValidateCodeExceedsLimitForAccount: "Nothing was sent: the account has sent its texts of the day.",
  DailyBudgetSpent: "Nothing was sent: the function has sent all that it may in a day.",
  OutcomeUnknown: "An earlier try may have sent a text to this number. It is not sent again within the window.",
  UpstreamTimeout:
    "The API did not answer in time, so a text may have gone out. It is not sent again within the window.",
  UpstreamUnreachable: "Nothing was sent: there is no connection to the API.",
  ServiceUnavailable: "Nothing was sent: the API is unavailable.",
  CooldownStoreUnavailable: "Nothing was sent: the cooldown store does not answer.",
  NotAttempted: "Not tried: an earlier request of this event met an obstacle that this one would meet too.",
  "EntityNotExists.Contact": "The directory has no such contact.",
  "EntityNotExists.Contact.Verification": "This number is not to be verified: it is verified, or not this contact’s.",
};

/**
 * Compare two outcomes by the order in which they are shown.
 * @param {string} one
 * @param {string} other
 */
export function inOrder(one, other) {
  return ORDER.indexOf(one) - ORDER.indexOf(other);
}

/**
 * Return how an outcome looks: good, plain, warn, bad or open.
 * @param {string} outcome
 */
export function toneOf(outcome) {
  return TONES[outcome] ?? "plain";
}

/**
 * Make the sign of an outcome; what it says is in its text, its colour only repeats it.
 * @param {string} tone good, plain, warn, bad, open or busy
 * @param {string} text
 */
export function badge(tone, text) {
  return element(
    "span",
    { class: `badge ${tone}` },
    element("span", { class: "glyph", "aria-hidden": "true" }, GLYPHS[tone] ?? ""),
    text,
  );
}

/**
 * Say what came of a delivery in a sentence.
 * @param {string} outcome
 * @param {string | null | undefined} code
 */
export function meaningOf(outcome, code) {
  if (code?.startsWith("Throttling")) {
    return "Nothing was sent: the API asked for a slower pace.";
  }
  return REASONS[code ?? ""] ?? MEANINGS[outcome] ?? "";
}
