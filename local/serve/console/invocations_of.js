/** Shows the invocations about one contact alone. */

import { byId } from "/_console/elements.js";
import { setFilter } from "/_console/filter.js";
import { chooseTab } from "/_console/tabs.js";

/** @param {string} contactId */
export function showInvocationsOf(contactId) {
  chooseTab("invocations");
  setFilter(contactId);
  byId("search").focus();
}
