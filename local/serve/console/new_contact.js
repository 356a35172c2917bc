/** Adds a contact of a made-up number, and writes its event: one that no window keeps from being texted. */

import { act } from "/_console/acts.js";
import { post } from "/_console/api.js";
import { writeEventFor } from "/_console/events.js";

/**
 * @param {any} control the button that asked for it
 */
export function newContact(control) {
  return act(control, async () => {
    const { ContactId, PhoneNumber } = await post("/_emulator/contacts", { PhoneNumber: madeUpNumber() });
    await writeEventFor(ContactId, PhoneNumber);
    return `Added ${ContactId}. Its event is written: Invoke sends it.`;
  });
}

function madeUpNumber() {
  return `86-139${String(Math.floor(Math.random() * 1e8)).padStart(8, "0")}`;
}
