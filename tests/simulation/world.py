"""Virtual time, and processes that wait in it."""

import heapq
from collections.abc import Callable
from typing import Any

from greenlet import getcurrent, greenlet


class Killed(BaseException):
    """The process has ended; raised wherever it waits, so that nothing of it runs on."""


class World:
    """The time, what will happen in it, and a line for each step where a trace is wanted."""

    def __init__(self, now: float, *, traced: bool = False) -> None:
        self.started = self.now = now
        self.trace: list[str] = []
        self.traced = traced
        self.steps = 0
        self._hub = getcurrent()
        self._queue: list[tuple[float, int, Callable[..., object], tuple[object, ...]]] = []
        self._count = 0

    def at(self, moment: float, act: Callable[..., object], *arguments: object) -> None:
        """Let something happen at a moment; what is due at the same one happens in the order of these calls."""
        self._count += 1
        heapq.heappush(self._queue, (max(moment, self.now), self._count, act, arguments))

    def run(self) -> None:
        """Let time pass until nothing is left to happen."""
        while self._queue:
            self.now, _, act, arguments = heapq.heappop(self._queue)
            self.steps += 1
            act(*arguments)

    def skip(self, seconds: float) -> bool:
        """Let so many seconds pass at once, if nothing is due until they are over; tell whether that was so."""
        moment = self.now + seconds
        if self._queue and self._queue[0][0] <= moment:
            return False
        self.now = moment
        self.steps += 1
        return True

    def note(self, who: str, text: str) -> None:
        """Add a line to the trace."""
        if self.traced:
            self.trace.append(f"{self.now - self.started:12.3f} s  {who:<24} {text}")


class Process:
    """One invocation, from its start to its end: a greenlet that the world switches to when its time has come."""

    def __init__(self, world: World, body: Callable[[], object]) -> None:
        self._world = world
        self._greenlet: Any = greenlet(body)
        self._was_resumed = False
        self.is_killed = False

    def start(self) -> None:
        """Run it until it waits for the first time."""
        self._greenlet.switch()

    def wait(self, seconds: float) -> None:
        """Let so many seconds pass; called by the process itself."""
        if self.is_killed:
            raise Killed
        # At its first wait, the code that started it has yet to go on. Later, a switch would only lead back here.
        if self._was_resumed and self._world.skip(seconds):
            return
        self._world.at(self._world.now + seconds, self._resume)
        self._greenlet.parent.switch()

    def kill(self) -> None:
        """End it where it waits."""
        if not self.is_killed and not self._greenlet.dead:
            self.is_killed = True
            self._greenlet.throw(Killed)

    def end_itself(self) -> None:
        """End it here; called by the process itself."""
        self.is_killed = True
        raise Killed

    def _resume(self) -> None:
        if not self._greenlet.dead:
            self._was_resumed = True
            self._greenlet.switch()
