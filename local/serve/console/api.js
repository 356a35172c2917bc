/** Calls the control routes of the origin that served this page, and no other. */

/** The server refused a call: `code`, and a message for the user. */
export class Refused extends Error {
  /**
   * @param {string} code
   * @param {string} message
   */
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/** The server did not answer. */
export class Unreachable extends Error {}

/** @param {string} path */
export const get = (path) => call("GET", path);

/**
 * @param {string} path
 * @param {unknown} [body]
 */
export const post = (path, body = {}) => call("POST", path, body);

/** @param {string} path */
export const remove = (path) => call("DELETE", path);

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 * @returns {Promise<any>} the document of the answer
 * @throws {Refused | Unreachable}
 */
async function call(method, path, body) {
  const options = body === undefined ? {} : { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  let answer;
  let text;
  try {
    answer = await fetch(path, { method, credentials: "omit", redirect: "error", ...options });
    text = await answer.text();
  } catch {
    throw new Unreachable("The server does not answer. Is fcapi serve still running?");
  }
  const document = parsed(text);
  if (!answer.ok || document === undefined) {
    throw new Refused(document?.Code ?? `HTTP ${answer.status}`, document?.Message ?? "The server refused this.");
  }
  return document;
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
