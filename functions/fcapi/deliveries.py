"""What is left of an event once its envelope is open: deliveries, each a payload or the refusal that stands for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import ClassVar


class PayloadRefused(Exception):
    """A payload that cannot be a request, whatever it asks for; `message` is for whoever sent it.

    Attributes:
        code: the refusal's name, as a reply and a log line carry it.
        http_status: its status over HTTP.
        headers: what a reply over HTTP must also say.

    """

    code: ClassVar[str]
    http_status: ClassVar[int] = 400
    headers: ClassVar[Mapping[str, str]] = MappingProxyType({})

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(f"{self.code}: {message}")


class MalformedRequestBody(PayloadRefused):
    """The body is not the JSON object that a request is."""

    code = "MalformedRequestBody"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One payload of an event, parsed JSON.

    `query` are the parameters of its URL, where it came with one, `event_id` the id that its sender gave it.
    """

    payload: object = None
    refusal: PayloadRefused | None = None
    event_id: str | None = None
    query: Mapping[str, str] = field(default_factory=dict)

    def read(self) -> object:
        """Return the payload.

        Raises:
            PayloadRefused: there is none that could be read.

        """
        if self.refusal is not None:
            raise self.refusal
        return self.payload


@dataclass(frozen=True, slots=True)
class Invocation:
    """An opened event: the trigger it came by, its deliveries, and how it wants to be answered.

    `answers_http` says that the return value must be a reply over HTTP; of any other event the platform looks only at
    whether the invocation failed. `correlation_id` is the caller's trace id, where it sent a valid one.
    """

    trigger: str
    deliveries: tuple[Delivery, ...]
    answers_http: bool = False
    correlation_id: str | None = None
