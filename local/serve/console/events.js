/** The event: a sample or one's own, and the invocation. */

import { announce, failureOf, showError } from "/_console/announce.js";
import { get, post } from "/_console/api.js";
import { byId, element } from "/_console/elements.js";

const RESEND = "resend_pending_verifications";

let draft = "";
const samples = new Map();

/**
 * Load the samples, and let events be written and sent.
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
  for (const radio of form.elements.function) {
    radio.addEventListener("change", () => choose(radio.value === RESEND ? "sweep.json" : "http.json"));
  }
  form.reset();
  await loadSamples(select);
}

/**
 * Put an event into the editor.
 * @param {unknown} event
 */
export function writeEvent(event) {
  draft = JSON.stringify(event, null, 2);
  byId("event-form").elements.function.value = "send_phone_verification";
  byId("sample").value = "";
  choose("");
  byId("editor").focus();
}

/** @param {HTMLSelectElement} select */
async function loadSamples(select) {
  const failure = await failureOf(async () => {
    const groups = new Map();
    for (const sample of (await get("/_serve/samples")).Samples) {
      samples.set(sample.Name, sample.Event);
      const label = groupOf(sample);
      groups.set(label, [...(groups.get(label) ?? []), sample]);
    }
    for (const [label, members] of [...groups].sort()) {
      const options = members.map(({ Name, Trigger }) => element("option", { value: Name }, optionText(Name, Trigger)));
      select.append(element("optgroup", { label }, ...options));
    }
    // Whoever began to write before the samples were there goes on writing.
    if (byId("editor").value === "") {
      choose("http.json");
    }
  });
  showError("editor-error", failure);
}

/** @param {{Name: string}} sample */
function groupOf({ Name }) {
  if (Name.startsWith("refused_")) {
    return "Refused";
  }
  return Name.startsWith("sweep") ? "Function 2: the sweep" : "Function 1: by trigger";
}

/**
 * @param {string} name
 * @param {string} trigger
 */
function optionText(name, trigger) {
  const stem = name.replace(/\.json$/, "");
  return stem === trigger ? stem : `${stem} (${trigger === "none" ? "no trigger" : trigger})`;
}

/** @param {string} name of a sample; empty: one's own event */
function choose(name) {
  byId("sample").value = name;
  byId("editor").value = name ? samples.get(name) ?? "" : draft;
  byId("editor").scrollTo(0, 0);
  showError("editor-error", "", byId("editor"));
  if (name) {
    byId("event-form").elements.function.value = name.startsWith("sweep") ? RESEND : "send_phone_verification";
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
