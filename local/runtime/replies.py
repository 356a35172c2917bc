"""Reads a function's return value as a reply over HTTP.

Source: the vendor's pages "HTTP trigger invoking function" and "Configure an API Gateway trigger".
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass

_FIELDS = {"statusCode", "headers", "isBase64Encoded", "body"}


class NoReply(Exception):
    """The return value is none, or holds what no answer can."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What is to be answered."""

    status: int
    headers: Mapping[str, str]
    content: bytes


def read_reply(payload: bytes) -> Reply:
    """Return the reply in a serialised return value; only its status must be there.

    Raises:
        NoReply: it has none.

    """
    try:
        return _read(json.loads(payload))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise NoReply(str(error)) from None


def read_whole_reply(payload: bytes) -> Reply:
    """Return the reply in a serialised return value that has all four fields, and no others.

    Raises:
        NoReply: it does not.

    """
    reply = read_reply(payload)
    fields = json.loads(payload)
    if set(fields) != _FIELDS or not isinstance(fields["isBase64Encoded"], bool):
        raise NoReply("not the whole structure")
    return reply


def _read(fields: Mapping[str, object]) -> Reply:
    status, body = fields["statusCode"], fields.get("body") or ""
    headers = _items(fields.get("headers") or {})
    if not isinstance(status, int | str) or not 200 <= int(status) <= 599:
        raise ValueError("no status of an HTTP answer")
    if not isinstance(body, str):
        raise TypeError("the body is no text")
    content = base64.b64decode(body, validate=True) if fields.get("isBase64Encoded") else body.encode()
    return Reply(int(status), headers, content)


def _items(headers: object) -> dict[str, str]:
    if not isinstance(headers, Mapping):
        raise TypeError("the headers are no object")
    text = {str(name): str(value) for name, value in headers.items()}
    joined = "".join((*text, *text.values()))
    if not joined.isprintable():
        raise ValueError("a header has a line break in it, or another control character")
    joined.encode("latin-1")
    return text
