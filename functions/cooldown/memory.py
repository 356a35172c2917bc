"""`MemoryStore`: a store for one instance, gone with it."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from threading import Lock

MAX_ENTRIES = 10_000
"""An account sends about a hundred texts a day, so no record that still counts is ever pushed out."""


class MemoryStore:
    """Keeps up to `max_entries` values, those changed longest ago going first; `now` is the clock, in seconds."""

    def __init__(self, now: Callable[[], float], max_entries: int = MAX_ENTRIES) -> None:
        self._now = now
        self._max_entries = max_entries
        self._entries: OrderedDict[str, tuple[bytes, float]] = OrderedDict()
        self._lock = Lock()

    def get(self, keys: Sequence[str]) -> list[bytes | None]:
        """Return the value of each key, in their order."""
        with self._lock:
            return [self._get(key) for key in keys]

    def replace(self, key: str, old: bytes | None, new: bytes | None, lifetime: int) -> bool:
        """Put `new` (None: nothing) in the place of `old`, for `lifetime` seconds; False if `old` is not there."""
        with self._lock:
            if self._get(key) != old:
                return False
            self._put(key, new, lifetime)
            return True

    def add(self, key: str, amount: int, lifetime: int) -> int:
        """Add to a counter that starts at 0 and lives for `lifetime` seconds from now; return what it is then."""
        with self._lock:
            count = int(self._get(key) or 0) + amount
            self._put(key, str(count).encode(), lifetime)
            return count

    def _get(self, key: str) -> bytes | None:
        value, ends = self._entries.get(key, (None, 0.0))
        return value if ends > self._now() else None

    def _put(self, key: str, value: bytes | None, lifetime: int) -> None:
        self._entries.pop(key, None)
        if value is not None:
            self._entries[key] = (value, self._now() + lifetime)
        if len(self._entries) > self._max_entries:
            self._entries.popitem(last=False)
