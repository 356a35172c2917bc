"""`Report`: the counts of a sweep, and its result."""

from collections import Counter
from typing import Literal

from fcapi.errors import EventFailed, EventRejected
from phone_verification.outcome import Outcome

StoppedBy = Literal["DailyLimit", "Budget", "Deadline"]


class Report:
    """The counts of a run.

    Attributes:
        dry_run: nothing was sent; `sent` counts the numbers that would have been texted.
        pending: phone numbers that were pending.
        sent: numbers of those that were texted.
        skipped: numbers within their window, or texted as often as they may be.
        given_up: the latter alone.
        failed: numbers that were tried in vain.
        stopped_by: the reason why the run ended before all were tried.
        ended_by: the code of the failure because of which it ended, of the listing itself or of a text.
        failures: failures by code, one of the listing itself included.
        can_be_helped: a later run can succeed where this one failed.

    """

    # Not a dataclass, and neither is the listing: to import that module takes a twentieth of a cold start.
    def __init__(self, *, dry_run: bool) -> None:
        self.dry_run = dry_run
        self.pending = 0
        self.sent = 0
        self.skipped = 0
        self.failed = 0
        self.given_up = 0
        self.stopped_by: StoppedBy | None = None
        self.ended_by: str | None = None
        self.failures: Counter[str] = Counter()
        self.can_be_helped = False

    @property
    def left(self) -> int:
        """Pending numbers that were not tried."""
        return self.pending - self.sent - self.skipped - self.failed

    @property
    def code(self) -> str | None:
        """The code of what kept the run from its work; None if it did it, but for single numbers.

        It is that of the failure because of which it ended, or the most frequent one where nothing was sent at all.
        """
        if self.ended_by is None and self.sent == 0 and self.can_be_helped:
            return self.failures.most_common(1)[0][0]
        return self.ended_by

    def add_failure(self, outcome: Outcome, *, ends_run: bool) -> None:
        """Count a failure by its code."""
        self.failures[str(outcome.code)] += 1
        self.can_be_helped |= outcome.status != "rejected"
        if ends_run:
            self.ended_by = outcome.code

    def result(self) -> dict[str, object]:
        """Return the result of the invocation.

        Raises:
            EventRejected, EventFailed: something failed, for another reason than the daily limit.

        """
        if self.failures:
            kind = EventFailed if self.can_be_helped else EventRejected
            codes = ", ".join(f"{code} ({count})" for code, count in self.failures.most_common())
            # The run's own last log line has the counts.
            raise kind(f"Not all that was tried was done: {codes}.", is_logged=True)
        return {
            "Pending": self.pending,
            "Sent": self.sent,
            "Skipped": self.skipped,
            "Failed": self.failed,
            "Left": self.left,
            "DryRun": self.dry_run,
            "StoppedBy": self.stopped_by,
        }
