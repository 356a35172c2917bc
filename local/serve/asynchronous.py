"""Asynchronous invocation: retries a failed event; after the last try, its record goes to a destination.

Source: the vendor's pages "Error handling" (all exceptions are retried alike) and "Result callback" (the payload that a
destination gets).
"""

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol

from local.instances.environment import ACCOUNT_ID
from local.instances.instance import Instance, InstanceFailed, InvocationResult, new_request_id


class Invokable(Protocol):
    """A function that events can be given to: one instance after the other, or all of them."""

    @property
    def function(self) -> str:
        """Its name."""

    def invoke(self, event: bytes, *, request_id: str, retry_count: int) -> InvocationResult:
        """Invoke it, for the `retry_count`-th time after the first."""


@dataclass(frozen=True, slots=True)
class Finished:
    """The last answer of an event, and what its destination gets, where it failed for good."""

    answer: InvocationResult
    dead_letter: dict[str, object] | None


class InstanceInPlace:
    """One instance of a function. If its process ends, the event has failed, and the next event gets a new instance.

    A context manager, which ends the instance.
    """

    def __init__(self, function: str, new_instance: Callable[[], Instance]) -> None:
        self.function = function
        self._new_instance = new_instance
        self._running = ExitStack()
        self._instance: Instance | None = None

    def __enter__(self) -> "InstanceInPlace":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._running.close()

    def invoke(self, event: bytes, *, request_id: str, retry_count: int) -> InvocationResult:
        """Invoke the instance, as `Invokable`."""
        try:
            if self._instance is None:
                self._instance = self._running.enter_context(self._new_instance())
            return self._instance.invoke(event, request_id=request_id, retry_count=retry_count)
        except InstanceFailed as failure:
            self._running.close()
            self._instance = None
            return InvocationResult(failure.payload, failed=True)


def invoke_asynchronously(
    function: Invokable,
    event: bytes,
    *,
    retries: int,
    request_id: str | None = None,
    now: Callable[[], float] = time.time,
) -> Finished:
    """Invoke until it succeeds, `retries` times more than once at most, all under one request id, without a pause."""
    request_id = request_id or new_request_id()
    for count in range(retries + 1):
        answer = function.invoke(event, request_id=request_id, retry_count=count)
        if not answer.failed:
            return Finished(answer, None)
    error = "UnhandledInvocationError"  # what every exception of a Python function is
    letter: dict[str, object] = {
        "timestamp": int(now() * 1000),
        "requestContext": {
            "requestId": request_id,
            "functionArn": f"acs:fc:cn-hangzhou:{ACCOUNT_ID}:functions/{function.function}",
            "condition": error,
            "approximateInvokeCount": retries + 1,
        },
        "requestPayload": event.decode("utf-8", "replace"),
        "responseContext": {"statusCode": 200, "functionError": error},
        "responsePayload": answer.payload.decode("utf-8", "replace"),
    }
    return Finished(answer, letter)
