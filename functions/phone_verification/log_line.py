"""The summary line of one delivery in the log."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from fcapi.logger import Level, Logger
from fcapi.redaction import loggable_id
from phone_verification.channel import Channel
from phone_verification.masking import loggable_contact_id
from phone_verification.outcome import DONE, Outcome, Status

if TYPE_CHECKING:
    from phone_verification.log_fields import LogFields

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
    channel: Channel,
    fields: object,
    *,
    trigger: str,
    index: int,
    batch_size: int,
    seconds: float,
    event_id: str | None = None,
    level: Level | None = None,
) -> None:
    """Write the line.

    Args:
        log: writes it.
        outcome: the result of the delivery.
        channel: what it was sent by.
        fields: the fields of the request, validated or not.
        trigger: the trigger of its event.
        index: its place among the deliveries of the event.
        batch_size: the number of those deliveries.
        seconds: the time that it took.
        event_id: the id that its sender gave it, as it may be logged.
        level: overrides the default of the outcome (the sweep logs the daily limit at INFO).

    """
    if level is None:
        level = "WARNING" if outcome.warning and outcome.status in DONE else LEVEL_OF[outcome.status]
    line: LogFields = {
        "trigger": trigger,
        "event_id": event_id,
        "delivery_index": index,
        "batch_size": batch_size,
        "outcome": outcome.status,
        "code": outcome.code,
        "reason": outcome.message if outcome.status in ("ignored", "rejected") else None,
        "warning": outcome.warning,
        "upstream_code": outcome.upstream_code and loggable_id(outcome.upstream_code),
        "contact_id": loggable_contact_id(fields, is_known=outcome.contact_id is not None),
        **channel.logged(fields),
        "api_request_id": outcome.request_id and loggable_id(outcome.request_id),
        "attempts": outcome.attempts,
        "duration_ms": round(seconds * 1000),
    }
    log.log(level, channel.summary, **line)
