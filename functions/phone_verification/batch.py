"""The deliveries of one event, one after the other, each with its summary line in the log."""

from fcapi.events.deliveries import Delivery, OpenedEvent, PayloadIgnored, PayloadRefused
from phone_verification.channel import PHONE
from phone_verification.invocation import Invocation
from phone_verification.log_line import log_summary
from phone_verification.masking import loggable_event_id
from phone_verification.outcome import Outcome, outcome_of
from phone_verification.request import Verification, parse_request, request_fields
from phone_verification.service import SendContext
from phone_verification.settings import SendSettings
from resource_directory.errors import NotAttempted, RequestRefused


def send_each(opened: OpenedEvent, send_context: SendContext, invocation: Invocation[SendSettings]) -> list[Outcome]:
    """Send the request of every delivery in an event; return the outcomes in the order of the deliveries.

    The first is always tried. The rest is not attempted once an outcome ends the batch (the daily limit, a
    misconfiguration), or when there is no time left for a whole attempt. The budget of `send_context` is for what came
    over HTTP, asynchronous requests and their dead letters included.
    """
    service, monotonic = invocation.components.service, invocation.components.monotonic
    outcomes: list[Outcome] = []
    ended = False
    for index, delivery in enumerate(opened.deliveries):
        started = monotonic()
        ended = ended or (index > 0 and not service.has_time(send_context))
        outcome, fields = _not_attempted(delivery) if ended else _send(index, delivery, send_context, invocation)
        ended = ended or outcome.ends_batch
        correlation_id = _correlation_id(delivery, fields)
        log_summary(
            invocation.log.bind(correlation_id=correlation_id) if correlation_id else invocation.log,
            outcome,
            PHONE,
            fields,
            trigger=opened.trigger,
            event_id=loggable_event_id(delivery.event_id, fields),
            index=index,
            batch_size=len(opened.deliveries),
            seconds=monotonic() - started,
        )
        outcomes.append(outcome)
    return outcomes


def _send(
    index: int, delivery: Delivery, send_context: SendContext, invocation: Invocation[SendSettings]
) -> tuple[Outcome, object]:
    """Return the outcome of a delivery, and the fields of its request as far as they were read."""
    fields = delivery.payload
    if not delivery.over_http:
        send_context = send_context._replace(sends_per_day=None)
    try:
        fields = request_fields(delivery)
        request = parse_request(fields)
        if invocation.log.shows("DEBUG"):
            correlation_id = _correlation_id(delivery, fields) or invocation.request_id
            trace = invocation.trace(delivery_index=index, correlation_id=correlation_id)
            send_context = send_context._replace(trace=trace)
        verification = Verification(PHONE, request.contact_id, request.phone_number)
        return invocation.components.service.send(verification, send_context), fields
    except (PayloadRefused, PayloadIgnored, RequestRefused) as error:
        return outcome_of(error), fields


def _correlation_id(delivery: Delivery, fields: object) -> str | None:
    """Return the id by which the sender of a delivery finds its lines: its trace id, or the id of its event."""
    return loggable_event_id(delivery.trace_id, fields) or loggable_event_id(delivery.event_id, fields)


def _not_attempted(delivery: Delivery) -> tuple[Outcome, object]:
    return outcome_of(NotAttempted()), delivery.payload
