/** The timeline of an invocation: accepted, each try and what the API said, the texts, the dead letter, what it led to. */

import { button, element } from "/_console/elements.js";
import { between, duration, time } from "/_console/formats.js";
import { showLetter, showMessage } from "/_console/go_to.js";
import { actions } from "/_console/invocation_actions.js";
import { letterActions } from "/_console/letter_actions.js";
import { messagesOf } from "/_console/messages_of.js";
import { shown } from "/_console/numbers.js";
import { openInvocation } from "/_console/open_invocation.js";
import { shortTry, statusOf, wholeTry } from "/_console/timeline_try.js";

const LONGEST_OFFSET_MS = 60_000;

/**
 * @typedef {object} Moment one entry
 * @property {string} at
 * @property {string} tone
 * @property {string} title
 * @property {any[]} details
 */

/**
 * Make the timeline of a story.
 * @param {any} story
 */
export function timeline(story) {
  const tries = story.TriesMade.map((/** @type {any} */ one) => tried(story, one));
  const moments = [accepted(story), ...tries, ...messages(story)];
  moments.sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
  moments.push(...ending(story));
  const entries = moments.map((moment) => entry(story, moment));
  return element(
    "div",
    { class: "story" },
    actions(story),
    element("ol", { class: "timeline", "aria-label": "Timeline" }, ...entries),
  );
}

/**
 * @param {any} story
 * @param {Moment} moment
 */
function entry(story, { at, tone, title, details }) {
  const after = between(story.AcceptedAt, at);
  const when = after < LONGEST_OFFSET_MS ? `+${duration(after)}` : time(at);
  const what = element(
    "div",
    { class: "what" },
    element("strong", {}, title),
    element("span", { class: "when" }, when),
  );
  return element("li", { class: tone }, what, ...details);
}

/**
 * @param {any} story
 * @returns {Moment}
 */
function accepted(story) {
  const how = story.Async ? "asynchronous" : "synchronous, the caller waits for the answer";
  const details = [element("p", { class: "hint" }, `Trigger ${story.Trigger}; ${how}.`)];
  if (story.Cause) {
    const isReplay = story.Cause.Kind === "replay";
    const what = isReplay ? "A replay of " : "The dead letter of another invocation, sent back: ";
    details.unshift(element("p", {}, what, link(story.Cause.RequestId)));
  }
  return { at: story.AcceptedAt, tone: "plain", title: "Accepted", details };
}

/**
 * @param {any} story
 * @param {any} one a try
 * @returns {Moment}
 */
function tried(story, one) {
  const what = story.Async ? `Try ${one.Number} of ${story.TriesAllowed}` : "Invoked";
  const { tone, text } = statusOf(one);
  const isLast = one.Number === story.TriesMade.length;
  return { at: one.StartedAt, tone, title: `${what}: ${text}`, details: isLast ? wholeTry(one) : shortTry(one) };
}

/**
 * @param {any} story
 * @returns {Moment[]}
 */
function messages(story) {
  return messagesOf(story.RequestId).map((message) => {
    const show = button("In the inbox", () => showMessage(message.RequestId), { class: "link" });
    const title = `${message.Channel === "mail" ? "Mail" : "Text"} to ${shown(message.Target)}`;
    return { at: message.ReallySentAt, tone: "good", title, details: [element("p", {}, show)] };
  });
}

/**
 * @param {any} story
 * @returns {Moment[]}
 */
function ending(story) {
  const { FinishedAt: at, Refusal: refusal, DeadLetter: letter, LetterLeftAt: leftAt, SentBackAs: sentBackAs } = story;
  const moments = [];
  if (refusal) {
    const details = [element("p", { class: "hint" }, "The function never saw it.")];
    moments.push({ at, tone: "warn", title: `Refused: ${refusal}`, details });
  }
  if (letter) {
    const details = leftAt ? [] : letterActions(letter, () => showLetter(letter));
    moments.push({ at, tone: "bad", title: `Dead letter ${letter}`, details });
  }
  if (leftAt) {
    const details = sentBackAs ? [element("p", {}, "as ", link(sentBackAs))] : [];
    moments.push({ at: leftAt, tone: "plain", title: sentBackAs ? "Sent back" : "Discarded", details });
  }
  return moments;
}

/** @param {string} requestId */
function link(requestId) {
  return button(requestId, () => openInvocation(requestId), { class: "link id" });
}
