"""Lists what the directory still holds as unverified, page by page, and chooses the first targets of each channel.

Source: API page "ListMessageContactVerifications". It names no order, and says of a target only that it is the number
or the e-mail address to verify.
"""

import heapq
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from cooldown.ledger import Ledger, Subject
from cooldown.store import StoreUnavailable
from fcapi.deadline import Deadline
from phone_verification.sweep.report import ChannelReport
from resource_directory.errors import ResourceDirectoryError
from resource_directory.responses import VerificationsPage

if TYPE_CHECKING:
    from phone_verification.trace import Trace

PAGE_SIZE = 100


class Pending(NamedTuple):
    """A target that waits to be verified: its place in the listing, and the messages it got within 30 days."""

    contact_id: str
    target: str
    place: int
    messages: int


class Listing:
    """A walk through all that is pending. It counts in the reports of the channels.

    Args:
        fetch: returns a page by its number, from 1.
        deadline: the moment after which no further page is fetched.
        ledger: knows how each target stands.
        account_id: the account of the directory.
        window: seconds within which nothing is sent twice to a target.
        reports: of the channels that are swept; a target of another one is passed over.
        trace: is told of targets that are not chosen, at DEBUG; None otherwise.

    Attributes:
        total: all entries by the first page's own count.
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
        window: float,
        reports: Sequence[ChannelReport],
        trace: "Trace | None",
    ) -> None:
        self._fetch = fetch
        self._deadline = deadline
        self._ledger = ledger
        self._account_id = account_id
        self._window = window
        self._reports = reports
        self._trace = trace
        self.total = 0
        self.cut_short = False
        self.failure: ResourceDirectoryError | StoreUnavailable | None = None

    def first_to_send(self, starts_at: Callable[[int, int], int]) -> list[list[Pending]]:
        """Return what to send by each channel, up to its limit: fewest messages first, ties in list order, wrapping.

        `starts_at` returns the place from which the list order counts, for a channel's limit and the total. One page is
        held at a time, and as many targets as are returned.
        """
        chosen: list[list[Pending]] = [[] for _ in self._reports]
        try:
            for first_place, page in self._pages():
                for number, candidates in enumerate(self._candidates(first_place, page)):
                    per_run, total = self._reports[number].limits.per_run, max(self.total, 1)
                    start = starts_at(per_run, total)

                    def rank(pending: Pending, start: int = start, total: int = total) -> tuple[int, int]:
                        return pending.messages, (pending.place - start) % total

                    chosen[number] = heapq.nsmallest(per_run, chosen[number] + candidates, key=rank)
        except (ResourceDirectoryError, StoreUnavailable) as failure:
            self.failure = failure
        return [_without_repetitions(each) for each in chosen]

    def _candidates(self, first_place: int, page: VerificationsPage) -> list[list[Pending]]:
        """Return what may be sent of a page by each channel, and count the rest."""
        entries = [
            (number, place, contact_id, target)
            for place, (contact_id, target) in enumerate(page.verifications, first_place)
            for number, report in enumerate(self._reports)
            if report.channel.is_target(target)
        ]
        subjects: list[Subject] = [(self._account_id, contact_id, target) for _, _, contact_id, target in entries]
        standings = self._ledger.standings(subjects, self._window)
        candidates: list[list[Pending]] = [[] for _ in self._reports]
        for (number, place, contact_id, target), standing in zip(entries, standings, strict=True):
            report = self._reports[number]
            report.pending += 1
            if standing.in_window:
                report.skipped += 1
            elif standing.texts >= report.limits.per_target:
                report.skipped += 1
                report.given_up += 1
            else:
                candidates[number].append(Pending(contact_id, target, place, standing.texts))
                continue
            if self._trace is not None:
                self._trace.skipped(report.channel, contact_id, target, standing)
        return candidates

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


def _without_repetitions(chosen: Sequence[Pending]) -> list[Pending]:
    # A listing that changes meanwhile may show an entry twice; the first one counts.
    return list({(pending.contact_id, pending.target): pending for pending in reversed(chosen)}.values())[::-1]
