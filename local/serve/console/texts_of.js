/** Keeps the texts that the server told of, each with the invocation that it is from. */

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
