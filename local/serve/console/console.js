/** Puts the console together. */

import { get } from "/_console/api.js";
import { showContacts, startContacts } from "/_console/contacts.js";
import { loadDeadLetters, showDeadLetters, startDeadLetters } from "/_console/dead_letters.js";
import { byId } from "/_console/elements.js";
import { startEvents } from "/_console/events.js";
import { showFaults, startFaults } from "/_console/faults.js";
import { showTexts, startInbox } from "/_console/inbox.js";
import { Watcher, follow } from "/_console/live.js";
import { addLines, clearLogs, startLogs } from "/_console/logs.js";
import { startNumbers } from "/_console/numbers.js";
import { showReply } from "/_console/reply.js";
import { showState, startTimer } from "/_console/state.js";

const watcher = new Watcher(async () => {
  // Before all else: where no event waits any more, what the last one left is then in all that is read after it.
  const state = await get("/_serve/state");
  const [limit, messages, contacts, faults, letters] = await Promise.all([
    get("/_emulator/limit"),
    get("/_emulator/messages"),
    get("/_emulator/contacts"),
    get("/_emulator/faults"),
    loadDeadLetters(),
  ]);
  showState(state, limit);
  showTexts(messages.Messages);
  showContacts(contacts.Contacts);
  showFaults(faults.Faults);
  showDeadLetters(letters);
  return state.EventsWaiting > 0;
});
const look = () => watcher.now();

/**
 * @param {string} state live or lost
 * @param {string} text
 */
function showConnection(state, text) {
  const place = byId("connection");
  if (place.dataset.state !== state) {
    place.dataset.state = state;
    place.textContent = text;
  }
}

startNumbers(byId("whole-numbers"), () => void look().catch(() => {}));
startLogs();
startInbox(look);
startContacts(look);
startFaults(look);
startDeadLetters(look);
startTimer(showReply);
void startEvents(showReply);
void follow(
  {
    begin: () => {
      showConnection("live", "Live");
      clearLogs();
    },
    lines: addLines,
    lost: () => showConnection("lost", "Connection lost. Trying again …"),
  },
  watcher,
);
