"""The deliveries of one invocation, one after the other, each with its summary line in the log."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from fcapi.credentials import MissingCredentials
from fcapi.deliveries import Delivery, Invocation, PayloadRefused
from fcapi.logger import Level, Logger
from fcapi.redaction import loggable_id
from phone_verification.action_trail import RecordIgnored
from phone_verification.outcome import DONE, Outcome, Status, outcome_of
from phone_verification.request import (
    VerificationRequest,
    loggable_contact_id,
    loggable_phone_number,
    read_request,
    requested,
)
from resource_directory.errors import NotAttempted, RequestRefused

LEVEL_OF: Mapping[Status, Level] = {
    "sent": "INFO",
    "duplicate": "INFO",
    "ignored": "INFO",
    "in_progress": "WARNING",
    "rejected": "WARNING",
    "failed": "ERROR",
    "unknown": "ERROR",
}


def verify_each(
    invocation: Invocation,
    send: Callable[[VerificationRequest], Outcome],
    log: Logger,
    monotonic: Callable[[], float],
    latest_start: float,
) -> list[Outcome]:
    """Send every request in an invocation and return what came of each, in order.

    The first is always tried. The rest is not attempted once an outcome says that the same would stop it (the daily
    limit, a misconfiguration) or `monotonic` has passed `latest_start`.
    """
    outcomes: list[Outcome] = []
    ended = False
    for index, delivery in enumerate(invocation.deliveries):
        started = monotonic()
        ended = ended or (index > 0 and started > latest_start)
        outcome, asked = (outcome_of(NotAttempted()), delivery.payload) if ended else _verify(delivery, send)
        ended = ended or outcome.ends_batch
        _log_summary(log, invocation, index, asked, outcome, monotonic() - started)
        outcomes.append(outcome)
    return outcomes


def _verify(delivery: Delivery, send: Callable[[VerificationRequest], Outcome]) -> tuple[Outcome, object]:
    """Return the outcome of a delivery and the fields it was about."""
    asked = delivery.payload
    try:
        asked = requested(delivery)
        request = read_request(asked)
        return replace(send(request), contact_id=request.contact_id), asked
    except (PayloadRefused, RecordIgnored, RequestRefused, MissingCredentials) as error:
        return outcome_of(error), asked


def _log_summary(
    log: Logger, invocation: Invocation, index: int, asked: object, outcome: Outcome, seconds: float
) -> None:
    delivery = invocation.deliveries[index]
    event_id = loggable_id(delivery.event_id) if delivery.event_id else None
    if correlation_id := delivery.trace_id or event_id:
        log = log.bind(correlation_id=correlation_id)
    log.log(
        "WARNING" if outcome.warning and outcome.status in DONE else LEVEL_OF[outcome.status],
        "phone verification",
        trigger=invocation.trigger,
        event_id=event_id,
        delivery_index=index,
        batch_size=len(invocation.deliveries),
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
