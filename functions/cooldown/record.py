"""`Record`: the state of one number of one contact, as a store keeps it."""

import json
import math
from typing import Literal, NamedTuple, get_args

# Made once: json.dumps makes one for each call that asks for no blanks.
_ENCODER = json.JSONEncoder(separators=(",", ":"))

State = Literal["claimed", "sent", "unknown"]

REMEMBERED_SECONDS = 30 * 24 * 60 * 60
"""How long a text is counted, and with it the longest window."""

KEPT_SECONDS = REMEMBERED_SECONDS + 24 * 60 * 60
"""How long a store keeps a record: a claim may be dated a function's time limit ahead, which is a day at most."""

MAX_TEXTS_REMEMBERED = 16
"""How many texts of a number are counted; a limit above it would never be reached."""


class Record(NamedTuple):
    """One life of a claim, and the texts before it.

    Attributes:
        state: `claimed`: an invocation is sending, or ended before it recorded the outcome. `sent`: the API accepted
            the text. `unknown`: a text may have gone out.
        token: identifies the claim; no two have the same.
        at: the latest moment at which its text can have been sent, in Unix seconds. That of a claim lies ahead: it
            is when the platform will have ended the process that holds it.
        request_id: the API's RequestId, where it was sent.
        texts: when each text of the last 30 days before it was sent, or may have been; for `sent` and `unknown`,
            its own is the last of them.

    """

    state: State
    token: str
    at: float
    request_id: str | None = None
    texts: tuple[float, ...] = ()

    def encode(self) -> bytes:
        """Return the record as a store keeps it: its fields as a JSON list."""
        return _ENCODER.encode([*self]).encode()

    @classmethod
    def decode(cls, value: bytes | None) -> "Record | None":
        """Return the record that a store keeps, or None if there is none that can be read."""
        if value is None:
            return None
        try:
            state, token, at, request_id, texts = json.loads(value.decode())
            record = cls(state, token, float(at), request_id, tuple(map(float, texts)))
        except (ValueError, TypeError, OverflowError, RecursionError):
            return None
        are_texts = isinstance(token, str) and (request_id is None or isinstance(request_id, str))
        are_moments = all(map(math.isfinite, (record.at, *record.texts)))
        return record if state in get_args(State) and are_texts and are_moments else None

    def blocks(self, now: float, window: float) -> bool:
        """Tell whether another text `now` would come within `window` seconds of this one; a live claim always blocks.

        The age is not clamped at 0: a claim that is dated ahead blocks whatever the window.
        """
        return now - self.at < window

    def texts_since(self, moment: float) -> tuple[float, ...]:
        """Return when each text since a moment was sent; a claim without an outcome counts as a text."""
        texts = (*self.texts, self.at) if self.state == "claimed" else self.texts
        return tuple(at for at in texts if at > moment)
