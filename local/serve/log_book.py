"""Keeps the log lines of all instances."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from local.serve.changes import Changes


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line, with its place among all lines ever written, from 1, and when it was read, in Unix seconds.

    `request_id` is that of the invocation that its instance was handling, or was started for.
    """

    number: int
    at: float
    function: str
    instance_id: str
    request_id: str
    text: str


class LogBook:
    """The last lines of all instances; may be used by any thread.

    Args:
        changes: each line is one.
        capacity: how many are kept.
        tell: is also given each line.
        now: the time, in Unix seconds.

    """

    def __init__(
        self,
        changes: Changes,
        *,
        capacity: int = 2000,
        tell: Callable[[LogLine], object] = lambda _: None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._changes = changes
        self._lines: deque[LogLine] = deque(maxlen=capacity)
        self._written = 0
        self._tell = tell
        self._now = now
        self._lock = Lock()

    @property
    def last(self) -> int:
        """The number of the last line; 0 where none was written yet."""
        return self._written

    def write(self, function: str, instance_id: str, request_id: str, text: str) -> None:
        """Keep a line."""
        with self._lock:
            line = LogLine(self._written + 1, self._now(), function, instance_id, request_id, text)
            self._lines.append(line)
            self._tell(line)
            self._written = line.number
        self._changes.note()

    def since(self, number: int, wait_seconds: float = 0) -> list[LogLine]:
        """Return the kept lines after that number; if there are none, wait so long for the next.

        A number that no line has yet is of an earlier book: all lines are after it.
        """
        number = number if number <= self._written else 0
        self._changes.wait_for(lambda: self._written > number, wait_seconds)
        with self._lock:
            return [line for line in self._lines if line.number > number]

    def clear(self) -> None:
        """Forget the lines; the next one is counted on."""
        with self._lock:
            self._lines.clear()
