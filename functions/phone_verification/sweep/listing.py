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
from phone_verification.channel import subject_of
from phone_verification.sweep.report import ChannelReport
from phone_verification.sweep.rotation import CIRCLE, place_of
from resource_directory.errors import ResourceDirectoryError
from resource_directory.responses import VerificationsPage

if TYPE_CHECKING:
    from phone_verification.trace import Trace

PAGE_SIZE = 100

CHOSEN_PER_MESSAGE = 2
"""So many targets are chosen for each message of a run, since some may be refused."""


class Pending(NamedTuple):
    """A target that waits to be verified. In the order of its fields: the least is the first to send to.

    `messages` is how many it got within 30 days, and `distance` how far its place is from where the run begins.
    """

    messages: int
    distance: int
    contact_id: str
    target: str


class Listing:
    """A walk through all that is pending. It counts in the reports of the channels.

    Args:
        fetch: returns a page by its number, from 1.
        deadline: the moment after which no further page is fetched.
        ledger: knows how each target stands.
        account_id: the account of the directory.
        window: seconds within which nothing is sent twice to a target.
        start: the point of the rotation at which the run begins.
        reports: of the channels that are swept; a target of another one is passed over.
        trace: is told of targets that are not chosen, at DEBUG; None otherwise.

    Attributes:
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
        start: int,
        reports: Sequence[ChannelReport],
        trace: "Trace | None",
    ) -> None:
        self._fetch = fetch
        self._deadline = deadline
        self._ledger = ledger
        self._account_id = account_id
        self._window = window
        self._start = start
        self._reports = reports
        self._trace = trace
        self._page_before: set[Subject] = set()
        self.cut_short = False
        self.failure: ResourceDirectoryError | StoreUnavailable | None = None

    def first_to_send(self) -> list[list[Pending]]:
        """Return whom to send to by each channel, in order: fewest messages first, ties by the rotation.

        They are more than its limit of messages, which refused ones do not count towards. One page is held at a
        time, and as many targets as are returned.
        """
        chosen: list[list[Pending]] = [[] for _ in self._reports]
        try:
            for page in self._pages():
                for number, candidates in enumerate(self._candidates(page, chosen)):
                    most = CHOSEN_PER_MESSAGE * self._reports[number].limits.per_run
                    chosen[number] = heapq.nsmallest(most, chosen[number] + candidates)
        except (ResourceDirectoryError, StoreUnavailable) as failure:
            self.failure = failure
        return chosen

    def _candidates(self, page: VerificationsPage, chosen: Sequence[Sequence[Pending]]) -> list[list[Pending]]:
        """Return what may be sent of a page by each channel, and count the rest."""
        entries = self._new_entries(page, chosen)
        standings = self._ledger.standings(list(entries), self._window)
        candidates: list[list[Pending]] = [[] for _ in self._reports]
        for (number, contact_id, target), standing in zip(entries.values(), standings, strict=True):
            report = self._reports[number]
            report.pending += 1
            if standing.in_window:
                report.skipped += 1
            elif standing.texts >= report.limits.per_target:
                report.skipped += 1
                report.given_up += 1
            else:
                distance = (place_of(contact_id, target) - self._start) % CIRCLE
                candidates[number].append(Pending(standing.texts, distance, contact_id, target))
                continue
            if self._trace is not None:
                self._trace.skipped(report.channel, contact_id, target, standing)
        return candidates

    def _new_entries(
        self, page: VerificationsPage, chosen: Sequence[Sequence[Pending]]
    ) -> dict[Subject, tuple[int, str, str]]:
        """Return each entry of a page as the number of its channel, contact and target, unless it was listed before.

        A listing that changes meanwhile moves entries to the next page. Of earlier pages, only what is chosen is known.
        """
        known = self._page_before | {self._subject(each.contact_id, each.target) for some in chosen for each in some}
        entries: dict[Subject, tuple[int, str, str]] = {}
        for contact_id, target in page.verifications:
            for number, report in enumerate(self._reports):
                if report.channel.is_target(target):
                    entries.setdefault(self._subject(contact_id, target), (number, contact_id, target))
        self._page_before = set(entries)
        return {subject: entry for subject, entry in entries.items() if subject not in known}

    def _subject(self, contact_id: str, target: str) -> Subject:
        return subject_of(self._account_id, contact_id, target)

    def _pages(self) -> Iterator[VerificationsPage]:
        """Yield each page, up to the last one.

        That is the page before again, or one that is short with no more to come by its own count: an entry that the
        caller may not see makes any page short.
        """
        entries, previous = 0, None
        for number in range(1, 1_000_000):
            if self._deadline.remaining() <= 0:
                self.cut_short = True
                return
            page = self._fetch(number)
            # Two full pages without an entry that can be used look alike, but need not be the same.
            if page.verifications == previous and (previous or not page.entry_count):
                return
            yield page
            entries, previous = entries + page.entry_count, page.verifications
            size = min(page.page_size or PAGE_SIZE, PAGE_SIZE)
            reached = entries if page.entry_count else number * size
            if page.entry_count < size and reached >= page.total_count:
                return
