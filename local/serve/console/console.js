/** Puts the console together. */

import { startAddress } from "/_console/address.js";
import { get, getAnew } from "/_console/api.js";
import { startArrowKeys } from "/_console/arrow_keys.js";
import { startChart } from "/_console/chart.js";
import { startChips } from "/_console/chips.js";
import { showLive, showLost } from "/_console/connection.js";
import { startContactForm } from "/_console/contact_form.js";
import { showContacts, startContacts } from "/_console/contacts.js";
import { showDeadLetters, startDeadLetters } from "/_console/dead_letters.js";
import { byId } from "/_console/elements.js";
import { showFaults, startFaults } from "/_console/faults.js";
import { startFilter } from "/_console/filter.js";
import { startFirstSteps } from "/_console/first_steps.js";
import { startInbox } from "/_console/inbox.js";
import { startInvocationList } from "/_console/invocation_list.js";
import { loadEvents, startInvoke } from "/_console/invoke.js";
import { forgetInvocations, pathOfChanges, takeChanges } from "/_console/journal.js";
import { showLimit, startLimit } from "/_console/limit.js";
import { Watcher, follow } from "/_console/live.js";
import { addLines, clearLogs, pathOfLines, startLogs } from "/_console/logs.js";
import { startLooking } from "/_console/look.js";
import { takeMessages } from "/_console/messages_of.js";
import { startNumbers } from "/_console/numbers.js";
import { startReply } from "/_console/reply.js";
import { showState, startState } from "/_console/state.js";
import { startTabs } from "/_console/tabs.js";

let epoch = "";

const watcher = new Watcher(async () => {
  const state = await get("/_serve/state");
  if (state.Epoch !== epoch) {
    clearLogs();
    forgetInvocations();
  }
  const [changes, lines, letters, texts, mails, limit, clock, contacts, faults] = await Promise.all([
    get(pathOfChanges()),
    get(pathOfLines()),
    getAnew("/_serve/dead-letters"),
    getAnew("/_serve/texts"),
    getAnew("/_serve/mails"),
    getAnew("/_emulator/limit"),
    getAnew("/_emulator/clock"),
    getAnew("/_emulator/contacts"),
    getAnew("/_emulator/faults"),
  ]);
  showState(state);
  takeMessages(texts.Texts, mails.Mails);
  takeChanges(changes);
  addLines(lines);
  showDeadLetters(letters.DeadLetters);
  showContacts(contacts.Contacts);
  showFaults(faults.Faults);
  showLimit(limit, clock.Now);
  if (epoch && state.Epoch !== epoch) {
    await loadEvents(); // of another server, perhaps
  }
  epoch = state.Epoch;
});

startLooking(() => watcher.now());
startNumbers(byId("whole-numbers"));
startFilter();
startLogs();
startInvocationList();
startChips();
startChart();
startFirstSteps();
startReply();
startInbox();
startContacts();
startContactForm();
startFaults();
startDeadLetters();
startState();
startLimit();
startTabs();
for (const [list, start] of /** @type {["invocations", "first"][]} */ ([
  ["invocations", "first"],
  ["letters", "first"],
  ["log", "last"],
  ["messages", "last"],
  ["contacts", "first"],
])) {
  startArrowKeys(byId(list), start);
}
startAddress();
void startInvoke();
void follow(watcher, { found: showLive, lost: showLost });
