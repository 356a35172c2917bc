"""The directory's clock, which a test may move."""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone

CHINA_TIME = timezone(timedelta(hours=8))


def time_of_day() -> datetime:
    """Return the real time, in UTC."""
    return datetime.now(timezone.utc)


class Clock:
    """A clock that runs at the real pace, a settable distance away from the real time.

    Not thread-safe by itself: the directory calls it under its own lock.

    Args:
        real_time: gives the real time, with a time zone.

    """

    def __init__(self, real_time: Callable[[], datetime]) -> None:
        self._real_time = real_time
        self._ahead = timedelta()

    def now(self) -> datetime:
        """Return the time of this clock, in UTC."""
        return (self._real_time() + self._ahead).astimezone(timezone.utc)

    def real_now(self) -> datetime:
        """Return the real time, in UTC."""
        return self._real_time().astimezone(timezone.utc)

    def advance(self, by: timedelta) -> None:
        """Move on, or back by a negative distance.

        Raises:
            OverflowError: the clock would leave the years 1 to 9999.

        """
        ahead = self._ahead + by
        # China is ahead of UTC, so the last hours of the year 9999 are out of reach as well.
        (self._real_time() + ahead).astimezone(CHINA_TIME)
        self._ahead = ahead

    def set(self, moment: datetime) -> None:
        """Show this moment (with a time zone) now, and run on from it.

        Raises:
            OverflowError: the moment is out of the years 1 to 9999.

        """
        self.advance(moment - self.now())

    def reset(self) -> None:
        """Show the real time again."""
        self._ahead = timedelta()
