"""`Store`: the interface to the place where a ledger keeps its records."""

from collections.abc import Sequence
from typing import Protocol


class StoreUnavailable(Exception):
    """The store did not answer, or not as it should; whether it made the last change is not known."""

    code = "CooldownStoreUnavailable"
    http_status = 503


class Store(Protocol):
    """Values by key, each changed only by a caller that knows its present value. Safe for many threads.

    Every method may raise StoreUnavailable.
    """

    def get(self, keys: Sequence[str]) -> list[bytes | None]:
        """Return the value of each key, in their order."""

    def replace(self, key: str, old: bytes | None, new: bytes | None, lifetime: int) -> bool:
        """Put `new` (None: nothing) in the place of `old`, for `lifetime` seconds; False if `old` is not there."""

    def add(self, key: str, amount: int, lifetime: int) -> int:
        """Add to a counter that starts at 0 and lives for `lifetime` seconds from now; return what it is then."""
