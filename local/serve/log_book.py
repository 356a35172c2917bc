"""What instances write: collected line by line for each invocation, and kept for whoever wants to look."""

import os
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from threading import Condition, Thread

_SECONDS_TO_DRAIN = 2.0
_END = "FC Invoke End RequestId: "


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line, with its place among all lines ever written, from 1."""

    number: int
    function: str
    instance_id: str
    text: str


class LogBook:
    """The last lines of all instances; may be used by any thread.

    Args:
        capacity: how many are kept.
        echo: is also given each line's text.

    """

    def __init__(self, capacity: int = 2000, echo: Callable[[str], object] = lambda _: None) -> None:
        self._lines: deque[LogLine] = deque(maxlen=capacity)
        self._written = 0
        self._echo = echo
        self._closed = False
        self._changed = Condition()

    @property
    def last(self) -> int:
        """The number of the last line; 0 where none was written yet."""
        return self._written

    def write(self, function: str, instance_id: str, text: str) -> None:
        """Keep a line."""
        with self._changed:
            self._written += 1
            self._lines.append(LogLine(self._written, function, instance_id, text))
            self._echo(text)
            self._changed.notify_all()

    def since(self, number: int, wait_seconds: float = 0) -> list[LogLine]:
        """Return the kept lines after that number; if there are none, wait so long for the next.

        A number that none has yet is of an earlier book: all lines are after it.
        """
        with self._changed:
            number = number if number <= self._written else 0
            self._changed.wait_for(lambda: self._closed or self._written > number, wait_seconds)
            return [line for line in self._lines if line.number > number]

    def close(self) -> None:
        """Let nobody wait any longer."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()


class LogPipe:
    """What one instance writes: `sink` is its stderr, and `write` gets each line.

    Where one invocation's lines end is told by the platform's own mark, which the instance writes last.
    """

    def __init__(self, write: Callable[[str], object]) -> None:
        read_end, write_end = os.pipe()
        self.sink = os.fdopen(write_end, "wb")
        self._write = write
        self._lines: list[str] = []
        self._ends: dict[str, int] = {}  # how many lines there were at the end of an invocation, by its request id
        self._closed = False
        self._changed = Condition()
        self._thread = Thread(target=self._read, args=(read_end,), daemon=True)
        self._thread.start()

    def lines_of(self, request_id: str) -> tuple[str, ...]:
        """Return the lines since the last call up to the end of this invocation, or all if it never came to one."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or request_id in self._ends, _SECONDS_TO_DRAIN)
            count = self._ends.get(request_id, len(self._lines))
            lines, self._lines = self._lines[:count], self._lines[count:]
            self._ends.clear()
        return tuple(lines)

    def close(self) -> None:
        """Wait until all that a process wrote is read; it has ended, or was never started."""
        self.sink.close()
        self._thread.join(_SECONDS_TO_DRAIN)

    def _read(self, read_end: int) -> None:
        with os.fdopen(read_end, encoding="utf-8", errors="replace") as source:
            for line in source:
                text = line.rstrip("\n")
                self._write(text)
                self._collect(text)
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _collect(self, text: str) -> None:
        with self._changed:
            self._lines.append(text)
            # Not only at the start of a line: what the function printed last may have no line break.
            if _END in text:
                request_id = text.rpartition(_END)[2].partition(",")[0]
                self._ends[request_id] = len(self._lines)
                self._changed.notify_all()
