"""`Report`: the counts of a sweep, of each channel by itself, and its result."""

from collections import Counter
from collections.abc import Sequence
from typing import Literal

from fcapi.errors import EventFailed, EventRejected
from phone_verification.channel import Channel, Limits
from phone_verification.log_fields import LogFields
from phone_verification.outcome import Outcome
from resource_directory.errors import NotAttempted

StoppedBy = Literal["DailyLimit", "Budget", "Deadline"]


# Not dataclasses, and neither is the listing: to import that module takes a twentieth of a cold start.
class ChannelReport:
    """The counts of a run by one channel.

    Attributes:
        channel: it.
        limits: of a run by this channel.
        pending: targets that were pending.
        sent: targets of those that a message was sent to, or would have been in a dry run.
        skipped: targets within their window, or sent to as often as they may be.
        given_up: the latter alone.
        failed: targets that were tried in vain.
        is_over: no more is to be sent in this run.
        stopped_by: the reason why the run ended before all were tried.
        failures: failures by code, one of the listing itself included.
        ended_by: the code of the failure because of which the run ended, of the listing itself or of a message.
        can_be_helped_by: the code of the last failure where a later run can succeed.

    """

    def __init__(self, channel: Channel, limits: Limits) -> None:
        self.channel = channel
        self.limits = limits
        self.pending = 0
        self.sent = 0
        self.skipped = 0
        self.failed = 0
        self.given_up = 0
        self.is_over = False
        self.stopped_by: StoppedBy | None = None
        self.failures: Counter[str] = Counter()
        self.ended_by: str | None = None
        self.can_be_helped_by: str | None = None

    @property
    def left(self) -> int:
        """Pending targets that were not tried."""
        return self.pending - self.sent - self.skipped - self.failed

    @property
    def code(self) -> str | None:
        """The code of what kept the run from its work; None if it did it, but for single targets.

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

    def counts(self) -> dict[str, object]:
        """Return the counts of a result."""
        return {
            "Pending": self.pending,
            "Sent": self.sent,
            "Skipped": self.skipped,
            "Failed": self.failed,
            "Left": self.left,
        }


class Report:
    """The counts of a run.

    Attributes:
        dry_run: nothing was sent.
        channels: the counts of each channel, in the order of the settings.

    """

    def __init__(self, channels: Sequence[ChannelReport], *, dry_run: bool) -> None:
        self.dry_run = dry_run
        self.channels = channels

    def add_failed_listing(self, outcome: Outcome) -> None:
        """Count a failure of the listing: it is one, though it ends the run for every channel."""
        first, *others = self.channels
        first.add_failure(outcome, ends_run=True)
        for other in others:
            other.ended_by = outcome.code

    def line(self) -> LogFields:
        """Return the fields of the last line of the log."""
        (report,) = self.channels
        return LogFields(
            pending=report.pending,
            sent=report.sent,
            skipped=report.skipped,
            given_up=report.given_up,
            failed=report.failed,
            left=report.left,
            dry_run=self.dry_run,
            stopped_by=report.stopped_by,
            code=report.code,
        )

    def result(self) -> dict[str, object]:
        """Return the result of the invocation.

        Raises:
            EventRejected, EventFailed: something failed, for another reason than the daily limit.

        """
        if any(report.failures for report in self.channels):
            kind = EventFailed if any(report.can_be_helped_by for report in self.channels) else EventRejected
            # The run's own last log line has the counts.
            raise kind(f"Not all that was tried was done: {self._failures()}.", is_logged=True)
        (report,) = self.channels
        return {**report.counts(), "DryRun": self.dry_run, "StoppedBy": report.stopped_by}

    def _failures(self) -> str:
        (report,) = self.channels
        return ", ".join(f"{code} ({count})" for code, count in report.failures.most_common())
