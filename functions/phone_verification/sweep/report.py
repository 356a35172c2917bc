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
        self.failures: Counter[str] = Counter()
        self.can_be_helped = False

    @property
    def left(self) -> int:
        """Pending numbers that were not tried."""
        return self.pending - self.sent - self.skipped - self.failed

    def add_failure(self, outcome: Outcome) -> None:
        """Count a failure by its code."""
        self.failures[str(outcome.code)] += 1
        self.can_be_helped |= outcome.status != "rejected"

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
