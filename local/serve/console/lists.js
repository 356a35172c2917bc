/** Keeps the children of a list in step with items. */

import { byId } from "/_console/elements.js";
import { numbersAreWhole } from "/_console/numbers.js";

const signatures = new WeakMap();

/**
 * Show items as the children of a list. A child whose item is as it was stays the same, with its focus.
 * @template Item
 * @param {HTMLElement} list its `data-empty` names the element to show when there are no items.
 * @param {Item[]} items
 * @param {(item: Item) => HTMLElement} make
 */
export function showList(list, items, make) {
  const known = new Map(Array.from(list.children, (child) => [signatures.get(child), child]));
  const wanted = items.map((item) => {
    const signature = JSON.stringify([item, numbersAreWhole()]);
    const child = known.get(signature) ?? make(item);
    known.delete(signature);
    signatures.set(child, signature);
    return child;
  });
  const kept = new Set(wanted);
  for (const child of [...list.children]) {
    if (!kept.has(child)) {
      child.remove();
    }
  }
  let next = list.firstElementChild;
  for (const child of wanted) {
    if (child === next) {
      next = next.nextElementSibling;
    } else {
      list.insertBefore(child, next);
    }
  }
  if (list.dataset.empty) {
    byId(list.dataset.empty).hidden = items.length > 0;
  }
}

/**
 * Return whether a scrolled box shows its end, where new things appear.
 * @param {HTMLElement} box
 */
export function isAtEnd(box) {
  return box.scrollHeight - box.scrollTop - box.clientHeight < 40;
}
