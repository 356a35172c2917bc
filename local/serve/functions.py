"""The functions that are served: each with its instances and its retries, and the queue of asynchronous events."""

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock

from local.instances.instance import InvocationResult
from local.serve.asynchronous import Finished, invoke_asynchronously
from local.serve.changes import Changes
from local.serve.dead_letters import DeadLetterBox
from local.serve.invocation import Cause
from local.serve.journal import Journal
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
        journal: is told of each invocation.
        changes: each event that is finished, or begun, is one.

    """

    def __init__(self, served: Mapping[str, Served], box: DeadLetterBox, journal: Journal, changes: Changes) -> None:
        self.served = served
        self._changes = changes
        self._box = box
        self._journal = journal
        self._waiting = 0
        self._beginnings = 1
        self._lock = Lock()
        workers = sum(function.pool.limit for function in served.values())
        self._queue = ThreadPoolExecutor(workers, thread_name_prefix="events")

    @property
    def waiting(self) -> int:
        """How many events are not finished yet."""
        return self._waiting

    def invoke(self, function: str, event: bytes, request_id: str, *, cause: Cause | None = None) -> InvocationResult:
        """Invoke a function and wait for its answer.

        Raises:
            PlatformError: there is no such function, or all its instances are busy.

        """
        pool = self._function(function).pool
        self._journal.accept(request_id, function, event, cause=cause)
        try:
            result = pool.invoke(event, request_id=request_id, wait=False)
        except AllInstancesBusy:
            error = instances_exhausted()
            self._journal.finish(request_id, refusal=error.code)
            raise error from None
        self._journal.finish(request_id)
        return result

    def submit(self, function: str, event: bytes, request_id: str, *, cause: Cause | None = None) -> Future[Finished]:
        """Queue an event and return at once; the future has the result for a caller that wants it.

        Raises:
            PlatformError: there is no such function, or it is being shut down.

        """
        served = self._function(function)
        beginnings = self._beginnings

        def work() -> Finished:
            finished = invoke_asynchronously(served.pool, event, retries=served.retries, request_id=request_id)
            number = None
            if finished.dead_letter and beginnings == self._beginnings:
                number = self._box.add(function, finished.dead_letter)
            self._journal.finish(request_id, letter=number)
            return finished

        self._journal.accept(request_id, function, event, asynchronous=True, tries=served.retries + 1, cause=cause)
        self._count(1)  # before it may begin: none is under way that is not counted
        try:
            future = self._queue.submit(work)
        except RuntimeError:  # what the queue raises once it was closed
            self._count(-1)
            self._journal.finish(request_id, refusal="ServiceUnavailable")
            raise PlatformError(503, "ServiceUnavailable", "the function is being shut down") from None
        future.add_done_callback(lambda _: self._count(-1))
        return future

    def begin_anew(self, *, keep_instances: bool) -> None:
        """Leave no dead letter of an event that was accepted before, and replace the instances unless they go on."""
        self._beginnings += 1
        if not keep_instances:
            for function in self.served.values():
                function.pool.renew()

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
        self._changes.note()
