"""`destination`: a dead letter, which Function Compute wrote when an event had failed for good, sent back in.

Source: the vendor's page "Result callback", and payloads captured by its samples; `requestPayload` is the event, as
text.
"""

from typing import Any

from fcapi.events.deliveries import Envelope, EventWithin
from fcapi.events.envelopes import EnvelopeModel, read_envelope
from fcapi.models import AliasPath, Field


class DeadLetter(EnvelopeModel):
    """The envelope; `request_id` is that of the invocation that failed."""

    request_id: str | None = Field(default=None, validation_alias=AliasPath("requestContext", "requestId"))
    request_payload: Any = Field(validation_alias="requestPayload")


def read(event: object, trigger: str) -> Envelope:
    """Return the event that failed.

    Raises:
        MalformedEvent: a field of the envelope is broken.

    """
    letter = read_envelope(DeadLetter, trigger, event)
    return Envelope((EventWithin(letter.request_payload, letter.request_id),))
