/** Invokes the chosen function with the event in the editor. */

import { inWords } from "/_console/acts.js";
import { post } from "/_console/api.js";
import { asynchronous, httpKind } from "/_console/async_requests.js";
import { markLine, startEditor, text } from "/_console/editor.js";
import { byId } from "/_console/elements.js";
import { noteDraft, startEvents } from "/_console/events.js";
import { faultOf } from "/_console/json_check.js";
import { showAccepted, showFailure, showReply, showRunning } from "/_console/reply.js";
import { announce } from "/_console/toasts.js";

const SYNC = "You wait for what the function returns.";
const ASYNC = "Accepted at once. If it fails, it is retried, then kept as a dead letter.";
const ASYNC_HTTP = `${ASYNC} Sent with X-Fc-Invocation-Type: Async.`;
const ASYNC_GATEWAY = "A gateway always waits for the reply, so nothing is retried.";

/** Let events be chosen, written and sent. */
export async function startInvoke() {
  const form = byId("event-form");
  form.reset();
  form.addEventListener("submit", (/** @type {Event} */ submitted) => {
    submitted.preventDefault();
    void check();
  });
  form.addEventListener("keydown", (/** @type {KeyboardEvent} */ pressed) => {
    if (pressed.key === "Enter" && (pressed.ctrlKey || pressed.metaKey)) {
      pressed.preventDefault();
      form.requestSubmit();
    }
  });
  form.elements.kind.forEach((/** @type {Element} */ choice) => choice.addEventListener("change", showKind));
  byId("send-as-it-is").addEventListener("click", () => void invoke());
  startEditor(() => {
    noteDraft();
    eventChanged();
  });
  showKind();
  await loadEvents();
}

/** Load the functions and samples; again, where the server was not there before. */
export async function loadEvents() {
  try {
    await startEvents(eventChanged);
  } catch (error) {
    showError(inWords(error));
  }
}

function eventChanged() {
  showError("");
  showKind();
}

async function check() {
  const fault = faultOf(text());
  if (fault) {
    showError(`Line ${fault.line}: ${fault.message}.`, fault.line);
    byId("editor").focus();
    return;
  }
  await invoke();
}

async function invoke() {
  const button = byId("invoke");
  if (button.getAttribute("aria-busy") === "true") {
    return;
  }
  showError("");
  button.setAttribute("aria-busy", "true");
  const isAsync = asksAsync();
  const wanted = {
    Function: byId("function").value,
    Event: isAsync ? asynchronous(text()) : text(),
    Async: isAsync,
  };
  announce("Invoking");
  const stop = showRunning(wanted.Function);
  try {
    const answer = await post("/_serve/invoke", wanted);
    (isAsync ? showAccepted : showReply)(answer);
  } catch (error) {
    showFailure(error);
  } finally {
    stop();
    button.removeAttribute("aria-busy");
  }
}

function asksAsync() {
  return byId("event-form").elements.kind.value === "async";
}

function showKind() {
  const kind = asksAsync() && httpKind(text());
  const hint = { http: ASYNC_HTTP, gateway: ASYNC_GATEWAY, other: ASYNC }[kind || "other"];
  byId("kind-hint").textContent = asksAsync() ? hint : SYNC;
}

/**
 * @param {string} message empty: all is well
 * @param {number} [line]
 */
function showError(message, line) {
  const place = byId("editor-error");
  place.textContent = message;
  place.hidden = message === "";
  byId("editor-hint").hidden = message !== "";
  byId("send-as-it-is").hidden = line === undefined;
  byId("editor").setAttribute("aria-invalid", String(message !== ""));
  markLine(line);
  if (message) {
    announce(message);
  }
}
