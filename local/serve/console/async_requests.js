/** Makes of a request over HTTP an asynchronous one, as its sender would. */

import { parsed } from "/_console/formats.js";

const HEADER = "X-Fc-Invocation-Type";

/**
 * Return whether an event is a request over HTTP, by which way it came: an HTTP trigger, or an API gateway.
 * @param {string} event
 * @returns {"http" | "gateway" | null}
 */
export function httpKind(event) {
  const envelope = parsed(event);
  if (envelope?.version === "v1" && envelope.requestContext?.http) {
    return "http";
  }
  return typeof envelope?.httpMethod === "string" && typeof envelope.path === "string" ? "gateway" : null;
}

/**
 * Return an event as it is when it is asynchronous: a request at an HTTP trigger says so in a header.
 * @param {string} event
 */
export function asynchronous(event) {
  if (httpKind(event) !== "http") {
    return event;
  }
  const envelope = parsed(event);
  const others = Object.entries(envelope.headers ?? {}).filter(([name]) => name.toLowerCase() !== HEADER.toLowerCase());
  return JSON.stringify({ ...envelope, headers: { ...Object.fromEntries(others), [HEADER]: "Async" } }, null, 2);
}
