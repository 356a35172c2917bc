"""`Report`: the counts of a sweep, of each channel by itself, and its result."""

from collections import Counter
from collections.abc import Sequence
from typing import Literal

from fcapi.errors import EventFailed, EventRejected
from phone_verification.channel import PHONE, Channel, Limits
from phone_verification.log_fields import LogFields
from phone_verification.outcome import Outcome
from resource_directory.errors import NotAttempted

StoppedBy = Literal["DailyLimit", "Budget", "Deadline", "NoPermission"]


# Not dataclasses, and neither is the listing: to import that module takes a twentieth of a cold start.
class ChannelReport:
    """The counts of a run by one channel.

    Attributes:
        channel: it.
        limits: of a run by this channel.
        pending: targets that were pending.
        sent: targets that got a message; in a dry run, those that would have got one.
        skipped: targets within their window, or given up, or no longer there to be verified.
        given_up: targets that got as many messages as they may.
        failed: targets whose message could not be sent.
        messages: how many went out, or may have gone out; refusals are none.
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
        self.messages = 0
        self.is_over = False
        self.stopped_by: StoppedBy | None = None
        self.failures: Counter[str] = Counter()
        self.ended_by: str | None = None
        self.can_be_helped_by: str | None = None

    @property
    def may_send(self) -> bool:
        """Whether more is to be sent in this run."""
        return not self.is_over and self.messages < self.limits.per_run

    @property
    def left(self) -> int:
        """Pending targets that were not tried."""
        return self.pending - self.sent - self.skipped - self.failed

    @property
    def code(self) -> str | None:
        """The code of the failure that kept the run from its work; None if it did its work, single targets aside.

        It is the failure that ended the run. If nothing was sent, it is the last failure that a later run may not meet,
        or the code that says that no time was left.
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

    def logged_counts(self) -> LogFields:
        """Return the counts of a log line."""
        return LogFields(
            pending=self.pending,
            sent=self.sent,
            skipped=self.skipped,
            given_up=self.given_up,
            failed=self.failed,
            left=self.left,
        )

    def line(self) -> LogFields:
        """Return the counts of a log line, and why the run ended, if it did."""
        line = self.logged_counts()
        if self.stopped_by is not None:
            line["stopped_by"] = self.stopped_by
        if self.code is not None:
            line["code"] = self.code
        return line

    def failed_by_code(self) -> str:
        """Return its failures in words; empty if there is none."""
        codes = ", ".join(f"{code} ({count})" for code, count in self.failures.most_common())
        return f"{self.channel.counted_in}: {codes}" if codes and self.channel.counted_in else codes


class Report:
    """The counts of a run: those of phones are its own, those of another channel are in a field.

    Attributes:
        dry_run: nothing was sent.
        channels: the counts of each channel that is swept. The first is the main one.

    """

    def __init__(self, channels: Sequence[ChannelReport], *, dry_run: bool) -> None:
        self.dry_run = dry_run
        self.channels = channels
        self._phones = next((report for report in channels if report.channel is PHONE), _no_phones())

    def add_failed_listing(self, outcome: Outcome) -> None:
        """Count a failure of the listing: it is one, though it ends the run for every channel."""
        main, *others = self.channels
        main.add_failure(outcome, ends_run=True)
        for other in others:
            other.ended_by = outcome.code

    def line(self) -> LogFields:
        """Return the fields of the last line of the log; `code` is that of the main channel."""
        line: LogFields = {
            **self._phones.logged_counts(),
            "dry_run": self.dry_run,
            "stopped_by": self._phones.stopped_by,
            "code": self.channels[0].code,
        }
        for report in self.channels:
            if report.channel.counted_in is not None:
                line[report.channel.counted_in] = report.line()
        return line

    def result(self) -> dict[str, object]:
        """Return the result of the invocation.

        Raises:
            EventRejected, EventFailed: something failed, for another reason than a daily limit.

        """
        if failed := "; ".join(filter(None, (report.failed_by_code() for report in self.channels))):
            kind = EventFailed if any(report.can_be_helped_by for report in self.channels) else EventRejected
            # The run's own last log line has the counts.
            raise kind(f"Not all that was tried was done: {failed}.", is_logged=True)
        phones = self._phones
        result = {**phones.counts(), "DryRun": self.dry_run, "StoppedBy": phones.stopped_by}
        for report in self.channels:
            if report.channel.counted_in is not None:
                result[report.channel.counted_in.capitalize()] = {**report.counts(), "StoppedBy": report.stopped_by}
        return result


def _no_phones() -> ChannelReport:
    return ChannelReport(PHONE, Limits(0, 0))
