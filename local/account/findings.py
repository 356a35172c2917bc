"""What the checks of a smoke test find, and how it is told: codes and ids alone are repeated of an answer."""

import json
from dataclasses import dataclass
from typing import Any, Literal

Result = Literal["ok", "failed", "not checked here"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found, and what to do about it."""

    check: str
    result: Result
    detail: str
    todo: str = ""


class NotCheckedHere(Exception):
    """A platform has no such thing; the message says why."""


def object_in(text: bytes) -> dict[str, Any]:
    """Return the JSON object in an answer, an empty one where there is none."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def plain(value: object) -> str:
    """Return a code or id as it may be shown: what is none is not repeated."""
    text = str(value)
    return text if len(text) <= 100 and text.isascii() and text.replace("-", "").replace(".", "").isalnum() else "?"
