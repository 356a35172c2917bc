/** Keeps the contacts that the server sent, so that other panels find one by its number. */

import { mask } from "/_console/numbers.js";

/** @type {any[]} */
let contacts = [];
/** @type {(() => void)[]} */
const listeners = [];

/** @param {any[]} all */
export function takeContacts(all) {
  if (all !== contacts) {
    contacts = all;
    listeners.forEach((listener) => listener());
  }
}

/**
 * Call this after each change.
 * @param {() => void} listener
 */
export function onContacts(listener) {
  listeners.push(listener);
}

/**
 * Return whether a contact's number is verified.
 * @param {{ContactId: string, PhoneNumber: string}} asked the number masked
 */
export function isVerified({ ContactId, PhoneNumber }) {
  const contact = contacts.find((one) => one.ContactId === ContactId);
  const pending = contact?.Pending.some((/** @type {string} */ target) => mask(target) === PhoneNumber);
  return contact?.PhoneNumber != null && mask(contact.PhoneNumber) === PhoneNumber && !pending;
}
