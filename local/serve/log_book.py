"""Keeps the log lines of all instances."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from threading import Condition


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

        A number that no line has yet is of an earlier book: all lines are after it.
        """
        with self._changed:
            number = number if number <= self._written else 0
            self._changed.wait_for(lambda: self._closed or self._written > number, wait_seconds)
            return [line for line in self._lines if line.number > number]

    def close(self) -> None:
        """Let no caller wait any longer."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
