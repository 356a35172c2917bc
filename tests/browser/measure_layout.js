/** Returns what is wrong with the layout as it is shown now, in words. Playwright calls it in the page. */
() => {
  const problems = new Set();
  const range = document.createRange();
  const slack = 2; // of pixels, in which letters of lines that follow each other may meet

  /** Whether an element is shown; what is scrolled away and not laid out is not. */
  const isShown = (element) => element.checkVisibility({ contentVisibilityAuto: true });

  /** The part of a box that is to be seen in all the boxes around it that clip. */
  const visiblePart = (element, { left, top, right, bottom }) => {
    const part = { left, top, right, bottom };
    for (let around = element.parentElement; around; around = around.parentElement) {
      if (getComputedStyle(around).overflowX !== "visible") {
        const box = around.getBoundingClientRect();
        part.left = Math.max(part.left, box.left);
        part.top = Math.max(part.top, box.top);
        part.right = Math.min(part.right, box.right);
        part.bottom = Math.min(part.bottom, box.bottom);
      }
    }
    return part.right - part.left > 1 && part.bottom - part.top > 1 ? part : null;
  };

  /** All text nodes within an element that are shown. */
  const textsIn = (element, except) => {
    const texts = [];
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const { data, parentElement } = walker.currentNode;
      if (data.trim() && !parentElement.closest(except) && isShown(parentElement)) {
        texts.push(walker.currentNode);
      }
    }
    return texts;
  };

  const page = document.querySelector(".page");
  const sideways = document.documentElement.scrollWidth - innerWidth;
  if (sideways > 0) {
    problems.add(`the page scrolls sideways by ${sideways} px`);
  }

  // Lines of text and controls: none leaves the page, and none lies on another.
  const pieces = [];
  const addPiece = (owner, box, name) => {
    const part = visiblePart(owner, box);
    if (part) {
      pieces.push({ owner, name, ...part });
    }
  };
  for (const text of textsIn(page, "option, textarea, .visually-hidden, .skips, .paint, .gutter")) {
    range.selectNodeContents(text);
    [...range.getClientRects()].forEach((box) => addPiece(text.parentElement, box, text.data.trim().slice(0, 30)));
  }
  for (const control of [...page.querySelectorAll("input, select, textarea")].filter(isShown)) {
    addPiece(control, control.getBoundingClientRect(), control.id);
  }
  pieces.sort((one, other) => one.top - other.top);
  pieces.forEach((one, place) => {
    if (one.right > innerWidth + 1) {
      problems.add(`"${one.name}" leaves the page`);
    }
    for (const other of pieces.slice(place + 1)) {
      if (other.top >= one.bottom - slack) {
        break;
      }
      if (other.owner !== one.owner && other.left < one.right - slack && one.left < other.right - slack) {
        problems.add(`"${one.name}" and "${other.name}" overlap`);
      }
    }
  });

  // Words on buttons: none is broken, but for ids and URLs.
  for (const button of [...page.querySelectorAll("button")].filter(isShown)) {
    for (const text of textsIn(button, ".visually-hidden")) {
      for (const { 0: word, index } of text.data.matchAll(/[^\s-]{1,14}(?![^\s-])/g)) {
        range.setStart(text, index);
        range.setEnd(text, index + word.length);
        if (new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size > 1) {
          problems.add(`"${word}" is broken`);
        }
      }
    }
  }
  return [...problems];
}
