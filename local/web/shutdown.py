"""Waits until a server is told to end."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import SimpleQueue


@contextmanager
def until_a_signal() -> Iterator[Callable[[], object]]:
    """Yield a function that waits for SIGINT, SIGTERM or SIGHUP, which a terminal that is closed sends.

    Within the block none of them does anything else, so that the block is left in order. SIGHUP stays ignored where it
    was: under nohup.
    """
    received: SimpleQueue[int] = SimpleQueue()  # its `put` is safe in a handler, whatever the handler interrupted
    numbers = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        numbers.append(signal.SIGHUP)
    before = {number: signal.signal(number, lambda number, _: received.put(number)) for number in numbers}
    try:
        yield received.get
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
