/** The chips: values of outcome, trigger and function that some invocation has, to show only those. */

import { byId, button, element } from "/_console/elements.js";
import { chosenChips, isChosen, onFilter, toggle } from "/_console/filter.js";
import { allInvocations, onInvocations, outcomesOf } from "/_console/journal.js";
import { inOrder, toneOf } from "/_console/outcomes.js";
import { CHIPS } from "/_console/page_address.js";

/**
 * @typedef {object} Chip
 * @property {string} value
 * @property {number} number how many invocations have it
 * @property {boolean} chosen
 */

let shown = "";

/** Let chips be chosen. */
export function startChips() {
  onInvocations(showChips);
  onFilter(showChips);
}

/**
 * Return the values of an invocation that chips are about.
 * @param {any} record
 * @returns {Record<string, string[]>}
 */
export function valuesOf(record) {
  return {
    outcome: outcomesOf(record).map(([outcome]) => outcome),
    trigger: [record.Trigger],
    function: [record.Function],
  };
}

function showChips() {
  const all = CHIPS.map((name) => ({ name, chips: chipsOf(name) }));
  // To choose among one would change nothing.
  const groups = all.filter(({ chips }) => chips.length > 1 || chips.some(({ chosen }) => chosen));
  const signature = JSON.stringify(groups);
  if (signature === shown) {
    return;
  }
  shown = signature;
  const place = byId("chips");
  const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset.chip;
  place.hidden = groups.length === 0;
  const caption = element("span", { class: "caption", "aria-hidden": "true" }, "Invocations by");
  place.replaceChildren(caption, ...groups.map(({ name, chips }) => group(name, chips)));
  if (focused) {
    place.querySelector(`[data-chip="${CSS.escape(focused)}"]`)?.focus();
  }
}

/**
 * Return the chips of a name; what is chosen stays to be seen, even where no invocation has it.
 * @param {string} name
 * @returns {Chip[]}
 */
function chipsOf(name) {
  const counted = new Map(chosenChips()[name].map((value) => [value, 0]));
  for (const value of allInvocations().flatMap((record) => valuesOf(record)[name])) {
    counted.set(value, (counted.get(value) ?? 0) + 1);
  }
  const compare =
    name === "outcome" ? inOrder : (/** @type {string} */ one, /** @type {string} */ other) => one.localeCompare(other);
  return [...counted.keys()]
    .sort(compare)
    .map((value) => ({ value, number: counted.get(value) ?? 0, chosen: isChosen(name, value) }));
}

/**
 * @param {string} name
 * @param {Chip[]} chips
 */
function group(name, chips) {
  const label = element("span", { class: "muted", "aria-hidden": "true" }, name);
  return element(
    "div",
    { class: "chip-group", role: "group", "aria-label": name },
    label,
    ...chips.map((one) => chip(name, one)),
  );
}

/**
 * @param {string} name
 * @param {Chip} shownChip
 */
function chip(name, { value, number, chosen }) {
  const text = name === "outcome" ? value.replaceAll("_", " ") : value;
  const made = button(`${text} `, () => toggle(name, value), {
    class: `chip ${name === "outcome" ? toneOf(value) : ""}`,
    "aria-pressed": String(chosen),
    "data-chip": `${name} ${value}`,
  });
  made.append(element("span", { class: "count" }, String(number)));
  return made;
}
