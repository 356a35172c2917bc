"""From the bytes of an event to its deliveries: which trigger is it, then what is in it.

Each trigger is recognised by a mark that only its envelope has. The mark decides; the envelope is validated once, by
the trigger's module in `fcapi.events.triggers`, imported when its mark is seen.
"""

from collections.abc import Iterator
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from fcapi.errors import EmptyEvent, EventRejected, TooManyDeliveries, UnrecognizedEvent
from fcapi.events.deliveries import Delivery, Envelope, EventWithin, Invocation, PartRefused
from fcapi.events.envelopes import read_envelope
from fcapi.events.matchers import (
    Mark,
    cloud_event,
    either,
    has,
    is_cloud_event,
    is_dead_letter,
    is_direct,
    is_http,
    is_invoke_api,
)
from fcapi.events.messages import parse_message
from fcapi.events.strict_json import MalformedJson, parse_json

if TYPE_CHECKING:
    from fcapi.events.triggers.timer import TimerEvent

MAX_DELIVERIES = 100
"""What one invocation takes on; more cannot be done within a sensible time limit."""

MAX_DEPTH = 16
"""How many envelopes may lie in each other; a dead letter that fails again adds three."""


class Trigger(NamedTuple):
    """A trigger's name, its mark, and its module in `fcapi.events.triggers`."""

    name: str
    has_mark: Mark
    module: str


TRIGGERS = (
    # The first whose mark is seen is it.
    Trigger("invoke_api", is_invoke_api, "invoke_api"),
    Trigger("http", is_http, "http"),
    Trigger("api_gateway", has("httpMethod", "path"), "api_gateway"),
    Trigger("destination", is_dead_letter, "destination"),
    Trigger("smq_queue", cloud_event("mns:Queue:SendMessage"), "cloud_event"),
    Trigger("rocketmq", cloud_event("mq:Topic:SendMessage"), "cloud_event"),
    Trigger("kafka", cloud_event("alikafka:Topic:Message"), "cloud_event"),
    Trigger("rabbitmq", cloud_event("amqp:Queue:SendMessage"), "cloud_event"),
    Trigger("actiontrail", cloud_event("*:ActionTrail:ApiCall"), "cloud_event"),
    Trigger("eventbridge", is_cloud_event, "cloud_event"),
    Trigger("smq_topic", either(has("TopicName", "MessageId", "Message"), has("body", "attrs")), "smq_topic"),
    Trigger("timer", has("triggerTime", "triggerName", "payload"), "timer"),
    Trigger("direct", is_direct, "direct"),
)


def open_event(event: bytes) -> Invocation:
    """Return what an event asks for.

    Raises:
        UnrecognizedEvent: it has none of the known marks.
        MalformedEvent: its envelope is broken.
        EmptyEvent, TooManyDeliveries: it has no deliveries, or more than `MAX_DELIVERIES`.

    """
    return _opened(parse_event(event), depth=1)


def open_timer_event(event: bytes) -> "TimerEvent":
    """Return the tick of a timer, for a function that nothing else invokes.

    Raises:
        UnrecognizedEvent: it is none.
        MalformedEvent: its envelope is broken.

    """
    document = parse_event(event)
    if _recognized(document).name != "timer":
        raise UnrecognizedEvent("The event has no trigger's mark; known is timer.")
    from fcapi.events.triggers.timer import TimerEvent  # only where it is used, as all triggers

    return read_envelope(TimerEvent, "timer", document)


def parse_event(event: bytes) -> object:
    """Return the document that an event is: JSON, or base64 of it, as a topic's STREAM format passes it on.

    Raises:
        UnrecognizedEvent: it is neither.

    """
    try:
        return parse_json(event)
    except MalformedJson as error:
        try:
            return parse_message(event)
        except MalformedJson:
            raise UnrecognizedEvent(f"The event is {error}; known are {_known_triggers()}.") from None


def _opened(document: object, depth: int) -> Invocation:
    if isinstance(document, list) and len(document) > MAX_DELIVERIES:
        raise _too_many(len(document))
    if depth > MAX_DEPTH:
        raise UnrecognizedEvent(f"The event lies in more than {MAX_DEPTH} envelopes.")
    trigger, envelope = _envelope(document)
    deliveries: list[Delivery] = []
    for part in envelope.parts:
        deliveries += _deliveries_of(part, depth, alone=len(envelope.parts) == 1)
    if not deliveries:
        raise EmptyEvent("The event is an empty list.")
    if len(deliveries) > MAX_DELIVERIES:
        raise _too_many(len(deliveries))
    return Invocation(trigger, tuple(deliveries), envelope.answers_http)


def _envelope(document: object) -> tuple[str, Envelope]:
    if isinstance(document, list) and document and all(map(is_cloud_event, document)):
        # A batch: event streams deliver lists, and a list is what each of its items is.
        return _recognized(document[0]).name, Envelope(tuple(EventWithin(item) for item in document))
    trigger = _recognized(document)
    envelope: Envelope = import_module(f"fcapi.events.triggers.{trigger.module}").read(document, trigger.name)
    return trigger.name, envelope


def _recognized(document: object) -> Trigger:
    for trigger in TRIGGERS:
        if trigger.has_mark(document):
            return trigger
    raise UnrecognizedEvent(f"The event has no trigger's mark; known are {_known_triggers()}.")


def _deliveries_of(part: Delivery | EventWithin, depth: int, *, alone: bool) -> Iterator[Delivery]:
    if isinstance(part, Delivery):
        yield part
        return
    try:
        document = part.event
        if isinstance(document, (bytes, str)):
            document = parse_event(document if isinstance(document, bytes) else document.encode("utf-8", "replace"))
        within = _opened(document, depth + 1)
    except EventRejected as rejected:
        if alone:
            raise
        refusal = PartRefused(rejected.code, str(rejected))
        within = Invocation("", (Delivery("", refusal=refusal),))
    for delivery in within.deliveries:
        yield delivery._replace(event_id=delivery.event_id or part.event_id)


def _too_many(count: int) -> TooManyDeliveries:
    return TooManyDeliveries(f"The event has {count} deliveries; {MAX_DELIVERIES} is the most.")


def _known_triggers() -> str:
    return ", ".join(trigger.name for trigger in TRIGGERS)
