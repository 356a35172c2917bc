"""Masks phone numbers, e-mail addresses and keys in an event, so that it can be shown."""

import base64
import binascii
import json
import re

from fcapi.redaction import mask_addresses, redact
from phone_verification.masking import mask_phone_number

_PHONE_NUMBER = re.compile(r"(?<![0-9A-Za-z-])([0-9]{1,4}-[0-9]{5,15})(?![0-9A-Za-z-])")
_NO_NUMBER = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,15}Z?"  # a time
    r"|[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}|1-[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{12}"  # request ids
)
_SHORTEST_NUMBER = 7


def masked_event(event: bytes) -> str:
    """Return an event with what is private in it masked, where it is JSON the JSON within its texts too.

    In doubt it masks: an id too many is hidden rather than a number shown.
    """
    text = event.decode("utf-8", "replace")
    try:
        return json.dumps(_masked(json.loads(text)), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return _masked_text(text)


def _masked(value: object) -> object:
    if isinstance(value, dict):
        return {_masked_text(name): _masked(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_masked(item) for item in value]
    if isinstance(value, str):
        return _masked_string(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and len(str(value)) >= _SHORTEST_NUMBER:
        return _masked_text(str(value))
    return value


def _masked_string(text: str) -> str:
    for readable in (text, _decoded(text)):
        inner = _json_within(readable)
        if inner is not None:
            return json.dumps(_masked(inner), ensure_ascii=False)
    return text if _NO_NUMBER.fullmatch(text) else _masked_text(text)


def _decoded(text: str) -> str:
    """Return the text that another is the base64 of; empty where it is not."""
    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, UnicodeError, ValueError):
        return ""


def _json_within(text: str) -> object:
    """Return the object or list that a text is as JSON, None where it is neither."""
    if not text.lstrip().startswith(("{", "[")):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _masked_text(text: str) -> str:
    parts = _PHONE_NUMBER.split(mask_addresses(text))
    # A masked number would be redacted further, so each is masked for itself: what was split off is every second part.
    return "".join(mask_phone_number(part) if index % 2 else redact(part) for index, part in enumerate(parts))
