"""From the bytes of an event to its deliveries: which trigger is it, then what is in it.

Each trigger is recognised by a mark that only its envelope has. The mark decides; the envelope is validated once, by
the module in `fcapi.triggers` that has the trigger's name, imported when its mark is seen.
"""

from collections.abc import Callable, Mapping
from importlib import import_module

from fcapi.deliveries import Invocation
from fcapi.errors import EmptyEvent, TooManyDeliveries, UnrecognizedEvent
from fcapi.strict_json import MalformedJson, parse_json

MAX_DELIVERIES = 100
"""What one invocation takes on; more cannot be done within a sensible time limit."""


def _is_http(event: object) -> bool:
    return (
        isinstance(event, Mapping)
        and event.get("version") == "v1"
        and isinstance(context := event.get("requestContext"), Mapping)
        and "http" in context
    )


def _is_direct(event: object) -> bool:
    if isinstance(event, list):
        return all(isinstance(item, Mapping) for item in event)
    return isinstance(event, Mapping) and ("ContactId" in event or "PhoneNumber" in event)


TRIGGERS: Mapping[str, Callable[[object], bool]] = {
    # Each line is a trigger: the name of its module, and its mark. The first whose mark is seen is it.
    "http": _is_http,
    "direct": _is_direct,
}


def open_event(event: bytes) -> Invocation:
    """Return what an event asks for.

    Raises:
        UnrecognizedEvent: it has none of the known marks.
        MalformedEvent: its envelope is broken.
        EmptyEvent, TooManyDeliveries: it has no deliveries, or more than `MAX_DELIVERIES`.

    """
    try:
        document = parse_json(event)
    except MalformedJson as error:
        raise UnrecognizedEvent(f"The event is {error}; known are {_known_triggers()}.") from None
    for name, has_mark in TRIGGERS.items():
        if has_mark(document):
            invocation: Invocation = import_module(f"fcapi.triggers.{name}").read(document)
            break
    else:
        raise UnrecognizedEvent(f"The event has no trigger's mark; known are {_known_triggers()}.")
    if not invocation.deliveries:
        raise EmptyEvent("The event is an empty list.")
    if len(invocation.deliveries) > MAX_DELIVERIES:
        raise TooManyDeliveries(f"The event has {len(invocation.deliveries)} deliveries; {MAX_DELIVERIES} is the most.")
    return invocation


def _known_triggers() -> str:
    return ", ".join(TRIGGERS)
