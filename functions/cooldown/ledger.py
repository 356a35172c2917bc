"""`Ledger`: grants the right to text a number of a contact, by one record for each in a store.

A claim lives for its caller's window, and is released only if surely nothing was sent. So a process that ends between
sending and recording leaves a claim behind, which blocks a second text.
"""

import hashlib
from collections.abc import Callable, Sequence
from typing import NamedTuple

from cooldown.record import REMEMBERED_SECONDS, Record, State
from cooldown.store import Store, StoreUnavailable

Subject = tuple[str, str, str]
"""Account, contact and phone number."""

MAX_TRIES = 8
"""How often a claim is tried when others change the same record at the same time."""

MAX_TEXTS_REMEMBERED = 16
"""How many texts of a number are counted; a limit above it would never be reached."""

_DAY = 24 * 60 * 60
_ACCOUNT_ZONE = 8 * 60 * 60
"""The account's day is taken to be that of UTC+8; no page says so."""


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

    Settling changes nothing once another claim has replaced this one, after its window.
    """

    def __init__(
        self, store: Store, now: Callable[[], float], key: str, *, before: bytes | None, claimed: Record, stored: bytes
    ) -> None:
        self._store = store
        self._now = now
        self._key = key
        self._before = before
        self._claimed = claimed
        self._stored = stored

    def record_sent(self, request_id: str) -> None:
        """Record that the API accepted the text, under this RequestId."""
        self._settle(self._texted("sent", request_id).encode())

    def record_unknown(self) -> None:
        """Record that a text may have gone out."""
        self._settle(self._texted("unknown", None).encode())

    def release(self) -> None:
        """Give the claim back, since surely nothing was sent."""
        self._settle(self._before)

    def _texted(self, state: State, request_id: str | None) -> Record:
        now = self._now()
        texts = (*self._claimed.texts, now)[-MAX_TEXTS_REMEMBERED:]
        return Record(state, self._claimed.token, now, request_id, texts)

    def _settle(self, value: bytes | None) -> None:
        self._store.replace(self._key, self._stored, value, REMEMBERED_SECONDS)


class Ledger:
    """Grants claims and counts. Safe for many threads, and for many processes where they share its store.

    `hash_key` keys the names of the records, so that a store shows no number; `now` is the clock, in Unix seconds;
    `token` returns a text that it never returned before.
    """

    def __init__(self, store: Store, *, hash_key: bytes, now: Callable[[], float], token: Callable[[], str]) -> None:
        self._store = store
        self._hash_key = hashlib.blake2b(hash_key).digest()  # of any length, to the one that a key may have
        self._now = now
        self._token = token

    def claim(self, subject: Subject, window: float) -> Claim | Blocked:
        """Return a claim on a number, or what blocks it for the rest of `window`, in seconds; 0 means no window.

        Raises:
            StoreUnavailable: the store cannot say.

        """
        key, token = self._name(subject), self._token()
        for _ in range(MAX_TRIES):
            (before,) = self._store.get([key])
            record = Record.decode(before)
            if before is not None and record is not None and record.token == token:
                # This claim itself, set by a command whose answer was lost. The record before it is not known any more.
                return Claim(self._store, self._now, key, before=None, claimed=record, stored=before)
            now = self._now()
            if record is not None and record.age(now) < window:
                return Blocked(record.state, window - record.age(now), record.request_id)
            texts = record.texts_since(now - REMEMBERED_SECONDS) if record else ()
            claimed = Record("claimed", token, now, texts=texts)
            stored = claimed.encode()
            if self._store.replace(key, before, stored, REMEMBERED_SECONDS):
                return Claim(self._store, self._now, key, before=before, claimed=claimed, stored=stored)
        raise StoreUnavailable(f"the record changed {MAX_TRIES} times while it was read")

    def standings(self, subjects: Sequence[Subject], window: float) -> list[Standing]:
        """Return how each number stands, in their order, for a caller with this window.

        Raises:
            StoreUnavailable: the store cannot say.

        """
        now = self._now()
        records = map(Record.decode, self._store.get([self._name(subject) for subject in subjects]))
        return [
            Standing(len(record.texts_since(now - REMEMBERED_SECONDS)), record.age(now) < window)
            if record
            else Standing(0, in_window=False)
            for record in records
        ]

    def spend(self, account_id: str, per_day: int) -> float | None:
        """Take one of the sends that an account may make in a day; if none is left, return the seconds to the next day.

        Raises:
            StoreUnavailable: the store cannot say.

        """
        if self._store.add(self._day(account_id), 1, 2 * _DAY) <= per_day:
            return None
        self.give_back(account_id)
        return _DAY - (self._now() + _ACCOUNT_ZONE) % _DAY

    def give_back(self, account_id: str) -> None:
        """Return one send to the day's budget, since its text was not sent.

        Raises:
            StoreUnavailable: the store cannot say.

        """
        self._store.add(self._day(account_id), -1, 2 * _DAY)

    def _day(self, account_id: str) -> str:
        return self._name((account_id, "day", str(int(self._now() + _ACCOUNT_ZONE) // _DAY)))

    def _name(self, parts: Subject) -> str:
        first, second, third = parts
        # Where each part ends is said, so that no two different tuples make the same text.
        text = f"{len(first)}:{first}{len(second)}:{second}{third}"
        name = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=32, key=self._hash_key)
        return f"pv1:{name.hexdigest()}"
