"""Scenes: where the function finds its API under a fault, the clock that it starts with, and how the fault ends."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

import requests
import trustme

from local.emulator.server import Emulator
from tests.faults.gateway import Misbehaviour, behave, gateway
from tests.handlers import REQUEST, Clock
from tests.integration.raw_server import dead_address
from tests.tls import only_trusting, server_side

ALWAYS = 1000
"""As often as the function tries."""


def do_nothing(*_: object) -> None:
    """Do what a scene does that has nothing to do."""


@dataclass
class Scene:
    """Where the function finds its API, and the clock that it starts with.

    Attributes:
        heal: ends the fault.
        settle: returns when so many connections have come to their end at the other side.

    """

    url: str
    clock: Clock = field(default_factory=Clock)
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


Resolve = Callable[..., Any]


def resolved_by(resolver: Callable[[Resolve], AbstractContextManager[Resolve]]) -> Arrange:
    """Return the scene of an endpoint with a name, which this resolves instead of the system's resolver."""

    @contextmanager
    def arrange(emulator: Emulator) -> Iterator[Scene]:
        system: Resolve = socket.getaddrinfo
        with resolver(system) as resolve:

            def resolve_but_others(host: str | None, *args: Any, **options: Any) -> Any:
                return (resolve if host == "localhost" else system)(host, *args, **options)

            patched = mock.patch("socket.getaddrinfo", resolve_but_others)
            patched.start()
            try:
                yield Scene(emulator.url.replace("127.0.0.1", "localhost"), heal=patched.stop)
            finally:
                mock.patch.stopall()

    return arrange


@resolved_by
@contextmanager
def unknown_name(_: Resolve) -> Iterator[Resolve]:
    """Have an endpoint whose name no resolver knows."""

    def fail(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    yield fail


@resolved_by
@contextmanager
def late_name(system: Resolve) -> Iterator[Resolve]:
    """Have an endpoint whose name is resolved when the fault is over."""
    over = threading.Event()

    def wait(*args: Any, **options: Any) -> Any:
        over.wait()
        return system(*args, **options)

    try:
        yield wait
    finally:
        over.set()


@resolved_by
@contextmanager
def dead_addresses(_: Resolve) -> Iterator[Resolve]:
    """Have an endpoint with six addresses, none of which answers."""
    with dead_address() as address:
        yield lambda *_, **__: [address] * 6


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
        shown = server_side(authority if trusted else trustme.CA(), name)
        with only_trusting(authority), gateway(emulator.url, misbehave, tls=shown, attack=attack) as between:

            def heal() -> None:
                between.attack, between.misbehave = None, behave
                between.tls = server_side(authority)

            yield Scene(between.url, heal=heal, settle=between.wait_until_finished)

    return arrange


def clock_that_is_off(seconds: float) -> Arrange:
    """Return the scene of a function whose clock is ahead of the API's."""

    @contextmanager
    def arrange(emulator: Emulator) -> Iterator[Scene]:
        yield Scene(emulator.url, Clock(time.time() + seconds))

    return arrange
