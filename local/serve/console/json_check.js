/** Says where JSON text is broken, and how, in the same words in every browser. */

/** Where and how it is broken. */
class Broken extends Error {
  /**
   * @param {number} place
   * @param {string} message
   */
  constructor(place, message) {
    super(message);
    this.place = place;
  }
}

const SPACE = /[ \t\n\r]*/y;
const SCALAR = /true(?![\w$])|false(?![\w$])|null(?![\w$])|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.$])/y;
const TEXT = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;

/**
 * Return the first fault of a text, null where it is JSON. Lines count from 1.
 * @param {string} text
 * @returns {{line: number, message: string} | null}
 */
export function faultOf(text) {
  try {
    JSON.parse(text);
    return null;
  } catch {
    return located(text);
  }
}

/** @param {string} text */
function located(text) {
  const reader = new Reader(text);
  try {
    reader.value();
    reader.end();
  } catch (error) {
    if (error instanceof Broken) {
      return { line: text.slice(0, error.place).split("\n").length, message: error.message };
    }
    if (!(error instanceof RangeError)) {
      throw error;
    }
  }
  return { line: 1, message: "this is not JSON" }; // too deep to say more
}

/** Reads JSON text from its start, and throws Broken where it goes wrong. */
class Reader {
  /** @param {string} text */
  constructor(text) {
    this.text = text;
    this.place = 0;
  }

  value() {
    this.#skip(SPACE);
    switch (this.text[this.place]) {
      case "{":
        return this.#members("}", () => this.#member());
      case "[":
        return this.#members("]", () => this.value());
      case '"':
        return this.#string();
      default:
        if (!this.#skip(SCALAR)) {
          this.#fail(this.place < this.text.length ? this.#unexpected() : "a value is missing at the end");
        }
    }
  }

  end() {
    this.#skip(SPACE);
    if (this.place < this.text.length) {
      this.#fail("there is more after the end of the event");
    }
  }

  /**
   * @param {string} close
   * @param {() => void} read
   */
  #members(close, read) {
    const start = this.place++;
    this.#skip(SPACE);
    if (this.text[this.place] === close) {
      this.place++;
      return;
    }
    for (;;) {
      read();
      this.#skip(SPACE);
      const next = this.text[this.place];
      if (next === close) {
        this.place++;
        return;
      }
      if (next === undefined) {
        this.place = start;
        this.#fail(`this ${this.text[start]} is never closed`);
      }
      if (next !== ",") {
        this.#failBefore(`a comma or ${close} is missing`);
      }
      const comma = this.place++;
      this.#skip(SPACE);
      if (this.text[this.place] === close) {
        this.place = comma;
        this.#fail(`there is a comma too many before ${close}`);
      }
    }
  }

  #member() {
    this.#skip(SPACE);
    if (this.text[this.place] !== '"') {
      this.#fail(this.place < this.text.length ? "a name in double quotes is missing" : "a name is missing at the end");
    }
    this.#string();
    this.#skip(SPACE);
    if (this.text[this.place] !== ":") {
      this.#failBefore("a colon is missing after a name");
    }
    this.place++;
    this.value();
  }

  #string() {
    if (!this.#skip(TEXT)) {
      const line = /^"(?:[^"\\\n]|\\.)*/.exec(this.text.slice(this.place))?.[0] ?? "";
      const closed = this.text[this.place + line.length] === '"';
      this.#fail(
        closed ? "a text has an escape or a control character that JSON does not know" : "a text is never closed",
      );
    }
  }

  #unexpected() {
    const character = this.text[this.place];
    return character === "'" ? "texts are in double quotes" : "a value is missing, or is written as JSON has none";
  }

  /** @param {RegExp} pattern */
  #skip(pattern) {
    pattern.lastIndex = this.place;
    const found = pattern.exec(this.text);
    this.place += found ? found[0].length : 0;
    return found !== null && found[0].length > 0;
  }

  /** @param {string} message of what is missing after the last thing that was read */
  #failBefore(message) {
    this.place = this.text.slice(0, this.place).trimEnd().length;
    this.#fail(message);
  }

  /** @param {string} message */
  #fail(message) {
    throw new Broken(this.place, message);
  }
}
