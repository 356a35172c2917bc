"""The deliveries of one event, one after the other, each with its summary line in the log."""

from fcapi.events.deliveries import Delivery, OpenedEvent, PayloadIgnored, PayloadRefused
from phone_verification.invocation import Invocation
from phone_verification.log_line import log_summary
from phone_verification.masking import loggable_event_id
from phone_verification.outcome import Outcome, outcome_of
from phone_verification.request import parse_request, request_fields
from phone_verification.service import SendContext, VerificationService
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
        outcome, fields = _not_attempted(delivery) if ended else _send(delivery, send_context, service)
        ended = ended or outcome.ends_batch
        event_id = loggable_event_id(delivery.event_id, fields)
        correlation_id = loggable_event_id(delivery.trace_id, fields) or event_id
        log_summary(
            invocation.log.bind(correlation_id=correlation_id) if correlation_id else invocation.log,
            outcome,
            fields,
            trigger=opened.trigger,
            event_id=event_id,
            index=index,
            batch_size=len(opened.deliveries),
            seconds=monotonic() - started,
        )
        outcomes.append(outcome)
    return outcomes


def _send(delivery: Delivery, send_context: SendContext, service: VerificationService) -> tuple[Outcome, object]:
    """Return the outcome of a delivery, and the fields of its request as far as they were read."""
    fields = delivery.payload
    if not delivery.over_http:
        send_context = send_context._replace(sends_per_day=None)
    try:
        fields = request_fields(delivery)
        return service.send(parse_request(fields), send_context), fields
    except (PayloadRefused, PayloadIgnored, RequestRefused) as error:
        return outcome_of(error), fields


def _not_attempted(delivery: Delivery) -> tuple[Outcome, object]:
    return outcome_of(NotAttempted()), delivery.payload
