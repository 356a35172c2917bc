"""`Ledger`: grants the right to send to a number or an address of a contact, by one record for each in a store.

Texts and numbers stand for e-mails and addresses, too.

A claim is dated to the last moment at which its holder can still text: the store's time plus what is left of the
function's time limit, when the platform ends the process. It is released only if surely nothing was sent. So a
process that ends between sending and recording leaves a claim behind that blocks a second text for a whole window.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import NamedTuple

from cooldown.names import Names
from cooldown.record import KEPT_SECONDS, MAX_TEXTS_REMEMBERED, REMEMBERED_SECONDS, Record, State
from cooldown.store import Store, StoreUnavailable

Subject = tuple[str, str, str]
"""Account, contact, and phone number or e-mail address: a number has no `@`, so the two never share a record."""

MAX_TRIES = 8
"""How often a change is tried when others change the same record at the same time."""


class Blocked(NamedTuple):
    """The reason why a claim was not granted: the state of an earlier one, and the seconds until its window ends."""

    state: State
    seconds_left: float
    request_id: str | None


class Standing(NamedTuple):
    """How a number stands: its texts within 30 days, and whether its window is not over, so that a claim is blocked."""

    texts: int
    in_window: bool


class Claim:
    """The right to text one number, to be settled in one of three ways; each may raise StoreUnavailable.

    Attributes:
        token: identifies it.
        granted_at: the store's time when it was granted.

    """

    def __init__(self, store: Store, key: str, *, before: bytes | None, stored: bytes, granted_at: float) -> None:
        claimed = Record.decode(stored)
        assert claimed is not None
        self.token = claimed.token
        self.granted_at = granted_at
        self._store = store
        self._key = key
        self._before = before
        self._stored = stored
        self._texts_before = claimed.texts

    def record_sent(self, request_id: str) -> bool:
        """Record that the API accepted the text, under this RequestId; False if a later record is in the way."""
        return self._record_text("sent", request_id)

    def record_unknown(self) -> bool:
        """Record that a text may have gone out; False if a later record is in the way."""
        return self._record_text("unknown", None)

    def release(self) -> bool:
        """Give the claim back, since surely nothing was sent."""
        self._store.replace(self._key, self._stored, self._before, KEPT_SECONDS)
        return True

    def _record_text(self, state: State, request_id: str | None) -> bool:
        for _ in range(MAX_TRIES):
            now, (value,) = self._store.read([self._key])
            present = None if value == self._stored else Record.decode(value)
            if present is not None and present.token == self.token:
                return True  # put there by a command whose answer was lost
            # Without the claim, the store lost its data, or its last writes: there is nothing, or an earlier record.
            # Then the text is put on record all the same.
            if present is not None and present.at > self.granted_at:
                return False
            texts = (*self._texts_before, now)[-MAX_TEXTS_REMEMBERED:]
            record = Record(state, self.token, now, request_id, texts)
            if self._store.replace(self._key, value, record.encode(), KEPT_SECONDS):
                return True
        raise _too_busy()


class Ledger:
    """Grants claims. Safe for many threads, and for many processes where they share its store.

    `names` names the records; `token` returns a text that it never returned before.
    """

    def __init__(self, store: Store, names: Names, token: Callable[[], str]) -> None:
        self._store = store
        self._names = names
        self._token = token

    def claim(self, subject: Subject, window: float, seconds_left: Callable[[], float]) -> Claim | Blocked:
        """Return a claim on a number, or what blocks it for the rest of `window`, in seconds; 0 means no window.

        `seconds_left` returns how long the platform will still let this process live.

        Raises:
            StoreUnavailable: the store cannot say.

        """
        key = self._names.of(*subject)
        tried: dict[bytes, bytes | None] = {}
        try:
            return self._claim(key, window, seconds_left, tried)
        except StoreUnavailable:
            # A command whose answer did not come may have been done: undone, as far as the store can be reached.
            with suppress(StoreUnavailable):
                for stored, before in tried.items():
                    self._store.replace(key, stored, before, KEPT_SECONDS)
            raise

    def standings(self, subjects: Sequence[Subject], window: float) -> list[Standing]:
        """Return how each number stands, in their order, for a caller with this window.

        Raises:
            StoreUnavailable: the store cannot say.

        """
        now, values = self._store.read([self._names.of(*subject) for subject in subjects])
        return [
            Standing(len(record.texts_since(now - REMEMBERED_SECONDS)), record.blocks(now, window))
            if record
            else Standing(0, in_window=False)
            for record in map(Record.decode, values)
        ]

    def _claim(
        self, key: str, window: float, seconds_left: Callable[[], float], tried: dict[bytes, bytes | None]
    ) -> Claim | Blocked:
        """Claim a record; `tried` is given what was put there, or may have been, with what was there before."""
        token = self._token()
        for _ in range(MAX_TRIES):
            left = seconds_left()  # before the store's time is read, so that a slow store makes the claim longer
            now, (before,) = self._store.read([key])
            if before is not None and before in tried:  # this claim itself, by a command whose answer was lost
                return Claim(self._store, key, before=tried[before], stored=before, granted_at=now)
            record = Record.decode(before)
            if record is not None and record.blocks(now, window):
                return Blocked(record.state, min(record.at + window - now, window), record.request_id)
            texts = record.texts_since(now - REMEMBERED_SECONDS)[-MAX_TEXTS_REMEMBERED:] if record else ()
            stored = Record("claimed", token, now + left, texts=texts).encode()
            tried[stored] = before
            if self._store.replace(key, before, stored, KEPT_SECONDS):
                return Claim(self._store, key, before=before, stored=stored, granted_at=now)
        raise _too_busy()


def _too_busy() -> StoreUnavailable:
    return StoreUnavailable("RecordKeepsChanging")
