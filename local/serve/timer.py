"""The timer: fires by a schedule, or when it is told to."""

from collections.abc import Callable
from datetime import datetime
from threading import Event, Thread
from types import TracebackType

from local.emulator.clock import time_of_day
from local.serve.schedule import Schedule

_LONGEST_WAIT_SECONDS = 30.0
"""A laptop sleeps, and its clock is set: so the time is looked at again."""


class Timer:
    """Calls `fire` with each time of a schedule; a context manager, which starts it and stops it.

    Args:
        schedule: when.
        fire: called by a thread of the timer's own; the next time has to wait for it.
        now: the time, with a time zone.

    Attributes:
        next_run: the next time, in UTC.

    """

    def __init__(
        self, schedule: Schedule, fire: Callable[[datetime], object], *, now: Callable[[], datetime] = time_of_day
    ) -> None:
        self.next_run = schedule.next_after(now())
        self._schedule = schedule
        self._fire = fire
        self._now = now
        self._stopping = Event()
        self._thread = Thread(target=self._run, daemon=True)

    def __enter__(self) -> "Timer":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.wait(min(self._seconds_left(), _LONGEST_WAIT_SECONDS)):
            if self._seconds_left() <= 0:
                due, self.next_run = self.next_run, self._schedule.next_after(self._now())
                self._fire(due)

    def _seconds_left(self) -> float:
        return max(0.0, (self.next_run - self._now()).total_seconds())
