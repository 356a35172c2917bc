/** Writes an invocation as a command of a shell that does the same. */

import { httpKind } from "/_console/async_requests.js";
import { parsed } from "/_console/formats.js";

const NOT_SENT = ["host", "content-length", "connection", "accept-encoding", "x-ca-request-id"];

/**
 * Return a command of curl: the request itself where it came over HTTP, else a call of the control route.
 * @param {any} record
 * @param {string} event
 * @param {any} state what is served
 */
export function curlOf(record, event, state) {
  const kind = httpKind(event);
  if (kind === "http" && record.Trigger === "http" && !state.Signed) {
    const envelope = parsed(event);
    return requestOf(
      state.Endpoints.http_trigger,
      envelope.requestContext.http.method,
      envelope.rawPath ?? "/",
      envelope,
    );
  }
  if (kind === "gateway" && record.Trigger === "api_gateway") {
    const envelope = parsed(event);
    return requestOf(state.Endpoints.api_gateway, envelope.httpMethod, envelope.path, envelope);
  }
  const body = JSON.stringify({ Function: record.Function, Event: event, Async: record.Async });
  return `curl ${quoted(`${state.Endpoints.invoke_api}/_serve/invoke`)} \\\n  -H 'Content-Type: application/json' \\\n  --data-raw ${quoted(body)}`;
}

/**
 * Return a command of fcapi, with the event as its standard input.
 * @param {any} record
 * @param {string} event
 */
export function fcapiOf(record, event) {
  const how = record.Async ? ` --async --retries ${record.TriesAllowed - 1}` : "";
  return `fcapi invoke - --function ${record.Function}${how} <<'EVENT'\n${event.trimEnd()}\nEVENT`;
}

/**
 * @param {string} origin
 * @param {string} method
 * @param {string} path
 * @param {any} envelope
 */
function requestOf(origin, method, path, envelope) {
  const query = new URLSearchParams(envelope.queryParameters ?? {}).toString();
  const headers = Object.entries(envelope.headers ?? {}).filter(([name]) => !NOT_SENT.includes(name.toLowerCase()));
  const parts = [
    `curl -X ${quoted(method)} ${quoted(origin + path + (query && `?${query}`))}`,
    ...headers.map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
  ];
  const encoded = String(envelope.isBase64Encoded) === "true";
  if (envelope.body) {
    parts.push(encoded ? "--data-binary @-" : `--data-raw ${quoted(envelope.body)}`);
  }
  const command = parts.join(" \\\n  ");
  return encoded && envelope.body ? `base64 -d <<< ${quoted(envelope.body)} | ${command}` : command;
}

/** @param {string} text */
function quoted(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
