"""`Changes`: lets a page wait until something that it shows has changed."""

from collections.abc import Callable
from threading import Condition


class Changes:
    """Counts the changes of everything that is served; may be used by any thread."""

    def __init__(self) -> None:
        self._count = 0
        self._closed = False
        self._changed = Condition()

    @property
    def count(self) -> int:
        """How many there were."""
        return self._count

    def note(self) -> None:
        """Count one more, and wake up who waits for it."""
        with self._changed:
            self._count += 1
            self._changed.notify_all()

    def wait(self, count: int, seconds: float) -> int:
        """Return how many there were, as soon as that is not `count` any more, or after so many seconds."""
        self.wait_for(lambda: self._count != count, seconds)
        return self._count

    def wait_for(self, holds: Callable[[], bool], seconds: float) -> None:
        """Wait until something holds, which is asked after each change, but no longer than so many seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or holds(), seconds)

    def close(self) -> None:
        """Let no caller wait any longer."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
