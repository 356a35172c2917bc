/** Lets what changed something have the page look at the server at once. */

/** @type {() => Promise<unknown>} */
let look = () => Promise.resolve();

/** @param {() => Promise<unknown>} how the page looks at all of it */
export function startLooking(how) {
  look = how;
}

/** Look at the server now. */
export function lookNow() {
  return look();
}
