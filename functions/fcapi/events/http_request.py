"""A request over HTTP, as the triggers `http` and `api_gateway` read it: method, headers, JSON body within limits."""

import binascii
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from fcapi.events.deliveries import MalformedRequestBody, PayloadRefused, ReplyKind
from fcapi.events.payloads import MalformedJson, decode_base64, parse_json

MAX_BODY_BYTES = 16 * 1024

# Compiled only when a request has one, so that no cold start waits for it.
_TRACEPARENT = r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}"


class MethodNotAllowed(PayloadRefused):
    """Another method than POST."""

    code = "MethodNotAllowed"
    http_status = 405
    headers = MappingProxyType({"Allow": "POST"})


class UnsupportedMediaType(PayloadRefused):
    """Another content type than JSON, or none."""

    code = "UnsupportedMediaType"
    http_status = 415


class RequestTooLarge(PayloadRefused):
    """A body of more than `MAX_BODY_BYTES`, decoded."""

    code = "RequestTooLarge"
    http_status = 413


class HttpRequest(NamedTuple):
    """A request as an envelope holds it; `headers` by lower-case name."""

    method: str
    headers: Mapping[str, str]
    body: str
    is_base64_encoded: bool

    @property
    def reply(self) -> ReplyKind:
        """How it is answered: a request for an asynchronous invocation has no caller that waits for a reply.

        Source: the vendor's page "HTTP triggers overview"; whether the header reaches the function is not documented.
        """
        return "result" if self.headers.get("x-fc-invocation-type", "").lower() == "async" else "http"

    @property
    def trace_id(self) -> str | None:
        """The trace id of its `traceparent`, if that is valid."""
        return trace_id_of(self.headers.get("traceparent", ""))

    def refuse_method(self) -> None:
        """Refuse any method but POST.

        Raises:
            MethodNotAllowed: it is another.

        """
        if self.method != "POST":
            raise MethodNotAllowed("Only POST is accepted.", "Send the fields in the JSON body of a POST.")

    def json_body(self, *, assumed_type: str = "") -> object:
        """Return the value of the body; `assumed_type` is its content type where no header names one.

        Raises:
            PayloadRefused: its content type is not JSON, it is not JSON, or it is too large.

        """
        if not _is_json(self.headers.get("content-type", assumed_type)):
            hint = "Send the header Content-Type: application/json, and the body in UTF-8."
            raise UnsupportedMediaType("The Content-Type must be application/json.", hint)
        try:
            return parse_json(self.body_bytes())
        except MalformedJson as error:
            raise MalformedRequestBody(f"The body must be a JSON object: {error}.", error.hint) from None

    def body_bytes(self, limit: int = MAX_BODY_BYTES) -> bytes:
        """Return the body, decoded.

        Raises:
            PayloadRefused: it has more than `limit` bytes, or is not the base64 that it is said to be.

        """
        body = self.body.encode("utf-8", "surrogatepass")
        if self.is_base64_encoded:
            try:
                body = decode_base64(body)
            except binascii.Error:
                hint = "Encode the body, or set isBase64Encoded to false."
                raise MalformedRequestBody("The body is not the base64 that the event says it is.", hint) from None
        if len(body) > limit:
            raise body_too_large(limit)
        return body


def trace_id_of(traceparent: str) -> str | None:
    """Return the trace id in a `traceparent`, 32 hexadecimal digits, or None where it is not valid.

    Source: the W3C recommendation "Trace Context".
    """
    match = re.fullmatch(_TRACEPARENT, traceparent.strip()) if traceparent else None
    return match.group(1) if match else None


def body_too_large(limit: int = MAX_BODY_BYTES) -> RequestTooLarge:
    """Return the refusal of a body that has more bytes than this."""
    hint = "Send only the fields that a request has."
    return RequestTooLarge(f"The body must not be larger than {limit} bytes.", hint)


def _is_json(content_type: str) -> bool:
    """Tell whether it is JSON in UTF-8: `application/json` with any parameters but a charset that is another one."""
    media_type, *parameters = content_type.lower().split(";")
    return media_type.strip() == "application/json" and not any(map(_is_other_charset, parameters))


def _is_other_charset(parameter: str) -> bool:
    name, _, value = parameter.partition("=")
    return name.strip() == "charset" and value.strip(' \t"') not in ("", "utf-8", "utf8")
