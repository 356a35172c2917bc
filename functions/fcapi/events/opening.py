"""`open_event`: from the bytes of an event to its deliveries.

Each trigger is recognised by its matcher alone. Its module then validates the envelope, once, and is imported only
when it is needed. An envelope may hold further events: a list, a dead letter, and the body of InvokeFunction do.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from types import MappingProxyType

from fcapi.errors import EmptyEvent, EventRejected, EventTooLarge, TooManyDeliveries, UnrecognizedEvent
from fcapi.events.deliveries import (
    Delivery,
    Envelope,
    EventWithin,
    OpenedEvent,
    PartRefused,
    PayloadIgnored,
    PayloadRefused,
    Tick,
)
from fcapi.events.matchers import begins_as_http, is_object
from fcapi.events.payloads import MalformedJson, parse_json, parse_message
from fcapi.events.triggers import DIRECT, TRIGGER_NAMES, TRIGGERS, Trigger, direct_trigger

MAX_EVENT_BYTES = 1024 * 1024
"""The most that is parsed, which takes up to 50 times as much memory. Asynchronous events have 128 KB at most."""

MAX_DELIVERIES = 100
"""The most that one invocation takes on; more cannot be done within a sensible time limit."""

MAX_DEPTH = 16
"""How many envelopes may lie in each other; a dead letter that fails again adds three."""

PayloadReader = Callable[[Mapping[str, object]], object]
"""Turns one trigger's own kind of payload into a request. It may raise PayloadRefused or PayloadIgnored."""


def open_event(
    event: bytes,
    *,
    known_by_fields: Sequence[str],
    payload_readers: Mapping[str, PayloadReader] = MappingProxyType({}),
) -> OpenedEvent:
    """Return the deliveries of an event.

    Args:
        event: the bytes that invoke the function.
        known_by_fields: a request without an envelope is known by any of these.
        payload_readers: by a trigger's name, the reader of its payloads, where they are not requests.

    Raises:
        EventTooLarge: it is larger than `MAX_EVENT_BYTES`, and not a request over HTTP, which is answered.
        UnrecognizedEvent: no trigger matches it.
        MalformedEvent: its envelope is broken.
        EmptyEvent, TooManyDeliveries: it has no deliveries, or more than `MAX_DELIVERIES`.

    """
    if len(event) > MAX_EVENT_BYTES and begins_as_http(event):
        return _too_large_request()
    opened = _Opener(known_by_fields).open(parse_event(event), depth=1)
    if payload_readers.keys().isdisjoint(delivery.trigger for delivery in opened.deliveries):
        return opened
    return opened._replace(deliveries=tuple(_read_by(payload_readers, delivery) for delivery in opened.deliveries))


def open_timer_event(event: bytes) -> Tick:
    """Return the tick that an event is, for a function that only a timer invokes.

    Raises:
        EventTooLarge: it is larger than `MAX_EVENT_BYTES`.
        UnrecognizedEvent: it is not a timer's event.
        MalformedEvent: its envelope is broken.

    """
    document = parse_event(event)
    trigger = _first_match(TRIGGERS, document)
    if trigger is None or trigger.name != "timer":
        raise UnrecognizedEvent("The event is not of a known trigger; known is timer.")
    from fcapi.events.triggers.timer import tick_of  # only where it is used, as all triggers

    return tick_of(document)


def parse_event(event: bytes) -> object:
    """Return the document that an event is: JSON, or base64 of JSON, as a topic's STREAM format passes it on.

    Raises:
        EventTooLarge: it is larger than `MAX_EVENT_BYTES`.
        UnrecognizedEvent: it is neither.

    """
    if len(event) > MAX_EVENT_BYTES:
        raise EventTooLarge("The event is larger than 1 MiB.")
    try:
        return parse_json(event)
    except MalformedJson as error:
        try:
            return parse_message(event)
        except MalformedJson:
            triggers = ", ".join(TRIGGER_NAMES)
            raise UnrecognizedEvent(f"The event cannot be read ({error}); known are {triggers}.") from None


class _Opener:
    """Opens the envelopes of all triggers, and the events within them."""

    def __init__(self, known_by_fields: Sequence[str]) -> None:
        self._known_by_fields = known_by_fields

    def open(self, document: object, depth: int) -> OpenedEvent:
        if isinstance(document, list) and len(document) > MAX_DELIVERIES:
            raise _too_many(len(document))
        if depth > MAX_DEPTH:
            raise UnrecognizedEvent(f"The event lies in more than {MAX_DEPTH} envelopes.")
        trigger, envelope = self._list(document) if isinstance(document, list) else self._envelope(document)
        deliveries: list[Delivery] = []
        for part in envelope.parts:
            deliveries += self._deliveries_of(part, trigger, depth, alone=len(envelope.parts) == 1)
        if not deliveries:
            raise EmptyEvent("The event is an empty list.")
        if len(deliveries) > MAX_DELIVERIES:
            raise _too_many(len(deliveries))
        return OpenedEvent(trigger, tuple(deliveries), envelope.reply)

    def _envelope(self, document: object) -> tuple[str, Envelope]:
        trigger = _first_match(TRIGGERS, document) or _first_match([direct_trigger(self._known_by_fields)], document)
        if trigger is None:
            raise UnrecognizedEvent(f"The event is not of a known trigger; known are {', '.join(TRIGGER_NAMES)}.")
        envelope: Envelope = import_module(f"fcapi.events.triggers.{trigger.module}").read(document, trigger.name)
        return trigger.name, envelope

    def _list(self, items: list[object]) -> tuple[str, Envelope]:
        """Read a list of envelopes or requests; an item that is neither is refused alone."""
        if items and not any(map(is_object, items)):
            raise UnrecognizedEvent("The event is a list without an object in it.")
        of_lists = [trigger for trigger in TRIGGERS if trigger.delivers_lists] + [direct_trigger(self._known_by_fields)]
        found = [_first_match(of_lists, item) for item in items]
        name = next((trigger.name for trigger in found if trigger and trigger.name != DIRECT), DIRECT)
        return name, Envelope(tuple(_listed(item, trigger, name) for item, trigger in zip(items, found, strict=True)))

    def _deliveries_of(
        self, part: Delivery | EventWithin, trigger: str, depth: int, *, alone: bool
    ) -> Iterator[Delivery]:
        if isinstance(part, Delivery):
            yield part
            return
        try:
            document = part.event
            if isinstance(document, (bytes, str)):
                document = parse_event(document if isinstance(document, bytes) else document.encode("utf-8", "replace"))
            deliveries = self.open(document, depth + 1).deliveries
        except EventRejected as rejected:
            if alone:
                raise
            deliveries = (_refused(rejected, trigger),)
        for delivery in deliveries:
            yield delivery._replace(event_id=delivery.event_id or part.event_id)


def _first_match(triggers: Iterable[Trigger], document: object) -> Trigger | None:
    for trigger in triggers:
        if trigger.matches(document):
            return trigger
    return None


def _listed(item: object, trigger: Trigger | None, trigger_of_list: str) -> Delivery | EventWithin:
    if trigger_of_list == DIRECT or (trigger is not None and trigger.name == DIRECT):
        return Delivery(DIRECT, item)
    if trigger is None:
        rejected = UnrecognizedEvent(f"The item is not of a trigger that delivers lists, like {trigger_of_list}.")
        return _refused(rejected, trigger_of_list)
    return EventWithin(item)


def _refused(rejected: EventRejected, trigger: str) -> Delivery:
    return Delivery(trigger, refusal=PartRefused(rejected.code, str(rejected)))


def _read_by(readers: Mapping[str, PayloadReader], delivery: Delivery) -> Delivery:
    reader = readers.get(delivery.trigger)
    if reader is None or not is_object(delivery.payload):
        return delivery
    try:
        return delivery._replace(payload=reader(delivery.payload))
    except (PayloadRefused, PayloadIgnored) as refusal:
        return delivery._replace(refusal=refusal)  # the log may still name the contact


def _too_large_request() -> OpenedEvent:
    from fcapi.events.http_request import body_too_large  # only where it is used, as all of a trigger

    return OpenedEvent("http", (Delivery("http", refusal=body_too_large()),), "http")


def _too_many(count: int) -> TooManyDeliveries:
    return TooManyDeliveries(f"The event has {count} deliveries; {MAX_DELIVERIES} is the most.")
