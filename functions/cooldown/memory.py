"""`MemoryStore`: a store for one instance, gone with it."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from threading import Lock

from cooldown.store import Reading

MAX_ENTRIES = 10_000
"""An account sends about a hundred texts a day, so no record that still counts is ever pushed out."""


class MemoryStore:
    """Keeps up to `max_entries` values, those changed longest ago going first.

    Its time begins as `now`, in Unix seconds, and goes on as the faster of two clocks does: `now` may be set back, and
    `monotonic` may stand still while the platform freezes the instance.
    """

    def __init__(
        self, now: Callable[[], float], monotonic: Callable[[], float], max_entries: int = MAX_ENTRIES
    ) -> None:
        self._wall, self._monotonic = now, monotonic
        self._read_at = now(), monotonic()
        self._time = self._read_at[0]
        self._max_entries = max_entries
        self._entries: OrderedDict[str, tuple[bytes, float]] = OrderedDict()
        self._sets: dict[str, tuple[set[str], float]] = {}
        self._lock = Lock()

    def read(self, keys: Sequence[str]) -> Reading:
        """Return the time, and the value of each key."""
        with self._lock:
            now = self._now()
            return Reading(now, [self._get(key, now) for key in keys])

    def replace(self, key: str, old: bytes | None, new: bytes | None, lifetime: int) -> bool:
        """Replace `old` by `new` (None: no value) for `lifetime` seconds; False if the present value is not `old`."""
        with self._lock:
            now = self._now()
            if self._get(key, now) != old:
                return False
            self._entries.pop(key, None)
            if new is not None:
                self._entries[key] = (new, now + lifetime)
            if len(self._entries) > self._max_entries:
                self._entries.popitem(last=False)
            return True

    def take(self, key: str, token: str, limit: int, lifetime: int) -> bool:
        """Add a token to a set, which then lives for `lifetime` seconds; False if it holds `limit` others already."""
        with self._lock:
            now = self._now()
            self._sets = {name: kept for name, kept in self._sets.items() if kept[1] > now}
            tokens, _ = self._sets.get(key, (set[str](), 0.0))
            if token not in tokens and len(tokens) >= limit:
                return False
            self._sets[key] = (tokens | {token}, now + lifetime)
            return True

    def put_back(self, key: str, token: str) -> None:
        """Remove a token from a set."""
        with self._lock:
            if key in self._sets:
                tokens, ends = self._sets[key]
                self._sets[key] = (tokens - {token}, ends)

    def _now(self) -> float:
        wall, monotonic = self._wall(), self._monotonic()
        self._time += max(wall - self._read_at[0], monotonic - self._read_at[1])
        self._read_at = wall, monotonic
        return self._time

    def _get(self, key: str, now: float) -> bytes | None:
        value, ends = self._entries.get(key, (None, 0.0))
        return value if ends > now else None
