"""The process of an instance, spoken to in lines of JSON over its stdin and stdout."""

import json
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from threading import Event, Timer
from typing import IO, Any

from local.instances.guard import Guard

_SECONDS_TO_END = 5.0


class ProcessEnded(Exception):
    """The process ended instead of answering."""


class ProcessOverdue(Exception):
    """The process was ended, since its time limit was up."""


class Process:
    """A running process, from the start; spoken to by one thread at a time. It ends with this one, frozen or not.

    Args:
        command: what runs.
        environ: its whole environment.
        logs: where its stderr goes; None is this process's own.

    Raises:
        OSError: it cannot be started.

    """

    def __init__(self, command: Sequence[str], *, environ: Mapping[str, str], logs: IO[bytes] | None) -> None:
        self._guard = Guard()
        try:
            self._process = subprocess.Popen(  # noqa: S603 -- the interpreter is the caller's to choose
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=logs, env=environ
            )
        except OSError:
            self._guard.dismiss()
            raise
        self._guard.watch(self._process.pid)

    def exchange(self, message: Mapping[str, object], seconds: float) -> Any:
        """Give it a message, and return its answer to it.

        Raises:
            ProcessEnded: it ended instead.
            ProcessOverdue: the answer was not there within so many `seconds`; the process was killed.

        """
        overdue = Event()

        def end() -> None:
            overdue.set()
            self.kill()

        limit = Timer(seconds, end)
        limit.daemon = True
        limit.start()
        try:
            line = self._line_after(json.dumps(message).encode() + b"\n")
        finally:
            limit.cancel()
            limit.join()
        if overdue.is_set():
            raise ProcessOverdue
        if not line:
            raise ProcessEnded
        return json.loads(line)

    def freeze(self) -> None:
        """Stop it where it is."""
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on after it was frozen."""
        self._process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """End it at once, whatever it is doing; may be called by any thread."""
        self._process.kill()

    def end(self) -> None:
        """Let it end by itself, frozen or not, or kill it where it takes long to."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self.thaw()
        with suppress(BrokenPipeError):
            self._process.stdin.close()  # which it takes for the end
        try:
            self._process.wait(_SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self.kill()
            self._process.wait()
        self._guard.dismiss()
        self._process.stdout.close()

    def _line_after(self, message: bytes) -> bytes:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(message)
            self._process.stdin.flush()
            return self._process.stdout.readline()
        except BrokenPipeError:
            return b""
