"""Waits until a server is told to end."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import SimpleQueue


@contextmanager
def until_a_signal() -> Iterator[Callable[[], object]]:
    """Yield a function that waits for SIGINT or SIGTERM.

    Within the block neither signal does anything else, so that the block is left in order.
    """
    received: SimpleQueue[int] = SimpleQueue()  # its `put` is safe in a handler, whatever the handler interrupted
    before = {
        number: signal.signal(number, lambda number, _: received.put(number))
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield received.get
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
