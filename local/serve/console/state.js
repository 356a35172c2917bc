/** The state of things: where it listens, the functions, the timer, the daily limit. */

import { announce, failureOf } from "/_console/announce.js";
import { post } from "/_console/api.js";
import { byId, element, showList } from "/_console/elements.js";

const ENDPOINTS = [
  ["http_trigger", "HTTP trigger"],
  ["api_gateway", "API gateway"],
  ["invoke_api", "Invoke API"],
  ["emulator", "Resource Directory"],
];

/**
 * Show the state, and how many texts were sent today.
 * @param {any} state
 * @param {{SentToday: number, DailyLimit: number}} limit
 */
export function showState(state, limit) {
  showList(byId("endpoints"), ENDPOINTS.map(([name, label]) => ({ label, url: state.Endpoints[name] ?? "" })), endpoint);
  const triggers = { [state.HttpFunction]: "HTTP trigger", [state.TimerFunction]: "timer" };
  const functions = state.Functions.map((/** @type {any} */ served) => ({ ...served, trigger: triggers[served.Name] }));
  showList(byId("functions"), functions, servedFunction);
  const waiting = state.EventsWaiting;
  byId("events-waiting").textContent = `${waiting} ${waiting === 1 ? "event waits" : "events wait"} · ${state.Runtime}`;
  byId("next-run").textContent = state.NextRun ? moment(new Date(state.NextRun)) : "–";
  showLimit(limit);
}

/**
 * Let the timer be fired by its button.
 * @param {(reply: any) => void} showReply
 */
export function startTimer(showReply) {
  const button = byId("run-now");
  button.addEventListener("click", async () => {
    if (button.getAttribute("aria-busy") === "true") {
      return;
    }
    button.setAttribute("aria-busy", "true");
    const failure = await failureOf(async () => showReply(await post("/_serve/tick")));
    button.removeAttribute("aria-busy");
    if (failure) {
      announce(failure);
    }
  });
}

/** @param {{label: string, url: string}} shown */
function endpoint({ label, url }) {
  const copy = element("button", { type: "button", class: "quiet", "aria-label": `Copy the URL of ${label}` }, "Copy");
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(url);
      announce(`Copied the URL of ${label}`);
      copy.textContent = "Copied";
      setTimeout(() => (copy.textContent = "Copy"), 1500);
    } catch {
      announce("The browser does not let this page copy.");
    }
  });
  return element("div", {}, element("dt", {}, label), element("dd", {}, element("code", {}, url), copy));
}

/** @param {any} served */
function servedFunction(served) {
  const instances = `${served.Instances} ${served.Instances === 1 ? "instance" : "instances"}`;
  const retries = `${served.Retries} ${served.Retries === 1 ? "retry" : "retries"}`;
  const facts = [instances, retries, served.trigger].filter(Boolean).join(", ");
  return element("li", {}, element("code", {}, served.Name), " ", element("span", { class: "muted" }, facts));
}

/** @param {Date} date */
function moment(date) {
  const minutes = Math.max(0, Math.round((date.getTime() - Date.now()) / 60000));
  const clock = date.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  const distance = minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return `at ${clock}, in ${distance}`;
}

/** @param {{SentToday: number, DailyLimit: number}} limit */
function showLimit(limit) {
  const meter = byId("limit");
  // A meter of no texts at all has no length of its own; it is full.
  meter.max = Math.max(1, limit.DailyLimit);
  meter.high = 0.8 * meter.max;
  meter.optimum = 0;
  meter.value = limit.DailyLimit ? limit.SentToday : 1;
  const text = `${limit.SentToday} of ${limit.DailyLimit} texts today`;
  const spent = limit.SentToday >= limit.DailyLimit;
  byId("limit-text").textContent = spent ? `${text}: spent` : text;
  meter.setAttribute("aria-valuetext", text);
}
