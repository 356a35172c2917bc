"""Waits until a command is to end."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import SimpleQueue


@contextmanager
def until_a_signal() -> Iterator[Callable[[], object]]:
    """Yield what waits for SIGINT or SIGTERM; neither does anything else within the block, so that it ends cleanly."""
    received: SimpleQueue[int] = SimpleQueue()  # whose `put` a handler may call whatever it has interrupted
    before = {
        number: signal.signal(number, lambda number, _: received.put(number))
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield received.get
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
