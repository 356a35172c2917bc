"""Tells an observer what happens within a call: each attempt with its result, and each wait before the next one."""

import itertools
from collections.abc import Callable
from typing import NamedTuple, Protocol

from resource_directory.errors import ResourceDirectoryError
from resource_directory.responses import Success
from resource_directory.retries import Deadline, Retries

Attempt = Callable[[float | None], Success]
"""Makes one attempt; it gets the time to sign with, or None."""


class Attempted(NamedTuple):
    """One attempt that was made.

    Attributes:
        action: the operation.
        number: its place among the attempts of the call, from 1.
        seconds: the time that it took.
        request_id: the API's RequestId, where it answered with one.
        code: of the error; None is a success.

    """

    action: str
    number: int
    seconds: float
    request_id: str | None
    code: str | None


class Observer(Protocol):
    """Is told what happens."""

    def attempted(self, attempted: Attempted) -> object:
        """Take note of an attempt that is over."""

    def waiting(self, seconds: float) -> object:
        """Take note of a wait, of so many seconds, that begins."""


def observed_attempt(attempt: Attempt, action: str, deadline: Deadline, observer: Observer) -> Attempt:
    """Return `attempt` so that the observer is told of each one; `deadline` is the clock that times them."""
    numbers = itertools.count(1)

    def observed(server_time: float | None) -> Success:
        number, left = next(numbers), deadline.remaining()
        try:
            success = attempt(server_time)
        except ResourceDirectoryError as error:
            seconds = left - deadline.remaining()
            observer.attempted(Attempted(action, number, seconds, error.request_id, error.code))
            raise
        observer.attempted(Attempted(action, number, left - deadline.remaining(), success.request_id, None))
        return success

    return observed


def observed_retries(retries: Retries, observer: Observer) -> Retries:
    """Return `retries` so that the observer is told of each wait."""

    def sleep(seconds: float) -> None:
        observer.waiting(seconds)
        retries.sleep(seconds)

    return retries._replace(sleep=sleep)
