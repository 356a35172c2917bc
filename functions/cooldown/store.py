"""`Store`: the interface to the place where records and budgets are kept."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol


class StoreUnavailable(Exception):
    """The store did not answer, or not as it should; whether it made the last change is not known.

    Attributes:
        advice: for the operator, where the reason says what to do.

    """

    code = "CooldownStoreUnavailable"
    http_status = 503

    def __init__(self, reason: str, advice: str | None = None) -> None:
        self.advice = advice
        super().__init__(reason)


class StoreNeedsProxyEndpoint(StoreUnavailable):
    """The store is one node of a cluster, and sends its clients on to other nodes."""

    code = "CooldownStoreNeedsProxyEndpoint"

    def __init__(self) -> None:
        super().__init__(
            "MOVED",
            "COOLDOWN_STORE_URL names a node of a cluster that sends its clients on to other nodes: "
            "name the endpoint that serves all keys, which is that of the proxy mode in Tair.",
        )


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
        """Replace `old` by `new` (None: no value) for `lifetime` seconds; False if the present value is not `old`."""

    def take(self, key: str, token: str, limit: int, lifetime: int) -> bool:
        """Add a token to a set, which then lives for `lifetime` seconds; False if it holds `limit` others already."""

    def put_back(self, key: str, token: str) -> None:
        """Remove a token from a set."""
