/** The event: a sample or one's own, the function that gets it, and the invocation. */

import { announce, failureOf, showError } from "/_console/announce.js";
import { get, post } from "/_console/api.js";
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

/**
 * Load the functions and the samples, and let events be written and sent.
 * @param {(reply: any) => void} showReply
 */
export async function startEvents(showReply) {
  const [form, editor, select] = [byId("event-form"), byId("editor"), byId("sample")];
  form.addEventListener("submit", (submitted) => {
    submitted.preventDefault();
    void invoke(form, editor, showReply);
  });
  form.addEventListener("keydown", (pressed) => {
    if (pressed.key === "Enter" && (pressed.ctrlKey || pressed.metaKey)) {
      pressed.preventDefault();
      form.requestSubmit();
    }
  });
  editor.addEventListener("input", () => {
    draft = editor.value;
    select.value = "";
    showError("editor-error", "", editor);
  });
  select.addEventListener("change", () => choose(select.value));
  form.reset();
  await load(select);
}

/**
 * Put an event into the editor.
 * @param {unknown} event
 */
export function writeEvent(event) {
  draft = JSON.stringify(event, null, 2);
  chooseFunction(httpFunction);
  byId("sample").value = "";
  choose("");
  byId("editor").focus();
}

/** @param {HTMLSelectElement} select */
async function load(select) {
  const failure = await failureOf(async () => {
    const [state, { Samples }] = await Promise.all([get("/_serve/state"), get("/_serve/samples")]);
    httpFunction = state.HttpFunction;
    const names = state.Functions.map((/** @type {any} */ served) => served.Name);
    byId("function-choices").append(...names.map(functionChoice));
    chooseFunction(httpFunction);
    for (const sample of Samples) {
      samples.set(sample.Name, sample);
    }
    for (const label of [...names, "Refused"]) {
      const options = [...samples.values()].filter((sample) => groupOf(sample) === label).map(option);
      select.append(...(options.length ? [element("optgroup", { label }, ...options)] : []));
    }
    // An event that was begun before the samples were there stays.
    if (byId("editor").value === "") {
      choose(sampleFor(httpFunction));
    }
  });
  showError("editor-error", failure);
}

/** @param {string} name */
function functionChoice(name) {
  const radio = element("input", { type: "radio", name: "function", value: name });
  radio.addEventListener("change", () => choose(sampleFor(name)));
  return element("label", {}, radio, ` ${name}`);
}

/** @param {string} name of a function */
function chooseFunction(name) {
  byId("event-form").elements.function.value = name;
}

/**
 * Return the sample to begin with, empty where a function has none: its HTTP request, else its first one.
 * @param {string} name of a function
 */
function sampleFor(name) {
  const its = [...samples.values()].filter((sample) => sample.Function === name);
  return (its.find((sample) => sample.Trigger === "http") ?? its[0])?.Name ?? "";
}

/** @param {Sample} sample */
function groupOf(sample) {
  return sample.Name.startsWith("refused_") ? "Refused" : sample.Function;
}

/** @param {Sample} sample */
function option({ Name, Trigger }) {
  const stem = Name.replace(/\.json$/, "");
  const text = stem === Trigger ? stem : `${stem} (${Trigger === "none" ? "no trigger" : Trigger})`;
  return element("option", { value: Name }, text);
}

/** @param {string} name of a sample; empty: one's own event */
function choose(name) {
  byId("sample").value = name;
  const sample = samples.get(name);
  byId("editor").value = sample ? sample.Event : draft;
  byId("editor").scrollTo(0, 0);
  showError("editor-error", "", byId("editor"));
  if (sample) {
    chooseFunction(sample.Function);
  }
}

/**
 * @param {any} form
 * @param {HTMLTextAreaElement} editor
 * @param {(reply: any) => void} showReply
 */
async function invoke(form, editor, showReply) {
  const button = byId("invoke");
  const problem = byId("as-it-is").checked ? "" : problemOf(editor.value);
  showError("editor-error", problem, editor);
  if (problem || button.getAttribute("aria-busy") === "true") {
    editor.focus();
    return;
  }
  button.setAttribute("aria-busy", "true");
  announce("Invoking");
  const wanted = { Function: form.elements.function.value, Event: editor.value, Async: form.elements.kind.value === "async" };
  const failure = await failureOf(async () => showReply(await post("/_serve/invoke", wanted)));
  button.removeAttribute("aria-busy");
  showError("editor-error", failure);
}

/** @param {string} text */
function problemOf(text) {
  try {
    JSON.parse(text);
    return "";
  } catch (error) {
    const where = error instanceof SyntaxError ? error.message : "";
    return `This is no JSON: ${where}. To send it all the same, tick “Send it as it is”.`;
  }
}
