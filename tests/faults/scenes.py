"""Scenes: where the function finds its API under a fault, what it starts with, and how the fault ends."""

import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest import mock
from uuid import uuid4

import requests
import trustme

from local.emulator.server import Emulator
from tests.faults.gateway import Misbehaviour, behave, gateway
from tests.handlers import REQUEST, Clock, LocalFunction, http_event

ALWAYS = 1000
"""As often as the function tries."""


@dataclass
class Nonces:
    """Returns what is queued, and then what it never returned before."""

    queue: list[str] = field(default_factory=list)

    def __call__(self) -> str:
        return self.queue.pop(0) if self.queue else uuid4().hex


def do_nothing(*_: object) -> None:
    """Do what a scene does that has nothing to do."""


@dataclass
class Scene:
    """Where the function finds its API, and the clock and the nonces that it starts with.

    Attributes:
        prepare: is given the function before it is tried.
        heal: ends the fault.
        settle: returns when so many connections have come to their end at the other side.

    """

    url: str
    clock: Clock = field(default_factory=Clock)
    nonces: Nonces = field(default_factory=Nonces)
    prepare: Callable[[LocalFunction], object] = do_nothing
    heal: Callable[[], object] = do_nothing
    settle: Callable[[int], object] = do_nothing


Arrange = Callable[[Emulator], AbstractContextManager[Scene]]


@contextmanager
def no_fault(emulator: Emulator) -> Iterator[Scene]:
    """Have the API as it should be."""
    yield Scene(emulator.url)


def injected(*faults: dict[str, Any]) -> Arrange:
    """Return the scene of the emulator's own faults, one after the other; each hits always, or as many `Times`."""

    @contextmanager
    def arrange(emulator: Emulator) -> Iterator[Scene]:
        control = f"{emulator.url}/_emulator/faults"
        for fault in faults:
            # As the vendor's own can, a message echoes what no reply and no line may show.
            message = {"Message": f"[{REQUEST['PhoneNumber']} local-token]"} if fault["Kind"] == "error" else {}
            requests.post(control, json={"Times": ALWAYS, **message, **fault}, timeout=5).raise_for_status()

        def heal() -> None:
            assert requests.get(control, timeout=5).json()["RedirectsFollowed"] == 0
            requests.delete(control, timeout=5).raise_for_status()

        yield Scene(emulator.url, heal=heal)

    return arrange


def through_gateway(misbehave: Misbehaviour, *, clock_ahead: float = 0) -> Arrange:
    """Return the scene of a gateway that does this to every connection."""

    @contextmanager
    def arrange(emulator: Emulator) -> Iterator[Scene]:
        with gateway(emulator.url, misbehave) as between:
            yield Scene(
                between.url,
                Clock(time.time() + clock_ahead),
                heal=lambda: setattr(between, "misbehave", behave),
                settle=between.wait_until_finished,
            )

    return arrange


@contextmanager
def refused_connection(emulator: Emulator) -> Iterator[Scene]:
    """Have nobody listen."""
    with gateway(emulator.url, listening=False) as between:
        yield Scene(between.url, heal=between.listen)


@contextmanager
def unknown_name(emulator: Emulator) -> Iterator[Scene]:
    """Have an endpoint whose name no resolver knows."""
    resolve: Any = socket.getaddrinfo

    def resolve_but_one(host: str | None, *args: Any, **options: Any) -> Any:
        if host == "localhost":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return resolve(host, *args, **options)

    unknown = mock.patch("socket.getaddrinfo", resolve_but_one)
    unknown.start()
    try:
        yield Scene(emulator.url.replace("127.0.0.1", "localhost"), heal=unknown.stop)
    finally:
        mock.patch.stopall()


def over_tls(
    misbehave: Misbehaviour = behave,
    *,
    name: str = "127.0.0.1",
    trusted: bool = True,
    attack: Misbehaviour | None = None,
) -> Arrange:
    """Return the scene of a gateway whose certificate is for this name, by an authority that is trusted or not.

    Once it is healed, its certificate is as it should be.
    """

    @contextmanager
    def arrange(emulator: Emulator) -> Iterator[Scene]:
        authority = trustme.CA()
        shown = _server_side(authority if trusted else trustme.CA(), name)
        with _only_trusting(authority), gateway(emulator.url, misbehave, tls=shown, attack=attack) as between:

            def heal() -> None:
                between.attack, between.misbehave = None, behave
                between.tls = _server_side(authority, "127.0.0.1")

            yield Scene(between.url, heal=heal, settle=between.wait_until_finished)

    return arrange


def clock_that_is_off(seconds: float) -> Arrange:
    """Return the scene of a function whose clock is ahead of the API's."""

    @contextmanager
    def arrange(emulator: Emulator) -> Iterator[Scene]:
        yield Scene(emulator.url, Clock(time.time() + seconds))

    return arrange


def replayed_nonce(times: int) -> Arrange:
    """Return the scene of a function that signs so many times with a nonce that it signed with before."""

    @contextmanager
    def arrange(emulator: Emulator) -> Iterator[Scene]:
        nonces = Nonces()

        def prepare(function: LocalFunction) -> None:
            nonces.queue = ["the claim's token", "the nonce"]
            function(http_event({**REQUEST, "ContactId": "c-other"}))
            nonces.queue = ["another claim's token", *["the nonce"] * times]

        def heal() -> None:
            nonces.queue.clear()

        yield Scene(emulator.url, nonces=nonces, prepare=prepare, heal=heal)

    return arrange


def _server_side(authority: trustme.CA, name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


@contextmanager
def _only_trusting(authority: trustme.CA) -> Iterator[None]:
    """Have `requests` trust this authority instead of the world's."""
    with TemporaryDirectory() as directory:
        bundle = Path(directory) / "authority.pem"
        authority.cert_pem.write_to_path(str(bundle))
        with mock.patch("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(bundle)):
            yield
