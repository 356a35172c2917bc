"""`Function`: what all functions of the cloud share. It opens an event, acts on it, and guards against bugs."""

import logging
import os
from collections.abc import Callable, Mapping
from threading import Lock
from typing import Generic, Protocol, TypeVar

from fcapi.context import Context
from fcapi.credentials import injected_credentials
from fcapi.errors import EventFailed, InternalError
from fcapi.events.deliveries import ReplyKind
from fcapi.replies import HttpReply
from phone_verification.components import Components, start
from phone_verification.invocation import Invocation
from phone_verification.replies import internal_error_reply
from phone_verification.settings import AnySettings


class Opened(Protocol):
    """An event that was opened; it says how its invocation is answered."""

    @property
    def reply(self) -> ReplyKind:
        """By a reply over HTTP, or by a result."""


AnyOpened = TypeVar("AnyOpened", bound=Opened)

Result = HttpReply | dict[str, object]


class Function(Generic[AnySettings, AnyOpened]):
    """One function of the cloud, in one instance. Safe for many threads.

    Args:
        settings: the class of its settings.
        open_event: opens the bytes of an event; it raises EventFailed for an event that is not for this function.
        act: does the function's work for an opened event, and returns a reply or a result, or raises EventFailed.

    """

    def __init__(
        self,
        settings: type[AnySettings],
        open_event: Callable[[bytes], AnyOpened],
        act: Callable[[AnyOpened, Invocation[AnySettings]], Result],
    ) -> None:
        self._settings = settings
        self._open_event = open_event
        self._act = act
        self._components: Components[AnySettings] | None = None
        self._lock = Lock()

    def initialize(self, environ: Mapping[str, str]) -> None:
        """Build what the instance keeps, as Function Compute's initializer.

        Raises:
            InvalidSetting: a variable in `environ` has a bad value; the message names it.

        """
        # At DEBUG, urllib3 logs every URL, and with the URL the phone number in its query.
        logging.getLogger("urllib3").setLevel(logging.CRITICAL + 1)
        self._components = start(self._settings.from_environ(environ))
        self._components.log_settings()

    def handle(self, event: bytes, context: Context) -> Result:
        """Handle an event, as Function Compute's handler; without an initializer before it, initialize first.

        Raises:
            EventFailed: the event is not answered over HTTP, and not all of it was done.

        """
        with self._lock:  # the first invocations may be many at once
            if self._components is None:
                self.initialize(os.environ)
        assert self._components is not None
        return self.run(self._components, event, context)

    def run(self, components: Components[AnySettings], event: bytes, context: Context) -> Result:
        """Handle an event with the given components.

        Raises:
            EventFailed: as `handle`.

        """
        credentials = injected_credentials(context, os.environ)
        log = components.logger_for(context, hiding=credentials.parts)
        invocation = Invocation(components, context, log, credentials)
        reply: ReplyKind = "result"
        try:
            opened = self._open_event(event)
            reply = opened.reply
            return self._act(opened, invocation)
        except EventFailed as failure:
            if not failure.is_logged:
                log.log("ERROR", "event failed", code=failure.code, reason=str(failure))
            raise
        except Exception as bug:
            log.exception("internal error", bug)
            if reply == "http":
                return internal_error_reply(context.request_id)
            raise InternalError("The function failed; its log has the trace.") from None
