/** Makes a list one stop of the Tab key: arrow keys go from row to row, and Tab through the controls of one row. */

const CONTROLS = "button, a[href], summary, pre[tabindex]";

/**
 * Let the arrow keys move in a list.
 * @param {HTMLElement} list
 * @param {"first" | "last"} start the row that is reached first
 */
export function startArrowKeys(list, start) {
  /** @type {HTMLElement | null} */
  let current = null;
  let visited = false;

  const shownRows = () =>
    /** @type {HTMLElement[]} */ ([...list.children].filter((row) => !(/** @type {HTMLElement} */ (row).hidden)));

  /** @param {HTMLElement | null} row */
  function enter(row) {
    if (row !== current) {
      setStops(current, -1);
      current = row;
      setStops(current, 0);
    }
  }

  function tend() {
    const rows = shownRows();
    const lost = !current || !current.isConnected || current.hidden;
    if (lost || (!visited && current !== rows.at(start === "first" ? 0 : -1))) {
      enter(rows.at(start === "first" ? 0 : -1) ?? null);
    }
  }

  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) {
      for (const node of addedNodes) {
        const row = node instanceof Element && rowOf(list, node);
        if (row) {
          setStops(node, row === current ? 0 : -1);
        }
      }
    }
    tend();
  }).observe(list, { childList: true, subtree: true, attributes: true, attributeFilter: ["hidden"] });

  list.addEventListener("focusin", (focused) => {
    visited = true;
    enter(rowOf(list, /** @type {Element} */ (focused.target)));
  });

  list.addEventListener("keydown", (pressed) => {
    const target = /** @type {HTMLElement} */ (pressed.target);
    if (!target.matches("button, a, summary") || pressed.ctrlKey || pressed.metaKey || pressed.altKey) {
      return;
    }
    const rows = shownRows();
    const from = rows.indexOf(/** @type {HTMLElement} */ (rowOf(list, target)));
    const to = { ArrowDown: from + 1, ArrowUp: from - 1, Home: 0, End: rows.length - 1 }[pressed.key];
    if (to === undefined) {
      return;
    }
    pressed.preventDefault();
    const place = controlsOf(rows[from]).indexOf(target);
    const controls = rows[to] ? controlsOf(rows[to]) : [];
    (controls[place] ?? controls[0])?.focus();
  });
}

/**
 * @param {HTMLElement} list
 * @param {Element} node
 * @returns {HTMLElement | null}
 */
function rowOf(list, node) {
  let row = node;
  while (row.parentElement && row.parentElement !== list) {
    row = row.parentElement;
  }
  return row.parentElement ? /** @type {HTMLElement} */ (row) : null;
}

/**
 * @param {Element} row
 * @returns {HTMLElement[]}
 */
function controlsOf(row) {
  const all = /** @type {HTMLElement[]} */ ([...row.querySelectorAll("button, a[href], summary")]);
  return all.filter((control) => control.offsetParent !== null);
}

/**
 * @param {Node | null} within
 * @param {number} tabIndex
 */
function setStops(within, tabIndex) {
  if (within instanceof HTMLElement) {
    const inside = /** @type {HTMLElement[]} */ ([...within.querySelectorAll(CONTROLS)]);
    for (const control of within.matches(CONTROLS) ? [within, ...inside] : inside) {
      control.tabIndex = tabIndex;
    }
  }
}
