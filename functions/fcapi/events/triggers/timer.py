"""`timer`: the tick of a timer trigger, with the payload that the trigger is configured with.

Source: the vendor's page "Trigger event formats".
"""

from typing import Any

from fcapi.events.deliveries import Envelope, Tick
from fcapi.events.envelopes import EnvelopeModel, read_envelope
from fcapi.events.payloads import message_deliveries
from fcapi.models import AwareDatetime, Field


class TimerEvent(EnvelopeModel):
    """The envelope; `trigger_time` is when the tick was due, `payload` text as it was configured."""

    trigger_time: AwareDatetime = Field(validation_alias="triggerTime")
    payload: Any


def read(event: object, trigger: str) -> Envelope:
    """Return the deliveries of the payload.

    Raises:
        MalformedEvent: a field of the envelope is broken.

    """
    envelope = read_envelope(TimerEvent, trigger, event)
    return Envelope(tuple(message_deliveries(trigger, envelope.payload, None, None)))


def tick_of(event: object) -> Tick:
    """Return the tick itself, for a function that a timer runs.

    Raises:
        MalformedEvent: a field of the envelope is broken.

    """
    envelope = read_envelope(TimerEvent, "timer", event)
    return Tick(envelope.trigger_time, envelope.payload)
