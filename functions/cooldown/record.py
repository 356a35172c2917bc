"""`Record`: the state of one number of one contact, as a store keeps it."""

import json
from typing import Literal, NamedTuple

# Made once: json.dumps makes one for each call that asks for no blanks.
_ENCODER = json.JSONEncoder(separators=(",", ":"))

State = Literal["claimed", "sent", "unknown"]

REMEMBERED_SECONDS = 30 * 24 * 60 * 60
"""How long a text is counted, and with it the longest window."""


class Record(NamedTuple):
    """One life of a claim, and the texts before it.

    Attributes:
        state: `claimed`: an invocation is sending, or ended before it recorded the outcome. `sent`: the API accepted
            the text. `unknown`: a text may have gone out.
        token: identifies the claim; no two have the same.
        at: when it got into this state, in Unix seconds.
        request_id: the API's RequestId, where it was sent.
        texts: when each text of the last 30 days was sent, or may have been, in Unix seconds.

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
            return cls(state, token, float(at), request_id, tuple(map(float, texts)))
        except (ValueError, TypeError, RecursionError):
            return None

    def age(self, now: float) -> float:
        """Return the seconds it has been in its state; 0 where another instance's clock was ahead of `now`."""
        return max(now - self.at, 0.0)

    def texts_since(self, moment: float) -> tuple[float, ...]:
        """Return when each text since a moment was sent."""
        return tuple(at for at in self.texts if at > moment)
