/** What the API is told to do wrong. */

import { announce, failureOf, showError } from "/_console/announce.js";
import { post, remove } from "/_console/api.js";
import { badge, byId, element, showList } from "/_console/elements.js";
import { KINDS } from "/_console/fault_kinds.js";

const NUMERIC = ["Status", "Seconds"];

/**
 * Show the faults that wait for an answer to hit.
 * @param {any[]} faults
 */
export function showFaults(faults) {
  showList(byId("faults"), faults, item);
}

/**
 * Let faults be switched on and off.
 * @param {() => Promise<unknown>} look
 */
export function startFaults(look) {
  const select = byId("fault-kind");
  select.append(...KINDS.map((kind, place) => element("option", { value: String(place) }, kind.name)));
  byId("fault-form").reset();
  select.addEventListener("change", showKind);
  showKind();
  byId("fault-form").addEventListener("submit", async (submitted) => {
    submitted.preventDefault();
    const failure = await failureOf(async () => {
      await post("/_emulator/faults", chosen());
      await look();
      announce("The fault is on");
    });
    showError("fault-error", failure);
  });
  byId("clear-faults").addEventListener("click", async () => {
    const failure = await failureOf(async () => {
      await remove("/_emulator/faults");
      await look();
    });
    announce(failure || "No fault is on");
  });
}

function kind() {
  return KINDS[Number(byId("fault-kind").value)];
}

function showKind() {
  byId("fault-text").textContent = kind().text;
  const inputs = (kind().fields ?? []).map(([name, label, value]) =>
    element(
      "label",
      { class: "field" },
      `${label} `,
      element("input", { id: `fault-${name}`, type: NUMERIC.includes(name) ? "number" : "text", step: "any", value, autocomplete: "off" }),
    ),
  );
  byId("fault-fields").replaceChildren(...inputs);
  showError("fault-error", "");
}

function chosen() {
  const action = byId("fault-action").value;
  const filled = (kind().fields ?? []).map(([name]) => {
    const { value } = byId(`fault-${name}`);
    return [name, NUMERIC.includes(name) ? Number(value) : value];
  });
  const times = { Times: Number(byId("fault-times").value) };
  return { ...kind().fault, ...Object.fromEntries(filled), ...times, ...(action && { Action: action }) };
}

/** @param {any} fault */
function item(fault) {
  const what = fault.Kind === "error" ? `${fault.Status} ${fault.Code}` : nameOf(fault.Kind);
  const often = fault.Times === undefined ? `each answer with probability ${fault.Probability}` : `the next ${fault.Times}`;
  const where = fault.Action ? `, ${fault.Action} only` : "";
  return element("li", {}, badge("bad", what), " ", element("span", { class: "muted" }, `${often}${where}`));
}

/** @param {string} name of a kind that is no error */
function nameOf(name) {
  return KINDS.find(({ fault }) => fault.Kind === name)?.name ?? name;
}
