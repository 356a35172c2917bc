"""The store that instances share: the shipped memory store, behind a network that may fail."""

import copy
from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

from cooldown.memory import MemoryStore
from cooldown.record import Record
from cooldown.store import Reading, StoreUnavailable
from tests.simulation.schedule import Deviation, Fault
from tests.simulation.world import World

SECONDS = 0.001
"""One way over the network."""
TIMEOUT = 1.0
"""After which the client of a store tries once more, over a new connection."""

READ_FAULTS: Sequence[Fault] = (("slow", (0.3, 0.9)), ("away", (0.0, 2.0)))
CHANGE_FAULTS: Sequence[Fault] = (
    *READ_FAULTS,
    ("not done, tried again", (TIMEOUT,)),
    ("done, answer lost, tried again", (TIMEOUT,)),
    ("done, answers lost", (2 * TIMEOUT,)),
    ("done late, answers lost", (0.5, 5.0, 40.0)),
    ("done, and once more later", (0.1, 5.0, 40.0)),
)

LEAVE_SOMETHING = ("away", "done late, answers lost", "done, and once more later")
"""Faults after which a claim or a spend may be there that its owner cannot know of, or take back."""

T = TypeVar("T")


class Server:
    """The store itself. It can lose what it keeps, and go on with what it had before."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.memory = MemoryStore(lambda: world.now, lambda: world.now)
        self._snapshots: list[tuple[float, Any]] = []
        self.losses: list[float] = []

    def change(self, make: Callable[[], T]) -> T:
        """Make a change, keeping what was there before for a failover."""
        self._snapshots.append((self._world.now, self._state()))
        return make()

    def empty(self) -> None:
        """Lose everything."""
        self._restore(self._state_of(MemoryStore(lambda: self._world.now, lambda: self._world.now)))
        self._lost()

    def fail_over(self, seconds: float) -> None:
        """Go on as another server that had not yet been given the changes of the last seconds."""
        for moment, state in self._snapshots:
            if moment >= self._world.now - seconds:
                self._restore(state)
                self._lost()
                return

    def _lost(self) -> None:
        self.losses.append(self._world.now)
        self._snapshots.clear()

    def _state(self) -> Any:
        return self._state_of(self.memory)

    @staticmethod
    def _state_of(memory: MemoryStore) -> Any:
        return memory._entries.copy(), copy.copy(memory._sets)  # noqa: SLF001 -- no store offers what a crash does

    def _restore(self, state: Any) -> None:
        self.memory._entries, self.memory._sets = state[0].copy(), copy.copy(state[1])  # noqa: SLF001 -- likewise


class Caller(Protocol):
    """The invocation that uses the store."""

    read_at: float
    store_failed: bool
    store_delay: float

    def wait(self, seconds: float) -> None:
        """Let time pass for it."""

    def choose(self, what: str, faults: Sequence[Fault]) -> Deviation | None:
        """Return what goes wrong at this step; a fault of its process happens at once."""

    def may_be_killed_after(self, deviation: Deviation | None) -> None:
        """End its process if that is what goes wrong."""


class StoreClient:
    """A store as one instance sees it: `caller` returns its present invocation, `shown` what a key stands for."""

    def __init__(self, server: Server, world: World, caller: Callable[[], Caller], shown: Callable[[str], str]) -> None:
        self._server = server
        self._world = world
        self._caller = caller
        self._shown = shown

    def read(self, keys: Sequence[str]) -> Reading:
        """Return the time, and the value of each key."""
        caller = self._caller()

        def read() -> Reading:
            caller.read_at = self._world.now
            return self._server.memory.read(keys)

        return self._ask(caller, f"reads {', '.join(map(self._shown, keys))}", READ_FAULTS, read)

    def replace(self, key: str, old: bytes | None, new: bytes | None, lifetime: int) -> bool:
        """Put `new` in the place of `old`; False if `old` is not there."""
        what = self._shown(key)
        if self._world.traced:
            what += f": {self._state(old)} -> {self._state(new)}"
        return self._change(what, lambda memory: memory.replace(key, old, new, lifetime))

    def take(self, key: str, token: str, limit: int, lifetime: int) -> bool:
        """Add a token to a set; False if it holds `limit` others already."""
        return self._change(f"takes from {self._shown(key)}", lambda memory: memory.take(key, token, limit, lifetime))

    def put_back(self, key: str, token: str) -> None:
        """Remove a token from a set."""
        self._change(f"puts back to {self._shown(key)}", lambda memory: memory.put_back(key, token))

    def _state(self, value: bytes | None) -> str:
        record = Record.decode(value)
        if record is None:
            return "nothing"
        when = f"until {record.at - self._world.started:.3f} s" if record.state == "claimed" else ""
        return f"{record.state} {when}".strip()

    def _change(self, what: str, change: Callable[[MemoryStore], T]) -> T:
        server = self._server
        return self._ask(self._caller(), what, CHANGE_FAULTS, lambda: server.change(lambda: change(server.memory)))

    def _ask(self, caller: Caller, what: str, faults: Sequence[Fault], do: Callable[[], T]) -> T:
        deviation = caller.choose(f"store: {what}", faults)
        fault, value = (deviation.fault, deviation.value) if deviation else ("", 0.0)
        caller.store_failed |= fault in LEAVE_SOMETHING
        caller.store_delay += min(value, 2 * TIMEOUT)
        caller.wait(SECONDS + value if fault in ("slow", "not done, tried again") else SECONDS)
        if fault == "away":
            caller.wait(value)
            raise StoreUnavailable("away")
        if fault == "done late, answers lost":
            self._world.at(self._world.now + 2 * TIMEOUT + value, do)
            caller.wait(2 * TIMEOUT)
            raise StoreUnavailable("away")
        answer = do()
        if fault == "done, and once more later":
            self._world.at(self._world.now + value, do)
        if fault == "done, answers lost":
            caller.wait(value)
            raise StoreUnavailable("away")
        if fault == "done, answer lost, tried again":
            caller.wait(value)
            answer = do()
        caller.may_be_killed_after(deviation)
        caller.wait(SECONDS)
        return answer
