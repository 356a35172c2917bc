/** What the API is told to do wrong. */

import { act } from "/_console/acts.js";
import { post, remove } from "/_console/api.js";
import { byId, element } from "/_console/elements.js";
import { KINDS } from "/_console/fault_kinds.js";
import { clearErrors, showErrors, startErrors } from "/_console/field_errors.js";
import { count } from "/_console/formats.js";
import { showList } from "/_console/lists.js";
import { lookNow } from "/_console/look.js";
import { badge } from "/_console/outcomes.js";
import { say } from "/_console/toasts.js";

const NUMERIC = ["Status", "Seconds"];

/**
 * Show the faults that wait for an answer to hit.
 * @param {any[]} faults
 */
export function showFaults(faults) {
  showList(byId("faults"), faults, item);
  byId("clear-faults").hidden = faults.length === 0;
  byId("fault-count").textContent = faults.length ? `${faults.length} on` : "";
  byId("fault-alarm").hidden = faults.length === 0;
  byId("fault-alarm").textContent = `The API fails: ${count(faults.length, "fault")} on`;
}

/** Let faults be switched on and off. */
export function startFaults() {
  const [form, select] = [byId("fault-form"), byId("fault-kind")];
  select.append(...KINDS.map((kind, place) => element("option", { value: String(place) }, kind.name)));
  form.reset();
  startErrors(form);
  select.addEventListener("change", showKind);
  showKind();
  form.addEventListener("submit", async (/** @type {Event} */ submitted) => {
    submitted.preventDefault();
    try {
      await post("/_emulator/faults", chosen());
      clearErrors(form);
      await lookNow();
      say(
        "The fault is on. It shows when a function calls the API: for a number that was texted a short time ago, none does.",
      );
    } catch (error) {
      showErrors(form, error);
    }
  });
  byId("fault-alarm").addEventListener("click", () => byId("clear-faults").focus());
  byId("clear-faults").addEventListener("click", (/** @type {any} */ pressed) =>
    act(pressed.currentTarget, async () => {
      await remove("/_emulator/faults");
      await lookNow();
      return "No fault is on";
    }),
  );
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
      element("input", {
        id: `fault-${name}`,
        "data-field": name,
        type: NUMERIC.includes(name) ? "number" : "text",
        step: "any",
        value,
        autocomplete: "off",
      }),
    ),
  );
  byId("fault-fields").replaceChildren(...inputs);
  clearErrors(byId("fault-form"));
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
  const often =
    fault.Times === undefined
      ? `each answer with probability ${fault.Probability}`
      : `the next ${fault.Times === 1 ? "answer" : `${fault.Times} answers`}`;
  const where = fault.Action ? `, ${fault.Action} only` : "";
  return element("li", {}, badge("bad", what), " ", element("span", { class: "muted" }, `${often}${where}`));
}

/** @param {string} name of a kind that is no error */
function nameOf(name) {
  return KINDS.find(({ fault }) => fault.Kind === name)?.name ?? name;
}
