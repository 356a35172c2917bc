"""`direct`: the event is the payload, or a list of them, as InvokeFunction, RawData and SMQ's STREAM format send it."""

from fcapi.events.deliveries import Delivery, Envelope


def read(event: object, trigger: str) -> Envelope:
    """Return a delivery for the event, or one for each item of a list."""
    payloads = event if isinstance(event, list) else [event]
    return Envelope(tuple(Delivery(trigger, payload) for payload in payloads))
