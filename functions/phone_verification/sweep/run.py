"""One run through what is still unverified: whom to text again, in what order, and when to stop.

Fair to all: numbers texted least go first. Where no store tells how often that was, each window's run starts further
on, so that a few who never verify do not take the texts of the rest.
"""

from collections.abc import Mapping
from datetime import datetime

from fcapi.logger import Logger
from phone_verification.components import Components
from phone_verification.log_line import log_summary
from phone_verification.outcome import Outcome, outcome_of
from phone_verification.request import loggable_contact_id, loggable_phone_number, read_request
from phone_verification.service import Terms
from phone_verification.settings import SweepSettings
from phone_verification.sweep.listing import PAGE_SIZE, Listing, Pending
from phone_verification.sweep.report import Report
from resource_directory.errors import DailyLimitExceeded, RequestRefused

_DAY = 24 * 60 * 60


class Sweep:
    """One run of function 2, on these terms, for a tick that was due at `due`."""

    def __init__(
        self, components: Components[SweepSettings], terms: Terms, log: Logger, *, due: datetime, dry_run: bool
    ) -> None:
        self._components = components
        self._terms = terms
        self._log = log
        self._due = due
        self._report = Report(dry_run=dry_run)

    def run(self) -> Report:
        """Send to whom it is due, write the last line of the log, and return the counts."""
        report = self._report
        chosen = self._choose()
        for index, pending in enumerate(chosen):
            if not self._try(index, pending, len(chosen)):
                break
        else:
            if report.stopped_by is None and report.left:
                report.stopped_by = "Budget"
        self._log.log(
            "ERROR" if report.failures else "INFO",
            "sweep finished",
            pending=report.pending,
            sent=report.sent,
            skipped=report.skipped,
            given_up=report.given_up,
            failed=report.failed,
            left=report.left,
            dry_run=report.dry_run,
            stopped_by=report.stopped_by,
        )
        return report

    def _choose(self) -> list[Pending]:
        components, terms, report = self._components, self._terms, self._report
        # Half of the time at most is for looking, or a slow API would leave none for sending.
        half = (components.monotonic() + terms.deadline) / 2
        listing = Listing(
            fetch=lambda number: components.client.list_message_contact_verifications(
                number, PAGE_SIZE, credentials=terms.credentials, deadline=half
            ),
            has_time=lambda: components.monotonic() < half,
            ledger=components.ledger,
            account_id=terms.account_id,
            settings=components.settings,
        )
        chosen = listing.first_to_text(self._starts_at)
        if listing.failure is not None:
            report.add_failure(outcome_of(listing.failure))
        report.pending = listing.numbers
        report.skipped = listing.held + listing.given_up
        report.given_up = listing.given_up
        report.stopped_by = "Deadline" if listing.cut_short else None
        return chosen

    def _starts_at(self, total: int) -> int:
        window = self._components.settings.sweep_cooldown_seconds or _DAY
        return int(self._due.timestamp()) // window * self._components.settings.max_sends_per_run % total

    def _try(self, index: int, pending: Pending, of: int) -> bool:
        """Send to one number and count it; return whether to go on."""
        report = self._report
        fields = {"ContactId": pending.contact_id, "PhoneNumber": pending.phone_number}
        if report.dry_run:
            contact_id, phone_number = loggable_contact_id(fields), loggable_phone_number(fields)
            self._log.log("INFO", "would send", contact_id=contact_id, phone_number=phone_number)
            report.sent += 1
            return True
        started = self._components.monotonic()
        if started + self._components.client.attempt_seconds > self._terms.deadline:
            report.stopped_by = "Deadline"
            return False
        outcome = self._send(fields)
        at_limit = outcome.code == DailyLimitExceeded.code
        log_summary(
            self._log,
            outcome,
            fields,
            trigger="timer",
            index=index,
            batch_size=of,
            seconds=self._components.monotonic() - started,
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
            report.add_failure(outcome)
        return not outcome.ends_batch

    def _send(self, fields: Mapping[str, object]) -> Outcome:
        try:
            return self._components.service.send(read_request(fields), self._terms)
        except RequestRefused as error:
            return outcome_of(error)
