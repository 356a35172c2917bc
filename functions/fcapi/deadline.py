"""`Deadline`: the moment by which an invocation must be done."""

from collections.abc import Callable
from typing import NamedTuple


class Deadline(NamedTuple):
    """A moment on a monotonic clock.

    Attributes:
        ends: the moment, as a reading of `monotonic`, in seconds.
        monotonic: the clock, which never goes back.

    """

    ends: float
    monotonic: Callable[[], float]

    @classmethod
    def after(cls, seconds: float, monotonic: Callable[[], float]) -> "Deadline":
        """Return the moment that is `seconds` away from now."""
        return cls(monotonic() + seconds, monotonic)

    def remaining(self) -> float:
        """Return how many seconds are left; negative once the moment has passed."""
        return self.ends - self.monotonic()

    def allows(self, seconds: float) -> bool:
        """Tell whether something that takes so many seconds ends in time."""
        return self.remaining() >= seconds

    def earlier_by(self, seconds: float) -> "Deadline":
        """Return the moment that is `seconds` before this one."""
        return self._replace(ends=self.ends - seconds)

    def within(self, seconds: float) -> "Deadline":
        """Return the moment that is `seconds` away from now, but no later than this one."""
        return self._replace(ends=min(self.ends, self.monotonic() + seconds))

    def half(self) -> "Deadline":
        """Return the moment at which half of the remaining time has passed."""
        return Deadline.after(self.remaining() / 2, self.monotonic)
