"""`Report`: what a sweep did, by numbers."""

from collections import Counter
from typing import Literal

from fcapi.errors import EventFailed, EventRejected
from phone_verification.outcome import Outcome

StoppedBy = Literal["DailyLimit", "Budget", "Deadline"]


class Report:
    """What a run did, by numbers: how many were pending, and of these sent, skipped, failed, and left for the next run.

    Skipped are those within their window, or texted as often as they may be (`given_up`). In a dry run, `sent` are
    those that would have been. `failures` counts what went wrong by its code, the listing's own failure included.
    """

    # No dataclass, nor is the listing one: the module of that name takes a twentieth of a cold start to import.
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
        """How many of the pending were not tried."""
        return self.pending - self.sent - self.skipped - self.failed

    def add_failure(self, outcome: Outcome) -> None:
        """Count what was tried and not done."""
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
            raise kind(f"Not all that was tried was done: {codes}.")
        return {
            "Pending": self.pending,
            "Sent": self.sent,
            "Skipped": self.skipped,
            "Failed": self.failed,
            "Left": self.left,
            "DryRun": self.dry_run,
            "StoppedBy": self.stopped_by,
        }
