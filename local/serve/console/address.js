/** Has the address of the page say what is shown, and shows what an address says. */

import { chosenChips, onFilter, searchText, setFilter } from "/_console/filter.js";
import { onOpen, openId, setOpen } from "/_console/open_invocation.js";
import { readAddress, writeAddress } from "/_console/page_address.js";
import { chosenTab, onTab, setTab } from "/_console/tabs.js";

let following = false;
/** What there is to write: "new" where "back" is to return to what was shown before. @type {"" | "new" | "same"} */
let noted = "";

/** Show what the address says, now and whenever the user goes back, and keep it up to date. */
export function startAddress() {
  follow();
  onFilter(() => note("same"));
  onTab(() => note("new"));
  onOpen(() => note("new"));
  addEventListener("popstate", follow);
}

function follow() {
  const shown = readAddress();
  following = true;
  setTab(shown.view);
  setFilter(shown.search, shown.chips);
  setOpen(shown.open);
  following = false;
}

/**
 * Write what is shown into the address, once all of it is.
 * @param {"new" | "same"} entry
 */
function note(entry) {
  if (following) {
    return;
  }
  if (!noted) {
    queueMicrotask(() => {
      writeAddress({ view: chosenTab(), search: searchText(), open: openId(), chips: chosenChips() }, noted === "new");
      noted = "";
    });
  }
  noted = noted === "new" ? noted : entry;
}
