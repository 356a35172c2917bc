"""`Store`: the interface to the place where records and budgets are kept."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol


class StoreUnavailable(Exception):
    """The store did not answer, or not as it should; whether it made the last change is not known."""

    code = "CooldownStoreUnavailable"
    http_status = 503


class Reading(NamedTuple):
    """Values that were read, in the order of their keys, and the store's own time just before, in Unix seconds."""

    now: float
    values: Sequence[bytes | None]


class Store(Protocol):
    """Values by key, each changed only by a caller that knows its present value, and sets of tokens. Thread-safe.

    All callers live by the store's own time, so it does not matter how far their clocks are apart. Each change may be
    made twice without harm. Every method may raise StoreUnavailable.
    """

    def read(self, keys: Sequence[str]) -> Reading:
        """Return the time, and the value of each key."""

    def replace(self, key: str, old: bytes | None, new: bytes | None, lifetime: int) -> bool:
        """Put `new` (None: nothing) in the place of `old`, for `lifetime` seconds; False if `old` is not there."""

    def take(self, key: str, token: str, limit: int, lifetime: int) -> bool:
        """Add a token to a set, which then lives for `lifetime` seconds; False if it holds `limit` others already."""

    def put_back(self, key: str, token: str) -> None:
        """Remove a token from a set."""
