/** Follows the server: waits until anything changes, and then looks at all of it. */

import { Refused, Unreachable, get } from "/_console/api.js";

const WAIT_SECONDS = 20;
const GATHER_MS = 120;
const LONGEST_PAUSE_MS = 5000;

/** Calls `look` whenever it is asked to, one at a time. */
export class Watcher {
  /** @param {() => Promise<unknown>} look */
  constructor(look) {
    this.look = look;
    /** @type {Promise<void> | null} */
    this.running = null;
    this.again = false;
  }

  /** Look now, or right after the look that is under way. */
  async now() {
    this.again = true;
    this.running ??= this.#run();
    return this.running;
  }

  async #run() {
    try {
      while (this.again) {
        this.again = false;
        await this.look();
      }
    } finally {
      this.running = null; // at once: who asks from now on is not to be told of this look
    }
  }
}

/**
 * Follow the server for as long as the page is open, gently where it does not answer.
 * @param {Watcher} watcher
 * @param {{found: () => void, lost: () => void}} views `found` is called whenever all of it was seen.
 */
export async function follow(watcher, views) {
  let seen = -1;
  let delay = 250;
  for (;;) {
    await visible();
    try {
      const { Changes } = await get(`/_serve/changes?since=${seen}&wait=${WAIT_SECONDS}`);
      await watcher.now();
      [seen, delay] = [Changes, 250];
      views.found();
      await pause(GATHER_MS);
    } catch (error) {
      if (!(error instanceof Refused || error instanceof Unreachable)) {
        reportError(error); // a bug of this page: said in the browser's log, and no reason to stop
      }
      seen = -1;
      views.lost();
      await pause(delay);
      delay = Math.min(2 * delay, LONGEST_PAUSE_MS);
    }
  }
}

/** @param {number} ms */
function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Wait until the page is visible: one in the background would only hold a connection. */
async function visible() {
  while (document.hidden) {
    await new Promise((resolve) => document.addEventListener("visibilitychange", resolve, { once: true }));
  }
}
