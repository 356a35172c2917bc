"""Waits until the command is to end."""

import signal
import threading


def wait_for_a_signal() -> None:
    """Return on SIGINT or SIGTERM."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    stop.wait()
