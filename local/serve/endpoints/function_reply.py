"""Reads a function's return value as a reply over HTTP.

Source: the vendor's pages "HTTP trigger invoking function" and "Configure an API Gateway trigger".
"""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

_FIELDS = {"statusCode", "headers", "isBase64Encoded", "body"}
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""RFC 9110, a token: anything else would break the answer's head."""


class NoReply(Exception):
    """The return value is none, or holds what no answer can; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class FunctionReply:
    """What is to be answered."""

    status: int
    headers: Mapping[str, str]
    content: bytes


def read_reply(payload: bytes) -> FunctionReply:
    """Return the reply in a serialised return value; only its status must be there.

    Raises:
        NoReply: it has none.

    """
    return _reply(_fields(payload))


def read_whole_reply(payload: bytes) -> FunctionReply:
    """Return the reply in a serialised return value that has all four fields, and no others.

    Raises:
        NoReply: it does not.

    """
    fields = _fields(payload)
    if set(fields) != _FIELDS or None in fields.values():
        raise NoReply("it does not have exactly statusCode, headers, isBase64Encoded and body")
    return _reply(fields)


def _fields(payload: bytes) -> Mapping[str, object]:
    try:
        fields = json.loads(payload)
    except (ValueError, RecursionError):
        raise NoReply("it is no JSON") from None
    if not isinstance(fields, dict):
        raise NoReply("it is no object")
    return fields


def _reply(fields: Mapping[str, object]) -> FunctionReply:
    given = {name: value for name, value in fields.items() if value is not None}
    return FunctionReply(
        _status(given.get("statusCode")),
        _headers(given.get("headers", {})),
        _content(given.get("body", ""), given.get("isBase64Encoded", False)),
    )


def _status(value: object) -> int:
    # A sample of the vendor's for API Gateway has it as text.
    if not re.fullmatch("[2-5][0-9]{2}", str(value)):
        raise NoReply("statusCode is no status of an HTTP answer")
    return int(str(value))


def _headers(value: object) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise NoReply("headers are no object")
    headers = {str(name): str(text) for name, text in value.items()}
    for name, text in headers.items():
        # Latin-1 is what the wire takes; a line break would start a header of its own.
        if not _HEADER_NAME.fullmatch(name) or not text.isprintable() or max(text, default="") > "\xff":
            raise NoReply("a header has a name or a value that none can have")
    return headers


def _content(body: object, is_base64_encoded: object) -> bytes:
    if not isinstance(body, str) or not isinstance(is_base64_encoded, bool):
        raise NoReply("body is no text, or isBase64Encoded neither true nor false")
    if not is_base64_encoded:
        return body.encode("utf-8", "surrogatepass")
    try:
        return base64.b64decode(body, validate=True)
    except ValueError:
        raise NoReply("body is no base64, though isBase64Encoded says so") from None
