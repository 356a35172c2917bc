/** What came of an invocation. */

import { announce } from "/_console/announce.js";
import { badge, byId, element, pretty } from "/_console/elements.js";
import { showInvocation } from "/_console/logs.js";

/**
 * Show the answer of a synchronous invocation, or that an asynchronous one was accepted.
 * @param {{RequestId: string, Failed?: boolean, Payload?: string}} answer
 */
export function showReply(answer) {
  const { sign, said, facts, parts } = answer.Payload === undefined ? accepted() : read(answer.Payload, answer.Failed === true);
  const log = element("button", { type: "button", class: "quiet", onclick: () => showInvocation(answer.RequestId) }, "Its log lines");
  const list = element("dl", { class: "facts" });
  for (const [name, value] of facts) {
    list.append(element("dt", {}, name), element("dd", {}, value));
  }
  list.append(element("dt", {}, "Invocation"), element("dd", {}, element("code", {}, answer.RequestId), " ", log));
  byId("reply").replaceChildren(element("p", {}, sign), list, ...parts);
  announce([said, ...facts.map(([name, value]) => `${name}: ${value}`)].join(". "));
}

function accepted() {
  const text = "202, accepted: nobody waits";
  const hint = "What becomes of it is in the log. If it fails for good, it is a dead letter.";
  return { sign: badge("plain", text), said: text, facts: [], parts: [element("p", { class: "hint" }, hint)] };
}

/**
 * @param {string} payload
 * @param {boolean} failed
 */
function read(payload, failed) {
  const value = parsed(payload);
  if (failed) {
    const facts = factsOf({ Code: value?.errorType, Message: value?.errorMessage });
    return { sign: badge("bad", "The function failed"), said: "The function failed", facts, parts: [whole(payload)] };
  }
  if (value?.statusCode === undefined) {
    return { sign: badge("good", "The function succeeded"), said: "The function succeeded", facts: [], parts: [code(payload)] };
  }
  const status = Number(value.statusCode);
  const text = `HTTP ${status}`;
  const facts = factsOf(parsed(value.body) ?? {});
  const parts = [code(value.body ?? ""), whole(payload)];
  return { sign: badge(status < 400 ? "good" : "bad", text), said: text, facts, parts };
}

/**
 * @param {Record<string, unknown>} document
 * @returns {[string, string][]}
 */
function factsOf(document) {
  return ["Code", "Message", "RequestId"]
    .filter((name) => document[name] !== undefined)
    .map((name) => [name, String(document[name])]);
}

/** @param {string} text */
function code(text) {
  return element("pre", { tabindex: "0", role: "region", "aria-label": "Body" }, pretty(text));
}

/** @param {string} payload */
function whole(payload) {
  const box = element("pre", { tabindex: "0", role: "region", "aria-label": "All that it returned" }, pretty(payload));
  return element("details", {}, element("summary", {}, "All that it returned"), box);
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
