"""`smq_topic`: a message of an SMQ (MNS) topic, in the JSON format or, with attributes, in the STREAM format.

Without attributes the STREAM format is the message itself: `direct`. Source: the vendor's page "SMQ topic triggers".
"""

from typing import Any

from fcapi.events.deliveries import Envelope
from fcapi.events.envelopes import EnvelopeModel, read_envelope
from fcapi.events.payloads import message_deliveries
from fcapi.models import AliasChoices, Field


class TopicMessage(EnvelopeModel):
    """The envelope of both formats."""

    message: Any = Field(validation_alias=AliasChoices("Message", "body"))
    message_id: str | None = Field(default=None, validation_alias="MessageId")


def read(event: object, trigger: str) -> Envelope:
    """Return the deliveries of the message.

    Raises:
        MalformedEvent: a field of the envelope is broken.

    """
    envelope = read_envelope(TopicMessage, trigger, event)
    return Envelope(tuple(message_deliveries(trigger, envelope.message, envelope.message_id, None)))
