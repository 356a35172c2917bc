"""Ways in which an invocation fails as a whole.

The platform treats all exceptions alike: it retries an asynchronous invocation, then moves its event to the dead-letter
queue. The names tell the operator which of them a retry can heal. No text carries anything of an event's content.
"""

from typing import ClassVar


class EventFailed(Exception):
    """At least one delivery of the event was not done; a later invocation may succeed.

    `is_logged` says that the log already has a line about it.
    """

    code: ClassVar[str] = "EventFailed"

    def __init__(self, message: str = "", *, is_logged: bool = False) -> None:
        super().__init__(message)
        self.is_logged = is_logged


class EventRejected(EventFailed):
    """The event can never succeed as it is."""

    code = "EventRejected"


class UnrecognizedEvent(EventRejected):
    """The event is not of a known trigger."""

    code = "UnrecognizedEvent"


class MalformedEvent(EventRejected):
    """The event is of a known trigger, but a field of its envelope is broken."""

    code = "MalformedEvent"


class EventTooLarge(EventRejected):
    """The event has more bytes than are read."""

    code = "EventTooLarge"


class EmptyEvent(EventRejected):
    """The event has no deliveries in it."""

    code = "EmptyEvent"


class TooManyDeliveries(EventRejected):
    """The event has more deliveries in it than one invocation takes on."""

    code = "TooManyDeliveries"


class InternalError(EventFailed):
    """A bug; the log has its trace."""

    code = "InternalError"
