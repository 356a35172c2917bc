"""`http`: a request that came through an HTTP trigger, as its envelope of version v1.

Source: the vendor's page "HTTP trigger invoking function", with a captured request: header names come in any case,
several values of one joined by commas, the body as base64 where its content type is binary.
"""

import base64
import binascii
from collections.abc import Mapping
from types import MappingProxyType

from pydantic import AliasPath, BaseModel, ConfigDict, Field, ValidationError

from fcapi.deliveries import Delivery, Invocation, MalformedRequestBody, PayloadRefused
from fcapi.errors import MalformedEvent
from fcapi.strict_json import MalformedJson, parse_json
from fcapi.trace_context import trace_id_of

MAX_BODY_BYTES = 16 * 1024


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


class HttpEvent(BaseModel):
    """What is read of the envelope; whatever else is in it is passed over."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    method: str = Field(validation_alias=AliasPath("requestContext", "http", "method"))
    headers: dict[str, str] | None = None
    query: dict[str, str] | None = Field(default=None, validation_alias="queryParameters")
    body: str | None = None
    is_base64_encoded: bool | None = Field(default=None, validation_alias="isBase64Encoded")


def read(event: object) -> Invocation:
    """Return the one delivery of an HTTP request: its body, or why the body cannot be one.

    Raises:
        MalformedEvent: a field of the envelope is of another type than it should be.

    """
    try:
        request = HttpEvent.model_validate(event)
    except ValidationError as error:
        location = error.errors(include_input=False, include_url=False)[0]["loc"]
        raise MalformedEvent(f"The http event's {_field_at(location)} is missing or of the wrong type.") from None
    headers = {name.lower(): value for name, value in (request.headers or {}).items()}
    return Invocation(
        "http",
        (_delivery(request, headers),),
        answers_http=True,
        correlation_id=trace_id_of(headers.get("traceparent", "")),
    )


def _field_at(location: tuple[int | str, ...]) -> str:
    # A mapping's own keys are left out: they are the sender's words.
    return ".".join(("requestContext", "http", "method") if location[0] == "requestContext" else (str(location[0]),))


def _delivery(request: HttpEvent, headers: Mapping[str, str]) -> Delivery:
    try:
        return Delivery(_json_body(request, headers), query=request.query or {})
    except PayloadRefused as refusal:
        return Delivery(refusal=refusal)


def _json_body(request: HttpEvent, headers: Mapping[str, str]) -> object:
    if request.method != "POST":
        raise MethodNotAllowed("Only POST is accepted.")
    if not _is_json(headers.get("content-type", "")):
        raise UnsupportedMediaType("The Content-Type must be application/json.")
    try:
        return parse_json(_body_bytes(request))
    except MalformedJson as error:
        raise MalformedRequestBody(f"The body must be a JSON object: {error}.") from None


def _is_json(content_type: str) -> bool:
    media_type, _, parameters = content_type.lower().partition(";")
    return media_type.strip() == "application/json" and parameters.replace('"', "").strip() in ("", "charset=utf-8")


def _body_bytes(request: HttpEvent) -> bytes:
    encoded = (request.body or "").encode("utf-8", "surrogatepass")
    limit = MAX_BODY_BYTES * 4 // 3 + 4 if request.is_base64_encoded else MAX_BODY_BYTES
    if len(encoded) <= limit:
        body = _decode_base64(encoded) if request.is_base64_encoded else encoded
        if len(body) <= MAX_BODY_BYTES:
            return body
    raise RequestTooLarge(f"The body must not be larger than {MAX_BODY_BYTES} bytes.")


def _decode_base64(encoded: bytes) -> bytes:
    try:
        return base64.b64decode(encoded, validate=True)
    except binascii.Error:
        raise MalformedRequestBody("The body is not the base64 that the event says it is.") from None
