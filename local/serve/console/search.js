/** Decides whether what is shown has all words of a search in it. Whole numbers find their masked forms. */

import { mask } from "/_console/numbers.js";

const NUMBER = /^(?:[0-9]{1,4}-)?[0-9]{5,15}$/;

/**
 * Return what tells whether a text in lower case matches.
 * @param {string} search
 * @returns {(text: string) => boolean}
 */
export function matcher(search) {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => [word, masked(word)]);
  return (text) => words.every((forms) => forms.some((form) => text.includes(form)));
}

/**
 * Return a search as it may be written down: without a whole number.
 * @param {string} search
 */
export function withoutNumbers(search) {
  return search
    .split(/\s+/)
    .map((word) => (/[0-9]{7}/.test(word) ? masked(word) : word))
    .join(" ");
}

/** @param {string} word */
function masked(word) {
  if (!NUMBER.test(word)) {
    return word.replace(/[0-9]{7,}/g, "****");
  }
  return word.includes("-") ? mask(word) : mask(`0-${word}`).slice(2);
}
