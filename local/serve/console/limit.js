/** The directory's day: how many texts were sent of those that may be, and how to get to the next one. */

import { act } from "/_console/acts.js";
import { post } from "/_console/api.js";
import { byId } from "/_console/elements.js";
import { lookNow } from "/_console/look.js";

const CHINA = "Asia/Shanghai";
const SECONDS_OF_A_DAY = 86_400;
const LEAST_SHOWN_PERCENT = 3;

/** Let the next day be begun. */
export function startLimit() {
  byId("next-day").addEventListener("click", (/** @type {any} */ pressed) =>
    act(pressed.currentTarget, async () => {
      const { Now } = await post("/_emulator/clock", { AdvanceSeconds: SECONDS_OF_A_DAY });
      await lookNow();
      return `For the directory it is ${dayOf(Now)}. The functions’ windows go by the real time.`;
    }),
  );
}

/**
 * Show how many texts were sent today, and which day that is.
 * @param {{SentToday: number, DailyLimit: number}} limit
 * @param {string} now the time of the directory
 */
export function showLimit({ SentToday, DailyLimit }, now) {
  const spent = SentToday >= DailyLimit;
  const text = `${SentToday} of ${DailyLimit} texts today`;
  byId("limit-text").textContent = spent ? `${text}: spent` : text;
  byId("day").textContent = dayOf(now) === dayOf(new Date().toISOString()) ? "" : dayOf(now);
  const percent = DailyLimit ? Math.min(100, (100 * SentToday) / DailyLimit) : 100;
  const meter = byId("limit");
  meter.setAttribute("aria-valuenow", String(Math.round(percent)));
  meter.setAttribute("aria-valuetext", text);
  meter.classList.toggle("high", percent >= 80);
  meter.firstElementChild.style.width = `${percent === 0 ? 0 : Math.max(percent, LEAST_SHOWN_PERCENT)}%`;
}

/** @param {string} moment */
function dayOf(moment) {
  return new Date(moment).toLocaleDateString("en-GB", {
    timeZone: CHINA,
    weekday: "short",
    day: "numeric",
    month: "short",
  });
}
