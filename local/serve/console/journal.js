/** Keeps the invocations that the server told of, and tells whoever shows them of each change. */

import { inOrder } from "/_console/outcomes.js";

/**
 * @typedef {object} Delivery
 * @property {string | null} ContactId
 * @property {string | null} PhoneNumber masked
 * @property {string | null} Outcome null until there is one
 * @property {string | null} Code
 * @property {string | null} ApiRequestId
 */

const MOST_KEPT = 1000;

/** @type {Map<string, any>} */
const invocations = new Map();
/** @type {((changed: any[] | null) => void)[]} */
const listeners = [];
let next = 0;

/** Where to ask for what changed since the last time. */
export function pathOfChanges() {
  return `/_serve/invocations?since=${next}`;
}

/**
 * Take what changed.
 * @param {{Invocations: any[], Next: number}} changes
 */
export function takeChanges({ Invocations, Next }) {
  next = Next;
  for (const invocation of Invocations) {
    invocations.set(invocation.RequestId, invocation);
  }
  const oldest = [...invocations.keys()].slice(0, Math.max(0, invocations.size - MOST_KEPT));
  oldest.forEach((requestId) => invocations.delete(requestId));
  if (Invocations.length) {
    listeners.forEach((listener) => listener(Invocations));
  }
}

/** Forget all: the server is another one, or began anew. */
export function forgetInvocations() {
  next = 0;
  invocations.clear();
  listeners.forEach((listener) => listener(null));
}

/**
 * Call this after each change, with the invocations that changed; with null after all were forgotten.
 * @param {(changed: any[] | null) => void} listener
 */
export function onInvocations(listener) {
  listeners.push(listener);
}

/**
 * @param {string} requestId
 * @returns {any} undefined where it is not kept
 */
export function invocation(requestId) {
  return invocations.get(requestId);
}

/** @returns {any[]} the oldest first */
export function allInvocations() {
  return [...invocations.values()].sort((one, other) => one.Number - other.Number);
}

/**
 * Return whether nothing more will come of an invocation by itself.
 * @param {any} record
 */
export function isFinished(record) {
  return record.FinishedAt !== null;
}

/**
 * Return the outcomes of an invocation with how many deliveries each has: that of the whole where none has one.
 * @param {any} record
 * @returns {[string, number][]}
 */
export function outcomesOf(record) {
  const counted = /** @type {[string, number][]} */ (Object.entries(record.Outcomes));
  if (counted.length || !isFinished(record)) {
    return counted.sort(([one], [other]) => inOrder(one, other));
  }
  return [[record.Status, 1]];
}
