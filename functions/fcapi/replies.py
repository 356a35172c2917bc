"""Replies over HTTP, as an HTTP trigger and an API gateway read them from a handler's return value.

Source: the vendor's page "HTTP trigger invoking function". The gateway answers 503 to anything else than the whole
structure, so it is always whole: status a number, headers text, body text.
"""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import TypedDict

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


class HttpReply(TypedDict):
    """The structure of a reply."""

    statusCode: int
    headers: dict[str, str]
    isBase64Encoded: bool
    body: str


def json_reply(
    status: int, document: Mapping[str, object], headers: Mapping[str, str] = MappingProxyType({})
) -> HttpReply:
    """Return a reply with `document` as its JSON body."""
    return {
        "statusCode": status,
        "headers": {"Content-Type": "application/json", **headers},
        "isBase64Encoded": False,
        "body": _ENCODER.encode(document),
    }
