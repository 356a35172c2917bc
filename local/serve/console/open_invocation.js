/** Which invocation is open, and how to go to one. */

import { setFilter } from "/_console/filter.js";
import { pointAt } from "/_console/go_to.js";
import { invocation } from "/_console/journal.js";
import { chooseTab, chosenTab } from "/_console/tabs.js";
import { complain } from "/_console/toasts.js";

let open = "";
/** @type {((before: string, now: string) => void)[]} */
const listeners = [];

/** @returns {string} the request id of the open invocation, empty where none is */
export function openId() {
  return open;
}

/**
 * Call this whenever another one was opened, or the open one was closed.
 * @param {(before: string, now: string) => void} listener
 */
export function onOpen(listener) {
  listeners.push(listener);
}

/**
 * Open an invocation, and close the one that was open; empty: open none.
 * @param {string} requestId
 */
export function setOpen(requestId) {
  const before = open;
  open = requestId;
  listeners.forEach((listener) => listener(before, open));
}

/**
 * Open an invocation and go to it, whatever is shown now.
 * @param {string} requestId
 */
export function openInvocation(requestId) {
  if (!invocation(requestId)) {
    complain("This invocation is not kept any more.");
    return;
  }
  chooseTab("invocations");
  setOpen(requestId);
  const item = /** @type {HTMLElement | null} */ (
    document.querySelector(`[data-invocation="${CSS.escape(requestId)}"]`)
  );
  if (item?.hidden) {
    setFilter("");
  }
  pointAt(item, "This invocation is not shown.");
}

/**
 * Return what opens an invocation later on, unless the user went elsewhere in the meantime.
 * @returns {(requestId: string) => void}
 */
export function openUnlessLeft() {
  const [view, before] = [chosenTab(), open];
  return (requestId) => {
    if (chosenTab() === view && open === before) {
      openInvocation(requestId);
    }
  };
}
