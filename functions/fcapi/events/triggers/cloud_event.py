"""`eventbridge`, `actiontrail`, and the queues that come through EventBridge: one event in the CloudEvents format.

Source: the vendor's pages "Trigger event formats" and "EventBridge overview", and samples of its runtime SDKs.
Whether a message arrives parsed or as text depends on how its source is configured, so both are read.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from fcapi.events.deliveries import Delivery, Envelope, EventWithin
from fcapi.events.envelopes import EnvelopeModel, broken_field, read_envelope
from fcapi.events.http_request import trace_id_of
from fcapi.events.matchers import is_dead_letter
from fcapi.events.payloads import message_deliveries

MESSAGE_IN_DATA: Mapping[str, str] = MappingProxyType(
    {"smq_queue": "messageBody", "rocketmq": "body", "kafka": "value", "rabbitmq": "body"}
)
"""Where in `data` a queue's message lies."""


class CloudEvent(EnvelopeModel):
    """The envelope; `traceparent` is the extension attribute of that name."""

    id: str | None = None
    data: Any
    traceparent: str | None = None


def read(event: object, trigger: str) -> Envelope:
    """Return the deliveries of one CloudEvent; a message that is a dead letter is an event within.

    Raises:
        MalformedEvent: a field of the envelope is broken.

    """
    envelope = read_envelope(CloudEvent, trigger, event)
    trace_id = trace_id_of(envelope.traceparent or "")
    message = envelope.data
    if field := MESSAGE_IN_DATA.get(trigger):
        if not isinstance(message, Mapping) or field not in message:
            raise broken_field(trigger, f"data.{field}")
        message = message[field]
    deliveries = message_deliveries(trigger, message, envelope.id, trace_id)
    return Envelope(tuple(_opened_further(deliveries)))


def _opened_further(deliveries: Iterator[Delivery]) -> Iterator[Delivery | EventWithin]:
    for delivery in deliveries:
        yield EventWithin(delivery.payload, delivery.event_id) if is_dead_letter(delivery.payload) else delivery
