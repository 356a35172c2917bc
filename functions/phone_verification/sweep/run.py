"""One run of the sweep: it chooses numbers, texts them again, and stops at the limits.

It is fair to all: numbers with the fewest texts go first. Without a store, texts cannot be counted, so each window's
run starts at a later position in the list.
"""

from datetime import datetime

from fcapi.credentials import MissingCredentials
from fcapi.redaction import loggable_id
from phone_verification.invocation import Invocation
from phone_verification.log_fields import LogFields
from phone_verification.log_line import log_summary
from phone_verification.masking import loggable_contact_id, loggable_phone_number
from phone_verification.outcome import Outcome, outcome_of
from phone_verification.request import parse_request
from phone_verification.settings import SweepSettings
from phone_verification.sweep.listing import PAGE_SIZE, Listing, Pending
from phone_verification.sweep.report import Report
from resource_directory.errors import DailyLimitExceeded, RequestRefused
from resource_directory.responses import VerificationsPage

_DAY = 24 * 60 * 60


class Sweep:
    """One run, for a tick that was due at `due`."""

    def __init__(self, invocation: Invocation[SweepSettings], *, due: datetime, dry_run: bool) -> None:
        self._invocation = invocation
        self._settings = invocation.settings
        self._context = invocation.send_context(window=invocation.settings.sweep_cooldown_seconds)
        self._components = invocation.components
        self._log = invocation.log
        self._due = due
        self._report = Report(dry_run=dry_run)

    def run(self) -> Report:
        """Text the numbers that are due, write the last line of the log, and return the counts."""
        report = self._report
        chosen = self._choose()
        for index, pending in enumerate(chosen):
            if not self._try(index, pending, len(chosen)):
                break
        else:
            if report.stopped_by is None and report.left:
                report.stopped_by = "Budget"
        line = LogFields(
            pending=report.pending,
            sent=report.sent,
            skipped=report.skipped,
            given_up=report.given_up,
            failed=report.failed,
            left=report.left,
            dry_run=report.dry_run,
            stopped_by=report.stopped_by,
            code=report.code,
        )
        self._log.log("ERROR" if report.failures else "INFO", "sweep finished", **line)
        return report

    def _choose(self) -> list[Pending]:
        report, deadline = self._report, self._context.deadline.half()  # a slow API must leave time for sending
        try:
            credentials = self._context.credentials.require()
        except MissingCredentials as error:
            self._add_listing_failure(outcome_of(error))
            return []
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
            settings=self._settings,
            trace=trace,
        )
        chosen = listing.first_to_text(self._starts_at)
        if listing.failure is not None:
            self._add_listing_failure(outcome_of(listing.failure))
        report.pending = listing.phone_numbers
        report.skipped = listing.blocked_count + listing.given_up_count
        report.given_up = listing.given_up_count
        report.stopped_by = "Deadline" if listing.cut_short else None
        return chosen

    def _starts_at(self, total: int) -> int:
        window = self._settings.sweep_cooldown_seconds or _DAY
        return int(self._due.timestamp()) // window * self._settings.max_sends_per_run % total

    def _add_listing_failure(self, outcome: Outcome) -> None:
        line = LogFields(
            code=outcome.code,
            upstream_code=outcome.upstream_code and loggable_id(outcome.upstream_code),
            warning=outcome.warning,
            api_request_id=outcome.request_id and loggable_id(outcome.request_id),
        )
        self._log.log("ERROR", "listing failed", **line)
        self._report.add_failure(outcome, ends_run=True)

    def _try(self, index: int, pending: Pending, of: int) -> bool:
        """Text one number and count it; return whether to go on."""
        report, monotonic = self._report, self._components.monotonic
        fields = {"ContactId": pending.contact_id, "PhoneNumber": pending.phone_number}
        if report.dry_run:
            line = LogFields(contact_id=loggable_contact_id(fields), phone_number=loggable_phone_number(fields))
            self._log.log("INFO", "would send", **line)
            report.sent += 1
            return True
        if not self._components.service.has_time(self._context):
            report.stopped_by = "Deadline"
            return False
        started = monotonic()
        outcome = self._send(index, fields)
        at_limit = outcome.code == DailyLimitExceeded.code
        log_summary(
            self._log,
            outcome,
            fields,
            trigger="timer",
            index=index,
            batch_size=of,
            seconds=monotonic() - started,
            level="INFO" if at_limit else None,
        )
        if at_limit:
            report.stopped_by = "DailyLimit"
        elif outcome.status == "sent":
            report.sent += 1
        elif outcome.status in ("duplicate", "in_progress"):
            report.skipped += 1
        else:
            report.failed += 1
            report.add_failure(outcome, ends_run=outcome.ends_batch)
        return not outcome.ends_batch

    def _send(self, index: int, fields: dict[str, str]) -> Outcome:
        context = self._context._replace(trace=self._invocation.trace(delivery_index=index))
        try:
            return self._components.service.send(parse_request(fields), context)
        except RequestRefused as error:
            return outcome_of(error)
