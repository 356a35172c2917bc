"""The one log line that says what happened to one contact."""

from collections.abc import Mapping

from fcapi.logger import Level, Logger
from fcapi.redaction import loggable_id
from phone_verification.outcome import DONE, Outcome, Status
from phone_verification.request import loggable_contact_id, loggable_phone_number

LEVEL_OF: Mapping[Status, Level] = {
    "sent": "INFO",
    "duplicate": "INFO",
    "ignored": "INFO",
    "in_progress": "WARNING",
    "rejected": "WARNING",
    "failed": "ERROR",
    "unknown": "ERROR",
}


def log_summary(
    log: Logger,
    outcome: Outcome,
    asked: object,
    *,
    trigger: str,
    index: int,
    batch_size: int,
    seconds: float,
    event_id: str | None = None,
    level: Level | None = None,
) -> None:
    """Write the line: `outcome` of the fields `asked`, the `index`-th of a batch, after so many `seconds`.

    `level` is for an outcome that is, where it happens, better or worse than it sounds.
    """
    if level is None:
        level = "WARNING" if outcome.warning and outcome.status in DONE else LEVEL_OF[outcome.status]
    log.log(
        level,
        "phone verification",
        trigger=trigger,
        event_id=event_id,
        delivery_index=index,
        batch_size=batch_size,
        outcome=outcome.status,
        code=outcome.code,
        reason=outcome.message if outcome.status in ("ignored", "rejected") else None,
        warning=outcome.warning,
        upstream_code=outcome.upstream_code and loggable_id(outcome.upstream_code),
        contact_id=loggable_contact_id(asked),
        phone_number=loggable_phone_number(asked),
        api_request_id=outcome.request_id and loggable_id(outcome.request_id),
        attempts=outcome.attempts,
        duration_ms=round(seconds * 1000),
    )
