"""`DailyBudget`: how many texts an account may send in a day.

A day's budget is the set of the tokens that spent it. A spend that is made twice counts once, and what is given back
goes back to the day that it was taken from.
"""

from contextlib import suppress

from cooldown.ledger import Claim
from cooldown.names import Names
from cooldown.store import Store, StoreUnavailable

_DAY = 24 * 60 * 60
_ACCOUNT_ZONE = 8 * 60 * 60
"""The account's day is taken to be that of UTC+8; no page says so."""


class DailyBudget:
    """Counts the texts of each account's days, each under the day in which its number was claimed. Thread-safe."""

    def __init__(self, store: Store, names: Names) -> None:
        self._store = store
        self._names = names

    def spend(self, account_id: str, claim: Claim, per_day: int) -> float | None:
        """Take one of the texts of a day for a claim; if none is left, return the seconds to the next day.

        Raises:
            StoreUnavailable: the store cannot say.

        """
        day = self._day_of(account_id, claim)
        try:
            if self._store.take(day, claim.token, per_day, 2 * _DAY):
                return None
        except StoreUnavailable:
            self._put_back(day, claim)  # it may have been taken
            raise
        return _DAY - (claim.granted_at + _ACCOUNT_ZONE) % _DAY

    def give_back(self, account_id: str, claim: Claim) -> None:
        """Give a claim's text back to its day, since surely nothing was sent; if the store is away, it is lost."""
        self._put_back(self._day_of(account_id, claim), claim)

    def _put_back(self, day: str, claim: Claim) -> None:
        with suppress(StoreUnavailable):
            self._store.put_back(day, claim.token)

    def _day_of(self, account_id: str, claim: Claim) -> str:
        # Not "day": versions up to 0.1 kept a counter under that name.
        return self._names.of(account_id, "texts", str(int(claim.granted_at + _ACCOUNT_ZONE) // _DAY))
