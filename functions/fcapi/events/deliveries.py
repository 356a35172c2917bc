"""The parts of an opened event: deliveries, each with a payload or with the reason why it has none."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Literal, NamedTuple

ReplyKind = Literal["http", "result"]
"""How an invocation is answered: by a reply over HTTP, or by a result that the platform only sees succeed or fail."""


class PayloadRefused(Exception):
    """A payload that cannot be a request. `message` is for the sender.

    Attributes:
        code: the refusal's name, in a reply and in a log line.
        http_status: its status over HTTP.
        headers: further headers of a reply over HTTP.
        hint: how the sender corrects the request; it never repeats the request.

    """

    code: str
    http_status: int = 400
    headers: Mapping[str, str] = MappingProxyType({})

    def __init__(self, message: str, hint: str | None = None) -> None:
        self.message = message
        self.hint = hint
        super().__init__(f"{self.code}: {message}")


class MalformedRequestBody(PayloadRefused):
    """The body is not a JSON object."""

    code = "MalformedRequestBody"


class PartRefused(PayloadRefused):
    """One part of an event cannot be read; the others may be. `code` is that of the event that the part would be."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


class PayloadIgnored(Exception):
    """A payload that is well formed and asks for nothing. `code` and `message` say why."""

    code: str
    message: str


class Delivery(NamedTuple):
    """One payload of an event.

    Attributes:
        trigger: the trigger whose envelope it lay in.
        payload: parsed JSON; None where it could not be read.
        refusal: why the payload is not acted on.
        event_id: the id that its sender gave it.
        trace_id: the trace id of a valid `traceparent`.
        over_http: it is the body of a request over HTTP, however that is answered. Then fields that no request has are
            refused, not passed over.
        query: the parameters of an HTTP request's URL.
        query_is_mapped: a gateway put the parameters there, perhaps from elsewhere in its own request.

    """

    trigger: str
    payload: object = None
    refusal: PayloadRefused | PayloadIgnored | None = None
    event_id: str | None = None
    trace_id: str | None = None
    over_http: bool = False
    query: Mapping[str, str] = MappingProxyType({})
    query_is_mapped: bool = False

    def read(self) -> object:
        """Return the payload.

        Raises:
            PayloadRefused, PayloadIgnored: there is none to act on.

        """
        if self.refusal is not None:
            raise self.refusal
        return self.payload


class EventWithin(NamedTuple):
    """A part of an envelope that is an event itself, as parsed JSON or as text.

    `event_id` is for those of its deliveries that have no id of their own.
    """

    event: object
    event_id: str | None = None


class Envelope(NamedTuple):
    """The content of a trigger's envelope: deliveries, and events that are still to be opened."""

    parts: tuple[Delivery | EventWithin, ...]
    reply: ReplyKind = "result"


class OpenedEvent(NamedTuple):
    """An event with all its envelopes opened: the trigger it came by, its deliveries, and how it is answered."""

    trigger: str
    deliveries: tuple[Delivery, ...]
    reply: ReplyKind = "result"


class Tick(NamedTuple):
    """A timer's event: when it was due, and the payload that the timer is configured with."""

    due: datetime
    payload: object
    reply: ReplyKind = "result"
