"""`Report`: the counts of a sweep, and its result."""

from collections import Counter
from typing import Literal

from fcapi.errors import EventFailed, EventRejected
from phone_verification.outcome import Outcome
from resource_directory.errors import NotAttempted

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
        ended_by: the code of the failure because of which the run ended, of the listing itself or of a text.
        can_be_helped_by: the code of the last failure where a later run can succeed.

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
        self.ended_by: str | None = None
        self.can_be_helped_by: str | None = None

    @property
    def left(self) -> int:
        """Pending numbers that were not tried."""
        return self.pending - self.sent - self.skipped - self.failed

    @property
    def code(self) -> str | None:
        """The code of what kept the run from its work; None if it did it, but for single numbers.

        It is that of the failure because of which it ended. Where nothing was sent, it is that of the last failure that
        a later run need not meet, or says that there was no time.
        """
        if self.ended_by is not None or self.sent:
            return self.ended_by
        no_time = NotAttempted.code if self.stopped_by == "Deadline" and self.left else None
        return self.can_be_helped_by or no_time

    def add_failure(self, outcome: Outcome, *, ends_run: bool) -> None:
        """Count a failure by its code."""
        self.failures[str(outcome.code)] += 1
        if outcome.status != "rejected":
            self.can_be_helped_by = outcome.code
        if ends_run:
            self.ended_by = outcome.code

    def result(self) -> dict[str, object]:
        """Return the result of the invocation.

        Raises:
            EventRejected, EventFailed: something failed, for another reason than the daily limit.

        """
        if self.failures:
            kind = EventFailed if self.can_be_helped_by else EventRejected
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
