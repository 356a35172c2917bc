/** Copies texts, and saves them as files. */

import { complain, say } from "/_console/toasts.js";

/**
 * Copy a text, and say so.
 * @param {string} text
 * @param {string} said
 */
export async function copy(text, said) {
  try {
    await navigator.clipboard.writeText(text);
    say(said);
  } catch {
    complain("The browser does not let this page copy. Save it, or select it and copy it yourself.");
  }
}

/**
 * Save a text as a file, where the browser saves what is downloaded.
 * @param {string} name
 * @param {string} type its media type
 * @param {string} text
 */
export function save(name, type, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  say(`Saved ${name}`);
}
