/** Phone numbers and e-mail addresses as they are shown: masked, unless the user asked for whole ones. */

let whole = false;
/** @type {(() => void)[]} */
const listeners = [];

/** Return whether whole numbers were asked for. */
export function numbersAreWhole() {
  return whole;
}

/**
 * Return a number as the functions' log masks it: `86-139****1234`.
 * @param {string} number
 */
export function mask(number) {
  const match = /^([0-9]{1,4})-([0-9]+)$/.exec(number);
  if (!match) {
    return "invalid";
  }
  const [, country, digits] = match;
  if (digits.length >= 11) {
    return `${country}-${digits.slice(0, 3)}****${digits.slice(-4)}`;
  }
  return `${country}-****${digits.length > 4 ? digits.slice(-2) : ""}`;
}

/**
 * Return a number or an e-mail address as it may be shown now: of a masked address, the domain can be read.
 * @param {string} target
 */
export function shown(target) {
  const [, domain] = target.split("@");
  return whole ? target : domain ? `****@${domain}` : mask(target);
}

/**
 * Call this whenever numbers are to be shown otherwise than before.
 * @param {() => void} listener
 */
export function onNumbers(listener) {
  listeners.push(listener);
}

/**
 * Let a switch decide, which is off whenever the page is loaded.
 * @param {HTMLInputElement} control
 */
export function startNumbers(control) {
  control.checked = false;
  control.addEventListener("change", () => {
    whole = control.checked;
    listeners.forEach((listener) => listener());
  });
}
