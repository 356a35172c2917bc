/** Follows the server: waits for log lines, and looks at all else whenever there are some. */

import { get } from "/_console/api.js";

const WAIT_SECONDS = 20;
const GATHER_MS = 120;
const LOOK_AGAIN_MS = 400;
const LONGEST_PAUSE_MS = 5000;

/**
 * @typedef {object} Views
 * @property {() => void} begin the server is there, and what was shown of another one is out of date
 * @property {(lines: any[]) => void} lines
 * @property {() => void} lost
 */

/** Calls `look` again and again, one at a time. */
export class Watcher {
  /** @param {() => Promise<boolean>} look */
  constructor(look) {
    this.look = look;
    this.running = null;
    this.again = false;
    this.timer = 0;
  }

  /** Look now, or right after the look that is under way. */
  async now() {
    this.again = true;
    this.running ??= this.#run().finally(() => (this.running = null));
    return this.running;
  }

  async #run() {
    let unfinished = false;
    while (this.again) {
      this.again = false;
      unfinished = await this.look();
    }
    clearTimeout(this.timer);
    if (unfinished) {
      this.timer = setTimeout(() => this.now().catch(() => {}), LOOK_AGAIN_MS);
    }
  }
}

/**
 * Follow the server for as long as the page is open, gently where it does not answer.
 * @param {Views} views
 * @param {Watcher} watcher
 */
export async function follow(views, watcher) {
  let next = 0;
  let connected = false;
  let delay = 250;
  for (;;) {
    await visible();
    try {
      // A server that is there again may be another one, whose lines count from 1.
      const answer = await get(connected ? `/_serve/logs?since=${next}&wait=${WAIT_SECONDS}` : "/_serve/logs");
      if (!connected) {
        views.begin();
      }
      [connected, delay, next] = [true, 250, answer.Next];
      views.lines(answer.Lines);
      await watcher.now();
      await pause(GATHER_MS);
    } catch {
      connected = false;
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
