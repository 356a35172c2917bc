/** The views of the middle: invocations, dead letters, log. One is shown at a time. */

import { byId } from "/_console/elements.js";

const VIEWS = ["invocations", "letters", "log"];

let shown = "invocations";
/** @type {(() => void)[]} */
const listeners = [];

/**
 * Call this whenever another view was chosen.
 * @param {() => void} listener
 */
export function onTab(listener) {
  listeners.push(listener);
}

/** Let views be chosen. */
export function startTabs() {
  VIEWS.forEach((view, place) => {
    const tab = byId(`tab-${view}`);
    tab.addEventListener("click", () => chooseTab(view));
    tab.addEventListener("keydown", (/** @type {KeyboardEvent} */ pressed) => {
      const step = { ArrowRight: 1, ArrowLeft: VIEWS.length - 1 }[pressed.key];
      if (step) {
        pressed.preventDefault();
        const next = VIEWS[(place + step) % VIEWS.length];
        chooseTab(next);
        byId(`tab-${next}`).focus();
      }
    });
  });
}

/** @returns {string} the view that is shown */
export function chosenTab() {
  return shown;
}

/**
 * Show a view.
 * @param {string} wanted
 */
export function chooseTab(wanted) {
  if (wanted !== shown) {
    setTab(wanted);
    listeners.forEach((listener) => listener());
  }
}

/**
 * Show a view that the address of the page names; another name stands for the first.
 * @param {string} wanted
 */
export function setTab(wanted) {
  shown = VIEWS.includes(wanted) ? wanted : VIEWS[0];
  for (const view of VIEWS) {
    const chosen = view === shown;
    byId(`tab-${view}`).setAttribute("aria-selected", String(chosen));
    byId(`tab-${view}`).tabIndex = chosen ? 0 : -1;
    byId(`view-${view}`).hidden = !chosen;
  }
}
