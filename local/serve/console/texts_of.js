/** Keeps the texts that the server told of, each with the invocation that it is from. */

import { mask } from "/_console/numbers.js";

/** @type {any[]} */
let texts = [];
/** @type {((texts: any[]) => void)[]} */
const listeners = [];

/** @param {any[]} all the oldest first */
export function takeTexts(all) {
  if (all !== texts) {
    texts = all;
    listeners.forEach((listener) => listener(texts));
  }
}

/**
 * Call this after each change.
 * @param {(texts: any[]) => void} listener
 */
export function onTexts(listener) {
  listeners.push(listener);
}

/**
 * Return the texts that are from an invocation.
 * @param {string} requestId
 */
export function textsOf(requestId) {
  return texts.filter((text) => text.Invocation === requestId);
}

/**
 * Return the last text to a contact's number that was sent after a moment, or by an invocation.
 * @param {{ContactId: string, PhoneNumber: string}} asked the number masked
 * @param {number} moment in milliseconds
 * @param {string} requestId
 * @returns {any} undefined where there is none
 */
export function lastTextSince({ ContactId, PhoneNumber }, moment, requestId) {
  return texts
    .filter((text) => text.ContactId === ContactId && mask(text.PhoneNumber) === PhoneNumber)
    .findLast((text) => text.Invocation === requestId || Date.parse(text.ReallySentAt) > moment);
}
