"""The functions that are served: each with its instances and its retries, and the queue of asynchronous events."""

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock

from local.instances.instance import InvocationResult
from local.serve.asynchronous import Finished, invoke_asynchronously
from local.serve.dead_letters import DeadLetterBox
from local.serve.platform_errors import PlatformError, function_not_found, instances_exhausted
from local.serve.pool import AllInstancesBusy, Pool


@dataclass(frozen=True, slots=True)
class Served:
    """A function: its instances, and how often an event that failed is tried again."""

    pool: Pool
    retries: int


class Functions:
    """All functions by name; may be used by any thread.

    Args:
        served: the functions.
        box: gets the dead letters.

    """

    def __init__(self, served: Mapping[str, Served], box: DeadLetterBox) -> None:
        self.served = served
        self._box = box
        self._waiting = 0
        self._lock = Lock()
        workers = sum(function.pool.limit for function in served.values())
        self._queue = ThreadPoolExecutor(workers, thread_name_prefix="events")

    @property
    def waiting(self) -> int:
        """How many events are not finished yet."""
        return self._waiting

    def invoke(self, function: str, event: bytes, request_id: str) -> InvocationResult:
        """Invoke a function and wait for its answer.

        Raises:
            PlatformError: there is no such function, or all its instances are busy.

        """
        try:
            return self._function(function).pool.invoke(event, request_id=request_id, wait=False)
        except AllInstancesBusy:
            raise instances_exhausted() from None

    def submit(self, function: str, event: bytes, request_id: str) -> Future[Finished]:
        """Queue an event and return at once; the future has the result for a caller that wants it.

        Raises:
            PlatformError: there is no such function, or it is being shut down.

        """
        served = self._function(function)

        def work() -> Finished:
            finished = invoke_asynchronously(served.pool, event, retries=served.retries, request_id=request_id)
            if finished.dead_letter:
                self._box.add(function, finished.dead_letter)
            return finished

        self._count(1)  # before it may begin: none is under way that is not counted
        try:
            future = self._queue.submit(work)
        except RuntimeError:  # what the queue raises once it was closed
            self._count(-1)
            raise PlatformError(503, "ServiceUnavailable", "the function is being shut down") from None
        future.add_done_callback(lambda _: self._count(-1))
        return future

    def close(self) -> None:
        """End all instances and the queue; what is not finished is lost."""
        self._queue.shutdown(wait=False, cancel_futures=True)
        for function in self.served.values():
            function.pool.close()
        self._queue.shutdown()

    def _function(self, name: str) -> Served:
        if name not in self.served:
            raise function_not_found(name)
        return self.served[name]

    def _count(self, more: int) -> None:
        with self._lock:
            self._waiting += more
