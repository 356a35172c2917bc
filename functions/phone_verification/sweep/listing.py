"""The phone numbers that the directory still holds as unverified, page by page, and those of them to text first.

Source: API page "ListMessageContactVerifications". It names no order, and says of a target only that it is the number
or the e-mail address to verify.
"""

import heapq
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from cooldown.ledger import Ledger, Subject
from cooldown.store import StoreUnavailable
from fcapi.deadline import Deadline
from phone_verification.settings import SweepSettings
from resource_directory.errors import ResourceDirectoryError
from resource_directory.responses import VerificationsPage

if TYPE_CHECKING:
    from phone_verification.trace import Trace

PAGE_SIZE = 100

_PHONE_NUMBER = re.compile(r"[0-9]+-[0-9]+")


class Pending(NamedTuple):
    """A number that waits to be verified: its place in the listing, and its texts within 30 days."""

    contact_id: str
    phone_number: str
    place: int
    texts: int


class Listing:
    """A walk through all that is pending, and its counts so far.

    Args:
        fetch: returns a page by its number, from 1.
        deadline: the moment after which no further page is fetched.
        ledger: knows how each number stands.
        account_id: the account of the directory.
        settings: of the sweep.
        trace: is told of numbers that are not chosen, at DEBUG; None otherwise.

    Attributes:
        total: all entries by the first page's own count, e-mail addresses included.
        phone_numbers: phone numbers seen.
        blocked_count: numbers of those within their window.
        given_up_count: numbers that were texted as often as they may be.
        cut_short: the deadline passed before the last page.
        failure: the error that ended the walk: of a page, or of the store.

    """

    def __init__(
        self,
        *,
        fetch: Callable[[int], VerificationsPage],
        deadline: Deadline,
        ledger: Ledger,
        account_id: str,
        settings: SweepSettings,
        trace: "Trace | None",
    ) -> None:
        self._fetch = fetch
        self._deadline = deadline
        self._ledger = ledger
        self._account_id = account_id
        self._settings = settings
        self._trace = trace
        self.total = 0
        self.phone_numbers = 0
        self.blocked_count = 0
        self.given_up_count = 0
        self.cut_short = False
        self.failure: ResourceDirectoryError | StoreUnavailable | None = None

    def first_to_text(self, starts_at: Callable[[int], int]) -> list[Pending]:
        """Return up to `max_sends_per_run` numbers: fewest texts first, ties in list order from a place on, wrapping.

        `starts_at` returns that place for the total. One page is held at a time, and as many numbers as are returned.
        """

        def rank(pending: Pending) -> tuple[int, int]:
            total = max(self.total, 1)
            return pending.texts, (pending.place - starts_at(total)) % total

        chosen = heapq.nsmallest(self._settings.max_sends_per_run, self._candidates(), key=rank)
        # A listing that changes meanwhile may show an entry twice; the first one counts.
        return list({(pending.contact_id, pending.phone_number): pending for pending in reversed(chosen)}.values())[
            ::-1
        ]

    def _candidates(self) -> Iterator[Pending]:
        try:
            yield from self._candidates_of_pages()
        except (ResourceDirectoryError, StoreUnavailable) as failure:
            self.failure = failure

    def _candidates_of_pages(self) -> Iterator[Pending]:
        for first_place, page in self._pages():
            numbers = [
                (place, contact_id, target)
                for place, (contact_id, target) in enumerate(page.verifications, first_place)
                if _PHONE_NUMBER.fullmatch(target)
            ]
            subjects: list[Subject] = [(self._account_id, contact_id, target) for _, contact_id, target in numbers]
            standings = self._ledger.standings(subjects, self._settings.sweep_cooldown_seconds)
            self.phone_numbers += len(numbers)
            for (place, contact_id, target), standing in zip(numbers, standings, strict=True):
                if standing.in_window:
                    self.blocked_count += 1
                elif standing.texts >= self._settings.max_texts_per_number:
                    self.given_up_count += 1
                else:
                    yield Pending(contact_id, target, place, standing.texts)
                    continue
                if self._trace is not None:
                    self._trace.skipped(contact_id, target, standing)

    def _pages(self) -> Iterator[tuple[int, VerificationsPage]]:
        """Yield each page with the place of its first entry, up to the last one.

        That is the page before again, or one that is short with no more to come by its own count: an entry that the
        caller may not see makes any page short.
        """
        place, previous = 0, None
        for number in range(1, 1_000_000):
            if self._deadline.remaining() <= 0:
                self.cut_short = True
                return
            page = self._fetch(number)
            if page.verifications == previous:
                return
            if number == 1:
                self.total = page.total_count
            yield place, page
            place, previous = place + page.entry_count, page.verifications
            size = min(page.page_size or PAGE_SIZE, PAGE_SIZE)
            reached = place if page.entry_count else number * size
            if page.entry_count < size and reached >= page.total_count:
                return
