/** The list of invocations, newest first, each with its timeline where it is open. */

import { inWords } from "/_console/acts.js";
import { Unreachable, get } from "/_console/api.js";
import { valuesOf } from "/_console/chips.js";
import { byId, element } from "/_console/elements.js";
import { onFilter, passes, searchMatcher, setFilter } from "/_console/filter.js";
import { count } from "/_console/formats.js";
import { partsOf, searchable } from "/_console/invocation_row.js";
import { invocation, onInvocations } from "/_console/journal.js";
import { onMessages } from "/_console/messages_of.js";
import { onNumbers } from "/_console/numbers.js";
import { onOpen, openId, setOpen } from "/_console/open_invocation.js";
import { timeline } from "/_console/timeline.js";
import { complain } from "/_console/toasts.js";

/** The rows by request id, the oldest first. @type {Map<string, {item: HTMLElement, opener: HTMLElement, text: string}>} */
const rows = new Map();
/** What was last told of the open invocation. @type {any} */
let story = null;
let loads = 0;

/** Let invocations be shown. */
export function startInvocationList() {
  onInvocations(update);
  onFilter(filter);
  onOpen((before, now) => {
    showOpen(before);
    void showOpen(now)?.then(() => bringIntoView(rows.get(now)?.item));
  });
  onMessages(() => void showOpen(openId()));
  onNumbers(() => tell(rows.get(openId())?.item));
  byId("clear-filter").addEventListener("click", () => setFilter(""));
}

/** @param {any[] | null} changed */
function update(changed) {
  if (changed === null) {
    rows.clear();
    byId("invocations").replaceChildren();
  }
  for (const record of changed ?? []) {
    const row = rows.get(record.RequestId) ?? addRow(record.RequestId);
    row.text = searchable(record);
    row.opener.replaceChildren(...partsOf(record));
    row.item.dataset.status = record.Status;
    if (record.RequestId === openId()) {
      void showOpen(openId());
    }
  }
  for (const [requestId, row] of rows) {
    if (invocation(requestId)) {
      break; // those that are no longer kept are the oldest
    }
    row.item.remove();
    rows.delete(requestId);
  }
  filter();
}

/** @param {string} requestId */
function addRow(requestId) {
  const toggle = () => setOpen(openId() === requestId ? "" : requestId);
  const opener = element("button", { type: "button", class: "row", "aria-expanded": "false", onclick: toggle });
  const item = element("li", { "data-invocation": requestId }, opener);
  const row = { item, opener, text: "" };
  rows.set(requestId, row);
  byId("invocations").prepend(item);
  return row;
}

/**
 * Show the timeline of an invocation where it is open, and take it away where it is not.
 * @param {string} requestId
 * @returns {Promise<void> | undefined} until it is shown
 */
function showOpen(requestId) {
  const row = rows.get(requestId);
  if (!row) {
    return undefined;
  }
  const isOpen = requestId === openId();
  row.opener.setAttribute("aria-expanded", String(isOpen));
  row.item.classList.toggle("open", isOpen);
  if (isOpen) {
    return load(requestId, row.item);
  }
  row.item.querySelector(".story")?.remove();
  return undefined;
}

/**
 * Bring an invocation that was opened into view: from its top where it is higher than the list.
 * @param {HTMLElement | undefined} item
 */
function bringIntoView(item) {
  if (item) {
    const room = byId("invocations-box").clientHeight;
    item.scrollIntoView({ block: item.offsetHeight > room ? "start" : "nearest" });
  }
}

/**
 * @param {string} requestId
 * @param {HTMLElement} item
 */
async function load(requestId, item) {
  loads += 1;
  const load = loads;
  try {
    const loaded = await get(`/_serve/invocations/${encodeURIComponent(requestId)}`);
    if (load === loads && requestId === openId()) {
      story = loaded;
      tell(item);
    }
  } catch (error) {
    complain(inWords(error), error instanceof Unreachable);
  }
}

/**
 * Show the timeline of the open invocation; what was open in it, and the focus, stay.
 * @param {HTMLElement | undefined} item
 */
function tell(item) {
  if (!item || item.dataset.invocation !== story?.RequestId) {
    return;
  }
  const controls = (/** @type {Element} */ within) => [...within.querySelectorAll("button, summary")];
  const before = item.querySelector(".story");
  const focused = before ? controls(before).indexOf(/** @type {Element} */ (document.activeElement)) : -1;
  const told = timeline(story);
  keepDetails(before, told);
  before?.remove();
  item.append(told);
  /** @type {HTMLElement | undefined} */ (controls(told)[focused])?.focus();
}

/**
 * Open the details in a timeline that were open in the one before.
 * @param {Element | null} before
 * @param {Element} now
 */
function keepDetails(before, now) {
  for (const details of before?.querySelectorAll("details[open]") ?? []) {
    now
      .querySelector(`details[data-name="${CSS.escape(/** @type {HTMLElement} */ (details).dataset.name ?? "")}"]`)
      ?.setAttribute("open", "");
  }
}

function filter() {
  const matches = searchMatcher();
  let found = 0;
  for (const [requestId, row] of rows) {
    const values = valuesOf(invocation(requestId));
    const shown = matches(row.text) && Object.entries(values).every(([name, its]) => passes(name, its));
    row.item.hidden = !shown;
    found += shown ? 1 : 0;
  }
  byId("invocation-count").textContent = found === rows.size ? String(found || "") : `${found} of ${rows.size}`;
  byId("no-match").hidden = found > 0 || rows.size === 0;
  const said = `${count(found, "invocation")} of ${rows.size}`;
  if (found !== rows.size && byId("invocations-found").textContent !== said) {
    byId("invocations-found").textContent = said;
  }
}
