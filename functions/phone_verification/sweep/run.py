"""One run of the sweep: it chooses targets, sends to them again, and stops at the limits.

Targets with the fewest messages go first. Among those with equally many, which without a store are all, turns are
taken by `phone_verification.sweep.rotation`. Each channel has limits of its own: one that is refused or at its limit
does not stop the other. They share the run's time; see `phone_verification.sweep.turns`.
"""

from datetime import datetime

from fcapi.credentials import MissingCredentials
from fcapi.redaction import loggable_id
from phone_verification.invocation import Invocation
from phone_verification.log_fields import LogFields
from phone_verification.log_line import log_summary
from phone_verification.masking import loggable_contact_id
from phone_verification.outcome import Outcome, outcome_of
from phone_verification.request import verification_of
from phone_verification.settings import SweepSettings
from phone_verification.sweep.listing import PAGE_SIZE, Listing, Pending
from phone_verification.sweep.report import ChannelReport, Report
from phone_verification.sweep.rotation import start_of
from phone_verification.sweep.turns import Turn, turns
from resource_directory.errors import ContactNotFound, DailyLimitExceeded, RequestRefused, VerificationNotFound
from resource_directory.responses import VerificationsPage

_GONE = (ContactNotFound.code, VerificationNotFound.code)
"""Verified, or deleted, since it was listed."""


class Sweep:
    """One run, for a tick that was due at `due`."""

    def __init__(self, invocation: Invocation[SweepSettings], *, due: datetime, dry_run: bool) -> None:
        self._invocation = invocation
        self._settings = invocation.settings
        self._context = invocation.send_context(window=invocation.settings.sweep_cooldown_seconds)
        self._components = invocation.components
        self._log = invocation.log
        self._due = due
        channels = [ChannelReport(channel, channel.limits(self._settings)) for channel in self._settings.channels]
        self._report = Report(channels, dry_run=dry_run)

    def run(self) -> Report:
        """Send to the targets that are due, write the last line of the log, and return the counts."""
        report = self._report
        chosen = self._choose()
        of = sum(map(len, chosen))
        for index, turn in enumerate(turns(report.channels, chosen, self._components.monotonic)):
            self._try(turn, index, of)
        for channel in report.channels:
            if not channel.is_over and channel.stopped_by is None and channel.left:
                channel.stopped_by = "Budget"
        failed = any(channel.failures for channel in report.channels)
        self._log.log("ERROR" if failed else "INFO", "sweep finished", **report.line())
        return report

    def _choose(self) -> list[list[Pending]]:
        report, deadline = self._report, self._context.deadline.half()  # a slow API must leave time for sending
        try:
            credentials = self._context.credentials.require()
        except MissingCredentials as error:
            self._add_failed_listing(outcome_of(error))
            return [[] for _ in report.channels]
        trace = self._invocation.trace()

        def fetch(number: int) -> VerificationsPage:
            return self._components.client.list_message_contact_verifications(
                number, PAGE_SIZE, credentials=credentials, deadline=deadline, observer=trace
            )

        listing = Listing(
            fetch=fetch,
            deadline=deadline,
            ledger=self._components.ledger,
            account_id=self._context.account_id,
            window=self._context.window,
            start=start_of(self._due),
            reports=report.channels,
            trace=trace,
        )
        chosen = listing.first_to_send()
        if listing.failure is not None:
            self._add_failed_listing(outcome_of(listing.failure))
        if listing.cut_short:
            for channel in report.channels:
                channel.stopped_by = "Deadline"
        return chosen

    def _add_failed_listing(self, outcome: Outcome) -> None:
        line = LogFields(
            code=outcome.code,
            upstream_code=outcome.upstream_code and loggable_id(outcome.upstream_code),
            warning=outcome.warning,
            api_request_id=outcome.request_id and loggable_id(outcome.request_id),
        )
        self._log.log("ERROR", "listing failed", **line)
        self._report.add_failed_listing(outcome)

    def _try(self, turn: Turn, index: int, of: int) -> None:
        """Send to one target and count it; no more is to be sent by the channel if it could only fail."""
        report, pending, _ = turn
        channel, monotonic = report.channel, self._components.monotonic
        fields = {"ContactId": pending.contact_id, channel.field: pending.target}
        if self._report.dry_run:
            line: LogFields = {"contact_id": loggable_contact_id(fields), **channel.logged(fields)}
            self._log.log("INFO", "would send", **line)
            report.sent += 1
            report.messages += 1
            return
        if not self._components.service.has_time(self._context):
            report.stopped_by = "Deadline"
            report.is_over = True
            return
        started = monotonic()
        outcome = self._send(turn, index)
        # Without an attempt, what was sent or may have been is another run's.
        is_blocked = outcome.status in ("duplicate", "in_progress", "unknown") and not outcome.attempts
        report.messages += outcome.status in ("sent", "unknown") and not is_blocked
        at_limit = outcome.code == DailyLimitExceeded.code
        is_gone = outcome.code in _GONE
        # The permission for a further channel comes with an upgrade: until then, the main one goes on as before.
        is_not_permitted = outcome.lacks_permission and report is not self._report.channels[0]
        if is_not_permitted:
            advice = "update the stack's role, or leave this channel out of SWEEP_CHANNELS"
            outcome = outcome._replace(warning=f"No {channel.messages} without {channel.action}: {advice}.")
        log_summary(
            self._log,
            outcome,
            channel,
            fields,
            trigger="timer",
            index=index,
            batch_size=of,
            seconds=monotonic() - started,
            level="INFO" if at_limit or is_gone else None,
        )
        report.is_over = outcome.ends_batch
        if at_limit:
            report.stopped_by = "DailyLimit"
        elif is_not_permitted:
            report.stopped_by = "NoPermission"
            report.ended_by = outcome.code
        elif outcome.status == "sent":
            report.sent += 1
        elif is_gone or is_blocked:
            report.skipped += 1
        else:
            report.failed += 1
            report.add_failure(outcome, ends_run=outcome.ends_batch)

    def _send(self, turn: Turn, index: int) -> Outcome:
        trace = self._invocation.trace(delivery_index=index)
        context = self._context._replace(shares_time_among=turn.channels, trace=trace)
        try:
            verification = verification_of(turn.report.channel, turn.pending.contact_id, turn.pending.target)
            return self._components.service.send(verification, context)
        except RequestRefused as error:
            return outcome_of(error)
