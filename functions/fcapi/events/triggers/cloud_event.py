"""`eventbridge`, `actiontrail`, and the queues that come through EventBridge: one event in the CloudEvents format.

Source: the vendor's pages "Trigger event formats" and "EventBridge overview", and samples of its runtime SDKs.
Whether a message arrives parsed or as text depends on how its source is configured, so both are read. `data_base64` is
from the specification of CloudEvents, "JSON Event Format"; no page of the vendor has it.
"""

import binascii
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from fcapi.events.deliveries import Delivery, Envelope, EventWithin
from fcapi.events.envelopes import EnvelopeModel, broken_field, read_envelope
from fcapi.events.http_request import trace_id_of
from fcapi.events.matchers import is_dead_letter
from fcapi.events.payloads import MalformedJson, decode_base64, message_deliveries, parse_json

MESSAGE_IN_DATA: Mapping[str, str] = MappingProxyType(
    {"smq_queue": "messageBody", "rocketmq": "body", "kafka": "value", "rabbitmq": "body"}
)
"""Where in `data` a queue's message lies."""


class CloudEvent(EnvelopeModel):
    """The envelope, with its data in one of two forms; `traceparent` is the extension attribute of that name."""

    id: str | None = None
    data: Any = None
    data_base64: str | None = None
    traceparent: str | None = None


def read(event: object, trigger: str) -> Envelope:
    """Return the deliveries of one CloudEvent; a message that is a dead letter is an event within.

    Raises:
        MalformedEvent: a field of the envelope is broken.

    """
    envelope = read_envelope(CloudEvent, trigger, event)
    trace_id = trace_id_of(envelope.traceparent or "")
    message = _data(envelope, trigger)
    if field := MESSAGE_IN_DATA.get(trigger):
        if not isinstance(message, Mapping) or field not in message:
            raise broken_field(trigger, f"data.{field}")
        message = message[field]
    deliveries = message_deliveries(trigger, message, envelope.id, trace_id)
    return Envelope(tuple(_opened_further(deliveries)))


def _data(envelope: CloudEvent, trigger: str) -> object:
    """Return the data. What is in base64 must be JSON: nothing else can be a request, or hold one."""
    if envelope.data_base64 is None:
        if envelope.data is None:
            raise broken_field(trigger, "data")
        return envelope.data
    try:
        if envelope.data is None:
            return parse_json(decode_base64(envelope.data_base64.encode("utf-8", "surrogatepass")))
    except (binascii.Error, MalformedJson):
        pass
    raise broken_field(trigger, "data_base64")  # it cannot be read, or there is data in both forms


def _opened_further(deliveries: Iterator[Delivery]) -> Iterator[Delivery | EventWithin]:
    for delivery in deliveries:
        yield EventWithin(delivery.payload, delivery.event_id) if is_dead_letter(delivery.payload) else delivery
