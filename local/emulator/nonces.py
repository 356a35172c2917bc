"""Remembers the nonces of requests, so that none is accepted twice."""

from collections import OrderedDict
from datetime import datetime, timedelta
from threading import Lock

# A request is accepted from 15 minutes before its date until 15 minutes after it.
REMEMBERED_FOR = timedelta(minutes=30)


class NonceMemory:
    """Nonces of the last half hour; may be called by any thread.

    Args:
        capacity: how many are kept. Beyond, the oldest are forgotten early: a bound on memory that no local
            use comes near.

    """

    def __init__(self, capacity: int = 100_000) -> None:
        self._capacity = capacity
        self._used_at: OrderedDict[str, datetime] = OrderedDict()
        self._lock = Lock()

    def add(self, nonce: str, now: datetime) -> bool:
        """Take note of a nonce; False if it was used before."""
        with self._lock:
            self._forget_before(now - REMEMBERED_FOR)
            if nonce in self._used_at:
                return False
            self._used_at[nonce] = now
            return True

    def __len__(self) -> int:
        return len(self._used_at)

    def _forget_before(self, moment: datetime) -> None:
        while self._used_at:
            nonce, used_at = next(iter(self._used_at.items()))
            if used_at >= moment and len(self._used_at) < self._capacity:
                return
            del self._used_at[nonce]
