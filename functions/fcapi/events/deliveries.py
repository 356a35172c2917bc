"""What is left of an event once its envelopes are open: deliveries, each a payload or the refusal of one."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class PayloadRefused(Exception):
    """A payload that cannot be a request, whatever it asks for; `message` is for whoever sent it.

    Attributes:
        code: the refusal's name, as a reply and a log line carry it.
        http_status: its status over HTTP.
        headers: what a reply over HTTP must also say.

    """

    code: str
    http_status: int = 400
    headers: Mapping[str, str] = MappingProxyType({})

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(f"{self.code}: {message}")


class MalformedRequestBody(PayloadRefused):
    """The body is not the JSON object that a request is."""

    code = "MalformedRequestBody"


class PartRefused(PayloadRefused):
    """One part of an event is no event that can be read; the other parts may be. `code` says why, as of an event."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


class Delivery(NamedTuple):
    """One payload of an event, parsed JSON.

    `trigger` names the envelope that it lay in, `event_id` is the id that its sender gave it, `trace_id` that of a
    valid `traceparent`. `over_http` says that it is the body of an HTTP request; `query` are the parameters of that,
    and `query_is_mapped` says that a gateway put them there, perhaps from elsewhere in its own request.
    """

    trigger: str
    payload: object = None
    refusal: PayloadRefused | None = None
    event_id: str | None = None
    trace_id: str | None = None
    over_http: bool = False
    query: Mapping[str, str] = MappingProxyType({})
    query_is_mapped: bool = False

    def read(self) -> object:
        """Return the payload.

        Raises:
            PayloadRefused: there is none that could be read.

        """
        if self.refusal is not None:
            raise self.refusal
        return self.payload


class EventWithin(NamedTuple):
    """A part of an envelope that is an event itself, as parsed JSON or as text.

    `event_id` is for those deliveries in it that have none of their own.
    """

    event: object
    event_id: str | None = None


class Envelope(NamedTuple):
    """What a trigger's module reads in its envelope: deliveries, and events that are still to be opened.

    `answers_http` says that somebody reads a reply over HTTP.
    """

    parts: tuple[Delivery | EventWithin, ...]
    answers_http: bool = False


class Invocation(NamedTuple):
    """An opened event: the trigger it came by, its deliveries, and how it wants to be answered.

    `answers_http` says that the return value must be a reply over HTTP; of any other event the platform looks only at
    whether the invocation failed.
    """

    trigger: str
    deliveries: tuple[Delivery, ...]
    answers_http: bool = False
