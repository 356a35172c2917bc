/** Says whether the server is there; where it is gone, since when, and that what is shown is of before. */

import { byId } from "/_console/elements.js";
import { forgetOutage } from "/_console/toasts.js";

/** @type {(() => void)[]} */
const listeners = [];

/**
 * Call this whenever the server is back: what was said because it was gone is out of date.
 * @param {() => void} listener
 */
export function onBack(listener) {
  listeners.push(listener);
}

/** Say that it is there. */
export function showLive() {
  if (setState("live", "Live")) {
    byId("lost").hidden = true;
    document.body.classList.remove("is-lost");
    forgetOutage();
    listeners.forEach((listener) => listener());
  }
}

/** Say that it is gone. */
export function showLost() {
  if (setState("lost", "Connection lost")) {
    byId("lost").textContent =
      `The server does not answer since ${new Date().toLocaleTimeString("en-GB")}. What is shown is of that moment. Is fcapi serve still running? Trying again …`;
    byId("lost").hidden = false;
    document.body.classList.add("is-lost");
  }
}

/**
 * Return whether that is new.
 * @param {string} state
 * @param {string} text
 */
function setState(state, text) {
  const place = byId("connection");
  if (place.dataset.state === state) {
    return false;
  }
  place.dataset.state = state;
  place.textContent = text;
  return true;
}
