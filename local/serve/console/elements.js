/** Finds and makes elements. Whatever comes from outside becomes a text node, never HTML. */

/**
 * Return the element of this id, which the page has.
 * @param {string} id
 * @returns {any}
 */
export function byId(id) {
  return document.getElementById(id);
}

/**
 * Make an element.
 * @param {string} tag
 * @param {Record<string, any>} [attributes] those that are false, null or undefined are left out; `onclick` is a function.
 * @param {...(Node | string | null | false | undefined)} children those that are no node and no text are left out.
 * @returns {any}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "onclick") {
      made.addEventListener("click", value);
    } else if (value !== false && value != null) {
      made.setAttribute(name, value === true ? "" : value);
    }
  }
  made.append(.../** @type {(Node | string)[]} */ (children.filter((child) => child || child === "")));
  return made;
}

/**
 * Make a button that does something, with a name of its own where its text alone says too little.
 * @param {string} text
 * @param {(event: Event) => unknown} onclick
 * @param {Record<string, any>} [attributes]
 */
export function button(text, onclick, attributes = {}) {
  return element("button", { type: "button", onclick, ...attributes }, text);
}

/**
 * Make the id of a contact, which shows the invocations about it; an id that was masked is none.
 * @param {string | null} id
 * @param {(id: string) => void} show
 */
export function contactId(id, show) {
  if (!id || !id.startsWith("c-")) {
    return element("span", { class: "id muted" }, id ?? "no contact");
  }
  const label = `Invocations about ${id}`;
  return button(id, () => show(id), { class: "id", title: label, "aria-label": label });
}

/**
 * Make a list of names with their values; those without a value are left out.
 * @param {[string, unknown][]} pairs
 */
export function facts(pairs) {
  const list = element("dl", { class: "facts" });
  for (const [name, value] of pairs.filter(([, value]) => value)) {
    list.append(element("dt", {}, name), element("dd", {}, String(value)));
  }
  return list;
}
