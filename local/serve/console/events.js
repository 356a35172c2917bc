/** The event to invoke a function with: a sample, for a contact if wanted, or one's own. */

import { get, post } from "/_console/api.js";
import { setText, text } from "/_console/editor.js";
import { byId, element } from "/_console/elements.js";

/**
 * @typedef {object} Sample
 * @property {string} Name
 * @property {string} Trigger
 * @property {string} Function the one that it is for
 * @property {string} Event
 */

let draft = "";
let httpFunction = "";
/** @type {Map<string, Sample>} */
const samples = new Map();
/** @type {() => void} */
let changed = () => {};

/**
 * Load the functions and the samples, and let them be chosen.
 * @param {() => void} whenChanged called after another event was put into the editor.
 */
export async function startEvents(whenChanged) {
  changed = whenChanged;
  byId("sample").addEventListener("change", () => choose(byId("sample").value));
  byId("function").addEventListener("change", () => choose(sampleFor(byId("function").value)));
  const [state, { Samples }] = await Promise.all([get("/_serve/state"), get("/_serve/samples")]);
  httpFunction = state.HttpFunction;
  const names = state.Functions.map((/** @type {any} */ served) => served.Name);
  byId("function").replaceChildren(
    ...names.map((/** @type {string} */ name) => element("option", { value: name }, name)),
  );
  samples.clear();
  for (const sample of Samples) {
    samples.set(sample.Name, sample);
  }
  const groups = [...names, "Refused"].map((label) =>
    element("optgroup", { label }, ...[...samples.values()].filter((sample) => groupOf(sample) === label).map(option)),
  );
  byId("sample").replaceChildren(byId("sample").firstElementChild, ...groups.filter((group) => group.children.length));
  // An event that was begun before the samples were there stays.
  if (text() === "") {
    choose(sampleFor(httpFunction));
  }
}

/** Take what is in the editor for the user's own event. */
export function noteDraft() {
  draft = text();
  byId("sample").value = "";
}

/**
 * Put an event into the editor, as the user's own.
 * @param {string} event
 * @param {string} served the function that it is for
 */
export function writeEvent(event, served) {
  draft = event;
  choose("");
  byId("function").value = served;
  show();
}

/**
 * Put the event of the chosen sample into the editor, for a contact.
 * @param {string} contactId
 * @param {string} phoneNumber
 */
export async function writeEventFor(contactId, phoneNumber) {
  const chosen = samples.get(byId("sample").value);
  const sample =
    chosen && chosen.Function === httpFunction && groupOf(chosen) !== "Refused" ? chosen.Name : sampleFor(httpFunction);
  const wanted = { Sample: sample, ContactId: contactId, PhoneNumber: phoneNumber };
  const { Event } = await post("/_serve/event", wanted);
  writeEvent(Event, httpFunction);
  byId("sample").value = sample; // it is of that one, but for the contact
}

/** Go to the start of what was written. */
function show() {
  const editor = byId("editor");
  editor.setSelectionRange(0, 0);
  editor.focus();
  editor.scrollIntoView({ block: "nearest" });
}

/**
 * Return the sample to begin with, empty where a function has none: its HTTP request, else its first one.
 * @param {string} name of a function
 */
function sampleFor(name) {
  const its = [...samples.values()].filter((sample) => groupOf(sample) === name);
  return (its.find((sample) => sample.Trigger === "http") ?? its[0])?.Name ?? "";
}

/** @param {Sample} sample */
function groupOf(sample) {
  return sample.Name.startsWith("refused_") ? "Refused" : sample.Function;
}

/** @param {Sample} sample */
function option({ Name, Trigger }) {
  const stem = Name.replace(/\.json$/, "");
  const label = stem === Trigger ? stem : `${stem} (${Trigger === "none" ? "no trigger" : Trigger})`;
  return element("option", { value: Name }, label);
}

/** @param {string} name of a sample; empty: one's own event */
function choose(name) {
  byId("sample").value = name;
  const sample = samples.get(name);
  setText(sample ? sample.Event : draft);
  if (sample) {
    byId("function").value = sample.Function;
  }
  changed();
}
