"""The emulator on a port of 127.0.0.1, served by threads of this process."""

from collections.abc import Callable
from datetime import datetime
from random import SystemRandom
from threading import Event
from types import TracebackType
from uuid import uuid4

from local.emulator.app import create_app
from local.emulator.clock import Clock, time_of_day
from local.emulator.directory import Directory, Site
from local.emulator.faults import Faults
from local.emulator.limits import Limits
from local.emulator.nonces import NonceMemory
from local.emulator.verifier import KeyPair, Verifier
from local.web.local_server import LocalServer

KEY_PAIR = KeyPair("LTAIlocal", "local-secret", "local-token")


class Emulator:
    """A running emulator; a context manager, which starts it and stops it.

    Args:
        port: where it listens; 0 picks a free port.
        site: which phone numbers the directory can text.
        daily_limit, daily_mail_limit, mails_per_minute, max_contacts: what account and directory may not exceed, see
            Limits.
        changed: called after each request that may have changed its state.
        time_of_day: gives the time, with a time zone: of the directory until that is changed, and for signatures.

    Attributes:
        url: `http://127.0.0.1:PORT`, once it was started.
        directory: its state.
        faults: what is to go wrong.

    Raises:
        OSError: on entry, the port is occupied.

    """

    def __init__(
        self,
        *,
        port: int = 0,
        site: Site = "china",
        daily_limit: int = Limits.daily_limit,
        daily_mail_limit: int = Limits.daily_mail_limit,
        mails_per_minute: int = Limits.mails_per_minute,
        max_contacts: int = Limits.max_contacts,
        changed: Callable[[], object] = lambda: None,
        time_of_day: Callable[[], datetime] = time_of_day,
    ) -> None:
        self.url = ""
        limits = Limits(daily_limit, daily_mail_limit, mails_per_minute, max_contacts)
        self.directory = Directory(site=site, limits=limits, clock=Clock(time_of_day), randomness=SystemRandom())
        self.faults = Faults()
        self._stopping = Event()
        app = create_app(
            directory=self.directory,
            verifier=Verifier(KEY_PAIR, now=time_of_day, nonces=NonceMemory()),
            faults=self.faults,
            new_request_id=lambda: str(uuid4()).upper(),
            pause=self._stopping.wait,
            changed=changed,
        )
        self._server = LocalServer(app, port=port)

    def __enter__(self) -> "Emulator":
        self._stopping.clear()
        self._server.__enter__()
        self.url = self._server.url
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        self._server.__exit__(kind, error, trace)

    def close_idle_connections(self) -> None:
        """Cut the connections on which no request is being answered, as a server does with what is idle for long."""
        self._server.close_idle_connections()
