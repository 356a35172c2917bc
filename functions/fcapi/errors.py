"""Ways in which an invocation fails as a whole.

The platform treats all exceptions alike: it retries an asynchronous invocation, then moves its event to the dead-letter
queue. The names tell the operator which of them a retry can heal. No text carries anything of an event's content.
"""

from typing import ClassVar


class EventFailed(Exception):
    """At least one delivery of the event was not done; a later invocation may succeed."""

    code: ClassVar[str] = "EventFailed"


class EventRejected(EventFailed):
    """The event can never succeed as it is."""

    code = "EventRejected"


class UnrecognizedEvent(EventRejected):
    """The event has none of the marks of a known trigger."""

    code = "UnrecognizedEvent"


class MalformedEvent(EventRejected):
    """The event has a known trigger's marks, but a field of its envelope is broken."""

    code = "MalformedEvent"


class EmptyEvent(EventRejected):
    """The event has no deliveries in it."""

    code = "EmptyEvent"


class TooManyDeliveries(EventRejected):
    """The event has more deliveries in it than one invocation takes on."""

    code = "TooManyDeliveries"


class FunctionMisconfigured(EventFailed):
    """The function has no credentials, or they are of no use; its operator has to act."""

    code = "FunctionMisconfigured"


class InternalError(EventFailed):
    """A bug; the log has its trace."""

    code = "InternalError"
