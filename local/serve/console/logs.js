/** The raw log: every line as it was written, to search and to export. */

import { save } from "/_console/clipboard.js";
import { byId } from "/_console/elements.js";
import { onFilter, searchMatcher } from "/_console/filter.js";
import { isAtEnd } from "/_console/lists.js";
import { entryOf, row } from "/_console/log_lines.js";
import { chosenTab, onTab } from "/_console/tabs.js";

const MOST_LINES = 2000;

/** @type {[import("/_console/log_lines.js").Entry, HTMLElement][]} */
let rows = [];
let next = 0;

/** Let the log be searched and exported. */
export function startLogs() {
  byId("all-lines").checked = false;
  byId("all-lines").addEventListener("change", () => {
    filter();
    toNewest();
  });
  byId("log-newest").addEventListener("click", () => {
    toNewest();
    [...byId("log").querySelectorAll("li:not([hidden]) summary")].at(-1)?.focus();
  });
  byId("log-export").addEventListener("click", exportShown);
  onFilter(filter);
  onTab(() => chosenTab() === "log" && toNewest());
  filter();
}

/** Where to ask for the lines after the last one. */
export function pathOfLines() {
  return `/_serve/logs?since=${next}`;
}

/** Forget all lines. */
export function clearLogs() {
  rows = [];
  next = 0;
  byId("log").replaceChildren();
  filter();
}

/**
 * Add lines at the end; a log that is scrolled to its end stays there.
 * @param {{Lines: any[], Next: number}} answer
 */
export function addLines({ Lines, Next }) {
  next = Next;
  if (Lines.length === 0) {
    return;
  }
  const follow = isAtEnd(byId("log-box"));
  const added = Lines.map((line) => entryOf(line)).map(
    (entry) => /** @type {[any, HTMLElement]} */ ([entry, row(entry)]),
  );
  rows.push(...added);
  byId("log").append(...added.map(([, item]) => item));
  for (const [, item] of rows.splice(0, Math.max(0, rows.length - MOST_LINES))) {
    item.remove();
  }
  filter();
  if (follow) {
    toNewest();
  }
}

/** Show the newest line. */
export function toNewest() {
  byId("log-box").scrollTop = byId("log-box").scrollHeight;
}

function filter() {
  const matches = searchMatcher();
  const allLines = byId("all-lines").checked;
  let found = 0;
  for (const [entry, item] of rows) {
    item.hidden = !((allLines || entry.saysMore) && matches(entry.text));
    found += item.hidden ? 0 : 1;
  }
  byId("log-count").textContent = `${found} of ${rows.length} lines`;
  byId("log-empty").hidden = found > 0;
  byId("log-empty").textContent = rows.length ? "No such line." : "No line yet. Invoke a function.";
}

/** Save the lines that are shown as NDJSON: those of the functions as they are, others as a JSON object each. */
function exportShown() {
  const lines = rows
    .filter(([, item]) => !item.hidden)
    .map(([{ fields, line }]) => (fields ? line.Text : JSON.stringify({ platform: line.Text, at: line.At })));
  save("log.ndjson", "application/x-ndjson", lines.map((line) => `${line}\n`).join(""));
}
