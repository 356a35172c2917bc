"""Removes secrets from output: values of NoEcho parameters, and credentials."""

import base64
import html
import json
import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus

NOT_SHOWN = "(not shown: it repeats a secret)"
_LONGEST_HIDDEN_PART = 8
_CREDENTIALS_IN_URL = re.compile(r"(?<=://)[^/\s@]*@")


class Secrets:
    """Values that must not be shown, in no form and in no part of eight characters or more."""

    def __init__(self, values: Iterable[str] = ()) -> None:
        self._parts: set[str] = set()
        self.add(values)

    def add(self, values: Iterable[str]) -> None:
        """Keep further values."""
        for value in values:
            for form in _forms(value):
                self._parts.update(_parts(form))

    def safe(self, text: str) -> str:
        """Return a text of a service as it may be shown: on one line, or a remark in its place."""
        if any(part in text for part in self._parts):
            return NOT_SHOWN
        # What the service was given earlier is not known here.
        printable = "".join(c if c.isprintable() else " " for c in text)
        return _CREDENTIALS_IN_URL.sub("****@", " ".join(printable.split()))


def _forms(value: str) -> Iterator[str]:
    if not value:
        return
    encoded = quote(value, safe="")
    yield from (value, encoded, quote(encoded, safe=""), quote_plus(value), quote(value), html.escape(value))
    yield from (json.dumps(value)[1:-1], repr(value)[1:-1], value.encode().hex())
    yield base64.b64encode(value.encode()).decode().rstrip("=")


def _parts(text: str) -> Iterator[str]:
    length = min(_LONGEST_HIDDEN_PART, len(text))
    return (text[start : start + length] for start in range(len(text) - length + 1))
