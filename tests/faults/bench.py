"""Tries one fault by one way in and with one store, and says what was seen."""

import os
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from typing import Any, Literal
from unittest import mock

import requests
from redis import Redis

from cooldown.memory import MemoryStore
from fcapi.errors import EventFailed
from local.emulator.server import Emulator
from resource_directory.transport import new_adapter
from tests.faults.faults import CONNECT_TIMEOUT_SECONDS, READ_TIMEOUT_SECONDS, Fault
from tests.handlers import REQUEST, Invoked, LocalFunction, http_event
from tests.stores import HASH_KEY, pass_time, store_settings, valkey

Way = Literal["http", "event"]
StoreName = Literal["memory", "Valkey"]

CELLS: list[tuple[Way, StoreName]] = list(product(("http", "event"), ("memory", "Valkey")))

LATER_SECONDS = 10
"""When the same is asked for again, the fault being over; within both windows."""


@dataclass(frozen=True)
class Answered:
    """What an invocation gave: a reply's `status` or the name of an exception, with a Code and a Retry-After."""

    reply: str
    code: str | None
    retry_after: str | None


@dataclass(frozen=True)
class Logged:
    """What its line in the log said."""

    level: str
    outcome: str
    code: str | None
    upstream_code: str | None
    attempts: int


@dataclass(frozen=True)
class Observed:
    """What was seen of a fault.

    `waits` are the seconds between the attempts; `texts` how many went out; those `later` are of the same request made
    again when the fault was over.
    """

    answered: Answered
    logged: Logged
    waits: tuple[float, ...]
    texts: int
    answered_later: Answered
    logged_later: Logged
    texts_later: int


class Bench:
    """An emulator and a Valkey server for as many tries as are wanted."""

    def __init__(self, emulator: Emulator, server: Any) -> None:
        self._emulator = emulator
        self._server = server

    def observe(self, fault: Fault, way: Way, store: StoreName) -> Observed:
        """Invoke the function under this fault, and when it is over another instance, which has the same store."""
        requests.post(f"{self._emulator.url}/_emulator/reset", timeout=5).raise_for_status()
        with Redis(port=self._server.port) as admin:
            admin.flushall()
        settings = {
            "CONNECT_TIMEOUT_SECONDS": str(CONNECT_TIMEOUT_SECONDS),
            "READ_TIMEOUT_SECONDS": str(READ_TIMEOUT_SECONDS),
            "COOLDOWN_HASH_KEY": HASH_KEY,
            **fault.settings,
            **(store_settings(self._server) if store == "Valkey" else {}),
        }
        event = http_event() if way == "http" else REQUEST
        with mock.patch.dict(os.environ), fault.arrange(self._emulator) as scene:
            memory = MemoryStore(scene.clock.now, scene.clock.monotonic) if store == "memory" else None

            def instance(changed: Mapping[str, str]) -> LocalFunction:
                function = LocalFunction(scene.url, {**settings, **changed})
                # The clock stands still; a connection's time runs.
                adapter = new_adapter(lambda: (scene.clock.now(), time.monotonic()))
                return function.kept(scene.clock, adapter=adapter, store=memory, uniform=lambda _, most: most)

            first = instance({})(event)
            waits = tuple(round(wait, 3) for wait in scene.clock.slept)
            scene.settle(_logged(first).attempts)
            texts = len(self._emulator.directory.messages())
            scene.heal()
            scene.clock.time += LATER_SECONDS
            pass_time(self._server, LATER_SECONDS)
            # A short timeout was for the fault; what is healthy gets its time.
            later = instance({"READ_TIMEOUT_SECONDS": "", "CONNECT_TIMEOUT_SECONDS": ""})(event)
            return Observed(
                answered=_answered(first),
                logged=_logged(first),
                waits=waits,
                texts=texts,
                answered_later=_answered(later),
                logged_later=_logged(later),
                texts_later=len(self._emulator.directory.messages()),
            )


@contextmanager
def bench() -> Iterator[Bench]:
    """Set up what all tries share."""
    with Emulator() as emulator, valkey() as server:
        yield Bench(emulator, server)


def _answered(invoked: Invoked) -> Answered:
    if invoked.error is not None:
        assert isinstance(invoked.error, EventFailed)
        (code,) = re.findall(r'"code": "([^"]+)"', str(invoked.error))
        return Answered(type(invoked.error).__name__, code, None)
    if "statusCode" not in invoked.result:
        (result,) = invoked.result["Results"]
        return Answered(result["Status"], None, None)
    retry_after = invoked.result["headers"].get("Retry-After")
    return Answered(str(invoked.result["statusCode"]), invoked.body.get("Code"), retry_after)


def _logged(invoked: Invoked) -> Logged:
    line = next(line for line in invoked.lines if line["message"] == "phone verification")
    return Logged(line["level"], line["outcome"], line.get("code"), line.get("upstream_code"), line["attempts"])
