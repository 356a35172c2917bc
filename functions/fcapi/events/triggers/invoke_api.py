"""`invoke_api`: InvokeFunction called on a function that also has an HTTP trigger.

The event of the call then comes as the body of the call itself, in the envelope of `http`. Source: a captured request
in the templates of the vendor's `fc3` component; no page describes it.
"""

from fcapi.errors import MalformedEvent
from fcapi.events.deliveries import Envelope, EventWithin, PayloadRefused
from fcapi.events.envelopes import read_envelope
from fcapi.events.opening import MAX_EVENT_BYTES
from fcapi.events.triggers.http import HttpEvent


def read(event: object, trigger: str) -> Envelope:
    """Return the event in the body.

    Raises:
        MalformedEvent: a field of the envelope is broken.

    """
    request = read_envelope(HttpEvent, trigger, event).request
    try:
        body = request.body_bytes(MAX_EVENT_BYTES)
    except PayloadRefused as refusal:
        raise MalformedEvent(f"The {trigger} event's body cannot be read. {refusal.message}") from None
    return Envelope((EventWithin(body),))
