"""`direct`: the event is the request itself, as InvokeFunction, RawData and SMQ's STREAM format deliver it."""

from fcapi.events.deliveries import Delivery, Envelope


def read(event: object, trigger: str) -> Envelope:
    """Return the one delivery that the event is."""
    return Envelope((Delivery(trigger, event),))
