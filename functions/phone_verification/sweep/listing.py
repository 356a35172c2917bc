"""What the directory still holds as unverified: its phone numbers, page by page, and those to text first.

Source: API page "ListMessageContactVerifications"; it names no order, and says of a target only that it is the number
or the e-mail address to verify.
"""

import heapq
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from cooldown.ledger import Ledger, Subject
from cooldown.store import StoreUnavailable
from phone_verification.settings import SweepSettings
from resource_directory.errors import ResourceDirectoryError
from resource_directory.responses import VerificationsPage

PAGE_SIZE = 100

_PHONE_NUMBER = re.compile(r"[0-9]+-[0-9]+")


class Pending(NamedTuple):
    """A number that waits to be verified: its place in the listing, and how often it was texted in 30 days."""

    contact_id: str
    phone_number: str
    place: int
    texts: int


class Listing:
    """A walk through all that is pending, and what it has counted so far.

    `fetch` returns a page by its number, from 1; `has_time` says whether there is time for one more.

    Attributes:
        total: what the first page said of all entries, e-mail addresses included.
        numbers: how many phone numbers were seen.
        held: how many of those are within their window, and
        given_up: how many were texted as often as they may be.
        cut_short: the walk ended before the last page, since there was no time left.
        failure: it ended since a page could not be fetched, or nobody could say how its numbers stand.

    """

    def __init__(
        self,
        *,
        fetch: Callable[[int], VerificationsPage],
        has_time: Callable[[], bool],
        ledger: Ledger,
        account_id: str,
        settings: SweepSettings,
    ) -> None:
        self._fetch = fetch
        self._has_time = has_time
        self._ledger = ledger
        self._account_id = account_id
        self._settings = settings
        self.total = 0
        self.numbers = 0
        self.held = 0
        self.given_up = 0
        self.cut_short = False
        self.failure: ResourceDirectoryError | StoreUnavailable | None = None

    def first_to_text(self, starts_at: Callable[[int], int]) -> list[Pending]:
        """Return the numbers of a run's budget: those texted least, and of these the ones from a place on, and around.

        `starts_at` returns that place for the total. One page is held at a time, and as many numbers as are returned.
        """

        def rank(pending: Pending) -> tuple[int, int]:
            total = max(self.total, 1)
            return pending.texts, (pending.place - starts_at(total)) % total

        chosen = heapq.nsmallest(self._settings.max_sends_per_run, self._to_text(), key=rank)
        # A listing that changes while it is walked through may show an entry twice.
        return list({(pending.contact_id, pending.phone_number): pending for pending in reversed(chosen)}.values())[
            ::-1
        ]

    def _to_text(self) -> Iterator[Pending]:
        try:
            yield from self._to_text_while_all_is_well()
        except (ResourceDirectoryError, StoreUnavailable) as failure:
            self.failure = failure

    def _to_text_while_all_is_well(self) -> Iterator[Pending]:
        for first_place, page in self._pages():
            numbers = [
                (place, contact_id, target)
                for place, (contact_id, target) in enumerate(page.verifications, first_place)
                if _PHONE_NUMBER.fullmatch(target)
            ]
            subjects: list[Subject] = [(self._account_id, contact_id, target) for _, contact_id, target in numbers]
            standings = self._ledger.standings(subjects, self._settings.sweep_cooldown_seconds)
            self.numbers += len(numbers)
            for (place, contact_id, target), standing in zip(numbers, standings, strict=True):
                if standing.held:
                    self.held += 1
                elif standing.texts >= self._settings.max_texts_per_number:
                    self.given_up += 1
                else:
                    yield Pending(contact_id, target, place, standing.texts)

    def _pages(self) -> Iterator[tuple[int, VerificationsPage]]:
        """Yield each page with the place of its first entry, up to one that is short, empty, or the last one again."""
        place, previous = 0, None
        for number in range(1, 1_000_000):
            if not self._has_time():
                self.cut_short = True
                return
            page = self._fetch(number)
            if page.verifications == previous:
                return
            if number == 1:
                self.total = page.total_count
            yield place, page
            place, previous = place + page.entry_count, page.verifications
            if page.entry_count < min(page.page_size or PAGE_SIZE, PAGE_SIZE):
                return
