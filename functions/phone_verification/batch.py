"""The deliveries of one invocation, one after the other, each with its summary line in the log."""

from collections.abc import Callable

from fcapi.credentials import MissingCredentials
from fcapi.events.deliveries import Delivery, Invocation, PayloadRefused
from fcapi.logger import Logger
from fcapi.redaction import loggable_id
from phone_verification.audit_record import RecordIgnored
from phone_verification.log_line import log_summary
from phone_verification.outcome import Outcome, outcome_of
from phone_verification.request import VerificationRequest, read_request, requested
from resource_directory.errors import NotAttempted, RequestRefused


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
        event_id = loggable_id(delivery.event_id) if delivery.event_id else None
        correlation_id = delivery.trace_id or event_id
        log_summary(
            log.bind(correlation_id=correlation_id) if correlation_id else log,
            outcome,
            asked,
            trigger=invocation.trigger,
            event_id=event_id,
            index=index,
            batch_size=len(invocation.deliveries),
            seconds=monotonic() - started,
        )
        outcomes.append(outcome)
    return outcomes


def _verify(delivery: Delivery, send: Callable[[VerificationRequest], Outcome]) -> tuple[Outcome, object]:
    """Return the outcome of a delivery and the fields it was about."""
    asked = delivery.payload
    try:
        asked = requested(delivery)
        return send(read_request(asked)), asked
    except (PayloadRefused, RecordIgnored, RequestRefused, MissingCredentials) as error:
        return outcome_of(error), asked
