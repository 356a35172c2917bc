"""Which failed calls are made again at once, how often, and after what wait.

Only what surely sent nothing: the operation that sends a text has no idempotency key, so a call made again after a lost
answer may be a second text.
"""

from collections.abc import Callable
from typing import NamedTuple, TypeVar

from resource_directory.errors import NotAttempted, ResourceDirectoryError, TimestampExpired

BASE_SECONDS = 0.2
MAX_SECONDS = 5.0

Answer = TypeVar("Answer")


class Retries(NamedTuple):
    """Makes a call up to `max_attempts` times.

    `monotonic` is the clock that deadlines are told by, `sleep` waits so many seconds, `uniform` returns a number
    between two.
    """

    max_attempts: int
    monotonic: Callable[[], float]
    sleep: Callable[[float], object]
    uniform: Callable[[float, float], float]

    def call(
        self, attempt: Callable[[float | None], Answer], *, attempt_seconds: float, deadline: float
    ) -> tuple[Answer, int]:
        """Return what `attempt` returned at last, and how many attempts it took.

        An attempt is given the time to sign with, where the gateway has said that it does not take ours. It is made
        again only if `attempt_seconds` are left to do so before `deadline`.

        Raises:
            ResourceDirectoryError: of the last attempt, with the number of `attempts` on it.

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
                    or self.monotonic() + wait + attempt_seconds > deadline
                ):
                    raise
                if isinstance(error, TimestampExpired):
                    server_time = error.server_time
                    if server_time is None:
                        raise
            self.sleep(wait)
        raise AssertionError("every attempt returns or raises")

    def _wait_after(self, error: ResourceDirectoryError, number: int) -> float:
        jitter = self.uniform(0, min(MAX_SECONDS, BASE_SECONDS * 2 ** (number - 1)))
        return (error.retry_after or 0) + jitter
