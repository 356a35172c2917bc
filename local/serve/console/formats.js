/** Writes times, durations and counts as they are shown. */

import { element } from "/_console/elements.js";

/**
 * Make a time of day in this browser's zone, with seconds; on another day than today, with that day.
 * @param {string | number} moment
 */
export function time(moment) {
  const date = new Date(moment);
  const today = date.toDateString() === new Date().toDateString();
  const day = today ? "" : `${date.toLocaleDateString("en-GB", { day: "numeric", month: "short" })} `;
  return element(
    "time",
    { datetime: date.toISOString(), title: date.toLocaleString("en-GB") },
    day + date.toLocaleTimeString("en-GB"),
  );
}

/**
 * Return the milliseconds between two moments.
 * @param {string} from
 * @param {string} to
 */
export function between(from, to) {
  return Math.max(0, Date.parse(to) - Date.parse(from));
}

/**
 * Write milliseconds: `41 ms`, `1.2 s`, `3 min 5 s`.
 * @param {number} ms
 */
export function duration(ms) {
  if (ms < 1000) {
    return `${Math.round(ms)} ms`;
  }
  if (ms < 60_000) {
    return `${(ms / 1000).toFixed(1)} s`;
  }
  const seconds = Math.round(ms / 1000);
  return seconds < 3600
    ? `${Math.floor(seconds / 60)} min ${seconds % 60} s`
    : `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

/**
 * Write a number of things: `1 try`, `2 tries`.
 * @param {number} number
 * @param {string} one
 * @param {string} [many]
 */
export function count(number, one, many = `${one}s`) {
  return `${number} ${number === 1 ? one : many}`;
}

/**
 * Write a message of the server as a sentence.
 * @param {string} message
 */
export function sentence(message) {
  const text = message.charAt(0).toUpperCase() + message.slice(1);
  return /[.?!]$/.test(text) ? text : `${text}.`;
}

/**
 * Return the value of JSON text, undefined where it is no JSON.
 * @param {string | null} text
 * @returns {any}
 */
export function parsed(text) {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}

/**
 * Return JSON text with line breaks, or the text itself where it is no JSON.
 * @param {string} text
 */
export function pretty(text) {
  const value = parsed(text);
  return value === undefined ? text : JSON.stringify(value, null, 2);
}
