/** Calls the control routes of the origin that served this page, and no other. */

/** The server refused a call: `code`, a message for the user, and what is wrong with each field. */
export class Refused extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {{Field: string, Message: string}[]} problems
   */
  constructor(code, message, problems = []) {
    super(message);
    this.code = code;
    this.problems = problems;
  }
}

/** The server did not answer. */
export class Unreachable extends Error {}

/** The last answer to each path that `getAnew` asked for. @type {Map<string, {text: string, document: any}>} */
const last = new Map();

/** @param {string} path */
export const get = async (path) => (await call("GET", path)).document;

/**
 * @param {string} path
 * @param {unknown} [body]
 */
export const post = async (path, body = {}) => (await call("POST", path, body)).document;

/** @param {string} path */
export const remove = async (path) => (await call("DELETE", path)).document;

/**
 * Get a document; the very same object as before where nothing of it changed.
 * @param {string} path
 */
export async function getAnew(path) {
  const answer = await call("GET", path, undefined, last.get(path));
  last.set(path, answer);
  return answer.document;
}

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 * @param {{text: string, document: any}} [before]
 * @returns {Promise<{text: string, document: any}>} the answer
 * @throws {Refused | Unreachable}
 */
async function call(method, path, body, before) {
  const options =
    body === undefined ? {} : { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  let answer;
  let text;
  try {
    answer = await fetch(path, { method, credentials: "omit", redirect: "error", ...options });
    text = await answer.text();
  } catch {
    throw new Unreachable("The server does not answer. Is fcapi serve still running?");
  }
  if (before?.text === text && answer.ok) {
    return before;
  }
  const document = parsed(text);
  if (!answer.ok || document === undefined) {
    throw new Refused(
      document?.Code ?? `HTTP ${answer.status}`,
      document?.Message ?? "The server refused this.",
      document?.Problems,
    );
  }
  return { text, document };
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
