"""`python local/interruptible.py MODULE …`: runs a module as `python -m` does, and ends as the commands of Unix do.

- Ctrl+C ends it with 130 and without a traceback, however early it comes. A module cannot do so itself: most of a
  command's first second is spent on imports. In the moments before this begins, the traceback would be Python's own;
  the Makefile starts it with SIGINT blocked, so that the signal waits until here.
- Output that cannot be written is told in one line. A reader that is gone, like that of `| head -1`, is not.

It is run as a file, because `python -m` would import `local` before coverage is there to measure it.
"""

import errno
import os
import runpy
import signal
import sys
from contextlib import suppress
from types import FrameType
from typing import NoReturn

INTERRUPTED = 130
"""The exit code of what Ctrl+C ended, as shells have it."""

_OF_OUTPUT = {errno.EPIPE, errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}
"""Why writing fails although the command is right."""


def main() -> None:
    """Run the module that the first argument names, with the arguments after it."""
    sys.path[0] = os.getcwd()  # noqa: PTH109 -- pathlib takes as long to import as all of the others
    del sys.argv[0]
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        _run(sys.argv[0])
    except KeyboardInterrupt:  # it was pending
        sys.exit(INTERRUPTED)


def fcapi() -> None:
    """Run `fcapi`."""
    _run("local.commands")


def _run(module: str) -> None:
    is_interrupted = False

    def interrupt(number: int, frame: FrameType | None) -> None:
        nonlocal is_interrupted
        is_interrupted = True
        signal.default_int_handler(number, frame)

    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # not under nohup
        signal.signal(signal.SIGINT, interrupt)
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except SystemExit as ended:
        sys.exit(INTERRUPTED if is_interrupted and ended.code else ended.code)  # click has 1 for it
    except OSError as error:
        if error.errno not in _OF_OUTPUT or error.filename is not None:
            raise
        _end_for(error)
    finally:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # a second one does not interrupt what Python does at its end
        _flush()


def _flush() -> None:
    """Write what is not written yet, before Python does so, and says it in its own way if that fails."""
    try:
        for stream in filter(None, (sys.stdout, sys.stderr)):  # None, where it is closed
            stream.flush()
    except OSError as error:
        _end_for(error)


def _end_for(error: OSError) -> NoReturn:
    if error.errno != errno.EPIPE:
        with suppress(OSError):
            sys.stderr.write(f"The output cannot be written: {error.strerror}\n")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # for what is not written yet
    sys.exit(1)


if __name__ == "__main__":
    main()
