"""Retries in place: which failed calls are repeated at once, how often, and after which wait.

Only calls that surely sent nothing are repeated. The operation that sends a text has no idempotency key, so a call
repeated after a lost answer may be a second text.
"""

from collections.abc import Callable
from typing import NamedTuple, Protocol, TypeVar

from resource_directory.errors import NotAttempted, ResourceDirectoryError, TimestampExpired

BASE_SECONDS = 0.2

T = TypeVar("T")


class Deadline(Protocol):
    """The moment by which a call must have its answer."""

    def remaining(self) -> float:
        """Return how many seconds are left; negative once it has passed."""

    def allows(self, seconds: float) -> bool:
        """Tell whether something that takes so many seconds ends in time."""


class Retries(NamedTuple):
    """Makes a call up to `max_attempts` times. `sleep` waits so many seconds; `uniform` is a number between two."""

    max_attempts: int
    sleep: Callable[[float], object]
    uniform: Callable[[float, float], float]

    def call(
        self, attempt: Callable[[float | None], T], *, attempt_seconds: float, deadline: Deadline
    ) -> tuple[T, int]:
        """Return the result of the last `attempt`, and the number of attempts.

        An attempt gets the time to sign with if the gateway did not accept the time of this machine, else None. It is
        repeated only if `deadline` allows for `attempt_seconds` after the wait.

        Raises:
            ResourceDirectoryError: the error of the last attempt, with the number of `attempts` on it.

        """
        server_time: float | None = None
        failures: list[type[ResourceDirectoryError]] = []
        for number in range(1, self.max_attempts + 1):
            try:
                return attempt(server_time), number
            except ResourceDirectoryError as error:
                error.attempts = number - 1 if isinstance(error, NotAttempted) else number
                failures.append(type(error))
                wait = self._wait_after(error, number)
                if (
                    number == self.max_attempts
                    or failures.count(type(error)) > error.retries_in_place
                    or not deadline.allows(wait + attempt_seconds)
                ):
                    raise
                if isinstance(error, TimestampExpired):
                    server_time = error.server_time
                    if server_time is None:
                        raise
            self.sleep(wait)
        raise AssertionError("every attempt returns or raises")

    def _wait_after(self, error: ResourceDirectoryError, number: int) -> float:
        jitter = self.uniform(0, BASE_SECONDS * 2 ** (number - 1))
        return (error.retry_after or 0) + jitter
