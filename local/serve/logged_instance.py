"""An instance of a pool, and the log lines of each invocation on it."""

import os
from collections.abc import Callable
from threading import Condition, Thread
from typing import IO

from local.instances.instance import Instance

_SECONDS_TO_DRAIN = 2.0
_END = "FC Invoke End RequestId: "


class LoggedInstance:
    """An instance with the lines that it writes; not started at first.

    Args:
        new_instance: makes an instance that writes its log, with the platform's lines, to the file given.
        write: gets the instance's id, the request id that it serves, and each line.

    Attributes:
        request_id: that of the invocation that the instance is started for, or handles; or of the last one.

    """

    def __init__(self, new_instance: Callable[[IO[bytes]], Instance], write: Callable[[str, str, str], None]) -> None:
        self.request_id = ""
        self._pipe = _LogPipe(lambda text: write(self.instance.instance_id, self.request_id, text))
        self.instance = new_instance(self._pipe.sink)
        self._started = False

    @property
    def is_started(self) -> bool:
        """Whether the instance was started."""
        return self._started

    def start_once(self) -> None:
        """Start the instance unless it was.

        Raises:
            InstanceFailed: it cannot be.

        """
        if not self._started:
            with self._pipe.sink:  # closes this process's end of it: the instance has one of its own by then
                self.instance.__enter__()
            self._started = True

    def lines_of(self, request_id: str) -> tuple[str, ...]:
        """Return the lines since the last call up to the end of this invocation, or all if it never came to one."""
        return self._pipe.lines_of(request_id)

    def kill(self) -> None:
        """End a busy instance at once. One that is starting ends itself: within the initializer's time limit."""
        if self._started:
            self.instance.kill()

    def end(self) -> None:
        """End the instance, and wait until all that it wrote was read."""
        if self._started:
            self.instance.__exit__(None, None, None)
        self._pipe.close()


class _LogPipe:
    """Reads what one instance writes: `sink` is its stderr, and `write` gets each line.

    The lines of an invocation end with the platform's own line about it, which the instance writes last.
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
