"""Reads an event as function 1 does: its trigger, and the requests in it."""

from collections.abc import Mapping

from fcapi.errors import EventRejected
from fcapi.events.deliveries import OpenedEvent
from phone_verification.request import open_requests


def trigger_of(event: bytes) -> str | None:
    """Return the trigger that an event is recognised as, None where it is refused."""
    opened = _opened(event)
    return opened.trigger if opened else None


def requests_in(event: bytes) -> list[Mapping[str, object]]:
    """Return the payloads that are JSON objects, not validated; none of an event that is refused."""
    opened = _opened(event)
    deliveries = opened.deliveries if opened else ()
    return [delivery.payload for delivery in deliveries if isinstance(delivery.payload, Mapping)]


def _opened(event: bytes) -> OpenedEvent | None:
    try:
        return open_requests(event)
    except EventRejected:
        return None
