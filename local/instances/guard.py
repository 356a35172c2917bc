"""`Guard`: ends a process as soon as this one is gone, whatever ended it."""

import subprocess
from contextlib import suppress

# It reads whom to watch, and waits for another line, without which its input ends only if this process did. Of all
# signals SIGKILL alone ends a process that is stopped. Every Linux and macOS has this shell, and it starts at once.
_SCRIPT = 'read -r process && [ "$process" ] && { read -r dismissed || kill -s KILL "$process"; }'


class Guard:
    """A shell in a session of its own: a signal to all processes of a terminal does not reach it.

    Raises:
        OSError: it cannot be started.

    """

    def __init__(self) -> None:
        self._shell = subprocess.Popen(  # noqa: S603 -- our own script
            ["/bin/sh", "-c", _SCRIPT],
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={},
            start_new_session=True,
        )

    def watch(self, process_id: int) -> None:
        """Have this process end with the one that calls."""
        self._tell(str(process_id))

    def dismiss(self) -> None:
        """Stop watching: it has ended, or never was."""
        self._tell("")
        assert self._shell.stdin is not None
        self._shell.stdin.close()
        self._shell.wait()

    def _tell(self, line: str) -> None:
        assert self._shell.stdin is not None
        with suppress(BrokenPipeError):  # somebody ended the guard
            self._shell.stdin.write(f"{line}\n".encode())
