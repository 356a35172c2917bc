/** The outcomes of the last hour: a bar for each minute, and how many of each there were. */

import { byId, element } from "/_console/elements.js";
import { allInvocations, isFinished, onInvocations } from "/_console/journal.js";
import { inOrder, toneOf } from "/_console/outcomes.js";

const MINUTES = 60;
const [WIDTH, HEIGHT] = [240, 36];
const MINUTE_MS = 60_000;
const ALWAYS_COUNTED = ["sent", "failed", "unknown"];
const TONES = ["good", "plain", "open", "warn", "bad"];

/** Let the last hour be shown, and go on. */
export function startChart() {
  onInvocations(show);
  setInterval(show, MINUTE_MS / 2);
  show();
}

function show() {
  const now = Date.now();
  /** @type {Map<string, number>} */
  const counted = new Map(ALWAYS_COUNTED.map((outcome) => [outcome, 0]));
  const minutes = Array.from({ length: MINUTES }, () => /** @type {Record<string, number>} */ ({}));
  for (const record of allInvocations().filter(isFinished)) {
    const age = Math.max(0, Math.floor((now - Date.parse(record.FinishedAt)) / MINUTE_MS));
    if (age < MINUTES) {
      for (const [outcome, number] of Object.entries(record.Outcomes)) {
        counted.set(outcome, (counted.get(outcome) ?? 0) + Number(number));
        const minute = minutes[MINUTES - 1 - age];
        minute[toneOf(outcome)] = (minute[toneOf(outcome)] ?? 0) + Number(number);
      }
    }
  }
  byId("counters").replaceChildren(...[...counted].sort(([one], [other]) => inOrder(one, other)).map(counter));
  draw(minutes);
}

/** @param {[string, number]} counted */
function counter([outcome, number]) {
  return element(
    "div",
    { class: number ? toneOf(outcome) : "none" },
    element("dt", {}, outcome.replaceAll("_", " ")),
    element("dd", {}, String(number)),
  );
}

/** @param {Record<string, number>[]} minutes how many of each tone */
function draw(minutes) {
  const most = Math.max(4, ...minutes.map((minute) => Object.values(minute).reduce((sum, number) => sum + number, 0)));
  const step = WIDTH / MINUTES;
  /** @type {Element[]} */
  const bars = [];
  minutes.forEach((minute, place) => {
    let top = HEIGHT;
    for (const tone of TONES.filter((one) => minute[one])) {
      const height = (minute[tone] / most) * HEIGHT;
      top -= height;
      bars.push(bar(tone, place * step + 0.5, top, step - 1, height));
    }
  });
  const ground = bar("ground", 0, HEIGHT - 0.5, WIDTH, 0.5);
  byId("chart").replaceChildren(ground, ...bars);
}

/**
 * @param {string} tone
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {number} height
 */
function bar(tone, x, y, width, height) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  for (const [name, value] of Object.entries({ x, y, width, height })) {
    made.setAttribute(name, value.toFixed(2));
  }
  made.setAttribute("class", tone);
  return made;
}
