/** The log: all lines, those with a text, one contact's story, or one invocation's. */

import { announce } from "/_console/announce.js";
import { byId, element, isAtEnd } from "/_console/elements.js";
import { entryOf, row } from "/_console/log_lines.js";

const MOST_LINES = 1000;

/** @type {[import("/_console/log_lines.js").Entry, HTMLElement][]} */
let rows = [];
/** @type {{kind: "contact" | "invocation", id: string} | null} */
let story = null;

/** Let the log be filtered. */
export function startLogs() {
  byId("log-filter").value = "";
  byId("platform-lines").checked = false;
  byId("log-filter").addEventListener("input", filter);
  byId("platform-lines").addEventListener("change", filter);
  byId("log-story").addEventListener("click", () => {
    tell(null);
    byId("log-filter").focus();
  });
  filter();
}

/** Forget all lines. */
export function clearLogs() {
  rows = [];
  byId("log").replaceChildren();
  filter();
}

/**
 * Add lines at the end; a log that is scrolled to its end stays there.
 * @param {any[]} lines
 */
export function addLines(lines) {
  const box = byId("log").parentElement;
  const follow = isAtEnd(box);
  for (const line of lines) {
    const entry = entryOf(line);
    const item = row(entry, showStoryOf);
    rows.push([entry, item]);
    byId("log").append(item);
  }
  for (const [, item] of rows.splice(0, Math.max(0, rows.length - MOST_LINES))) {
    item.remove();
  }
  filter();
  if (follow) {
    box.scrollTop = box.scrollHeight;
  }
}

/**
 * Show only the lines about one contact.
 * @param {string} contactId
 */
export function showStoryOf(contactId) {
  tell({ kind: "contact", id: contactId });
  byId("log-heading").focus();
}

/**
 * Show only the lines of one invocation.
 * @param {string} requestId
 */
export function showInvocation(requestId) {
  tell({ kind: "invocation", id: requestId });
  byId("log-heading").focus();
}

/** @param {typeof story} wanted */
function tell(wanted) {
  story = wanted;
  const chip = byId("log-story");
  chip.hidden = story === null;
  if (story) {
    const what = story.kind === "contact" ? "Only the story of" : "Only the invocation";
    const label = element("span", {}, `${what} ${story.id} `);
    chip.replaceChildren(label, element("span", { "aria-hidden": "true" }, "✕"), element("span", { class: "visually-hidden" }, "Show all"));
  }
  filter();
  announce(byId("log-count").textContent);
}

function filter() {
  const text = byId("log-filter").value.trim().toLowerCase();
  const platformLines = byId("platform-lines").checked;
  let count = 0;
  for (const [entry, item] of rows) {
    const wanted = (platformLines || entry.fields !== null) && isInStory(entry) && entry.text.toLowerCase().includes(text);
    item.hidden = !wanted;
    count += wanted ? 1 : 0;
  }
  byId("log-count").textContent = `${count} of ${rows.length} lines`;
  byId("log-empty").hidden = count > 0;
  byId("log-empty").textContent = rows.length ? "No such line." : "No line yet. Invoke a function.";
}

/** @param {import("/_console/log_lines.js").Entry} entry */
function isInStory(entry) {
  if (story === null) {
    return true;
  }
  return story.kind === "contact" ? entry.fields?.contact_id === story.id : entry.text.includes(story.id);
}
