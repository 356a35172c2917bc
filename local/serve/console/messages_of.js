/** Keeps the texts and mails that the server told of, each with the invocation that it is from. */

import { mask } from "/_console/numbers.js";

/**
 * @typedef {object} Message
 * @property {"text" | "mail"} Channel
 * @property {string} ContactId
 * @property {string} Target the number or the address that it went to
 * @property {string} Text
 * @property {string} RequestId that of the API's answer
 * @property {string} SentAt by the directory's clock
 * @property {string} ReallySentAt
 * @property {string | null} Invocation
 */

/** What the server told last. @type {[any[], any[]]} */
let told = [[], []];
/** @type {Message[]} */
let messages = [];
/** @type {(() => void)[]} */
const listeners = [];

/**
 * @param {any[]} texts the very same as before where nothing of them changed
 * @param {any[]} mails likewise
 */
export function takeMessages(texts, mails) {
  if (texts !== told[0] || mails !== told[1]) {
    told = [texts, mails];
    messages = [
      ...texts.map((text) => ({ ...text, Channel: "text", Target: text.PhoneNumber })),
      ...mails.map((mail) => ({ ...mail, Channel: "mail", Target: mail.EmailAddress })),
    ].sort((one, other) => Date.parse(one.ReallySentAt) - Date.parse(other.ReallySentAt));
    listeners.forEach((listener) => listener());
  }
}

/**
 * Call this after each change.
 * @param {() => void} listener
 */
export function onMessages(listener) {
  listeners.push(listener);
}

/** Return all of them, the oldest first. */
export function allMessages() {
  return messages;
}

/**
 * Return those that are from an invocation.
 * @param {string} requestId
 */
export function messagesOf(requestId) {
  return messages.filter((message) => message.Invocation === requestId);
}

/**
 * Return the last text to a contact's number that was sent after a moment, or by an invocation.
 * @param {{ContactId: string, PhoneNumber: string}} asked the number masked
 * @param {number} moment in milliseconds
 * @param {string} requestId
 * @returns {Message | undefined}
 */
export function lastTextSince({ ContactId, PhoneNumber }, moment, requestId) {
  return messages
    .filter((one) => one.Channel === "text" && one.ContactId === ContactId && mask(one.Target) === PhoneNumber)
    .findLast((text) => text.Invocation === requestId || Date.parse(text.ReallySentAt) > moment);
}
