"""The instances of one function: started on demand, reused when idle, one request at a time each.

Source: the vendor's pages "Instance-level events" and "Feature updates in Function Compute 3.0": instances of built-in
runtimes handle one request at a time.
"""

from collections.abc import Callable
from threading import BoundedSemaphore, Lock
from typing import IO

from local.instances.instance import Instance, InstanceFailed, InvocationResult
from local.serve.freezer import Freezer
from local.serve.journal import Journal
from local.serve.log_book import LogBook
from local.serve.logged_instance import LoggedInstance

MAX_INSTANCES = 10
"""How many instances of a function there may be."""


class AllInstancesBusy(Exception):
    """As many instances as there may be are handling requests."""


class Pool:
    """Invokes a function on as many instances as its requests need; may be used by any thread.

    Args:
        function: its name.
        new_instance: makes an instance that writes its log, with the platform's lines, to the file given.
        freezer: freezes those that are idle.
        book: keeps their log lines.
        journal: is told of each try.
        limit: how many instances there may be.
        code_version: what their code is now; an instance of other code gets no further event.

    """

    def __init__(
        self,
        function: str,
        new_instance: Callable[[IO[bytes]], Instance],
        *,
        freezer: Freezer,
        book: LogBook,
        journal: Journal,
        limit: int = MAX_INSTANCES,
        code_version: Callable[[], object] = lambda: None,
    ) -> None:
        self.function = function
        self.limit = limit
        self._new_instance = new_instance
        self._freezer = freezer
        self._book = book
        self._journal = journal
        self._code_version = code_version
        self._free = BoundedSemaphore(limit)
        self._idle: list[LoggedInstance] = []
        self._all: dict[LoggedInstance, object] = {}  # each with the version of its code
        self._outdated: set[LoggedInstance] = set()
        self._closed = False
        self._lock = Lock()

    @property
    def size(self) -> int:
        """How many instances there are."""
        with self._lock:
            return len(self._all)

    def invoke(self, event: bytes, *, request_id: str, retry_count: int = 0, wait: bool = True) -> InvocationResult:
        """Invoke the function; whatever goes wrong in it is a failed answer.

        Raises:
            AllInstancesBusy: they are, and the caller does not want to `wait`.

        """
        if not self._free.acquire(blocking=wait):
            raise AllInstancesBusy
        try:
            result = self._invoke(event, request_id, retry_count)
        finally:
            self._free.release()
        self._journal.end_try(request_id, result)
        return result

    def renew(self) -> None:
        """End all instances, those that are handling a request once they have: the next requests get new ones."""
        with self._lock:
            idle, self._idle = self._idle, []
            self._outdated = self._all.keys() - idle
        for member in idle:
            self._freezer.thaw(member.instance)
            self._end(member)

    def close(self) -> None:
        """End all instances, those that are handling a request too."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
            busy = self._all.keys() - idle
        for member in busy:
            member.kill()
        for member in idle:
            self._freezer.thaw(member.instance)
            self._end(member)

    def _invoke(self, event: bytes, request_id: str, retry_count: int) -> InvocationResult:
        version = self._code_version()
        member = self._take_idle(version) or self._add(version)
        member.request_id = request_id
        self._journal.begin_try(request_id, member.instance.instance_id, cold_start=not member.is_started)
        try:
            self._refuse_when_closed()
            member.start_once()
            self._refuse_when_closed()  # closing may have come while this one started, and did not end it
            answer = member.instance.invoke(event, request_id=request_id, retry_count=retry_count)
        except InstanceFailed as failure:
            self._end(member)
            return self._failed(failure, request_id, member)
        answer = InvocationResult(answer.payload, answer.failed, member.lines_of(request_id), answer.instance_id)
        self._put_back(member)
        return answer

    def _refuse_when_closed(self) -> None:
        if self._closed:
            raise InstanceFailed("The function is being shut down")

    def _take_idle(self, version: object) -> LoggedInstance | None:
        """Return an idle instance of this version of the code, if there is one; those of any other are ended."""
        with self._lock:
            outdated = [member for member in self._idle if self._all[member] != version]
            self._idle = [member for member in self._idle if self._all[member] == version]
            member = self._idle.pop() if self._idle else None
        for each in outdated:
            self._freezer.thaw(each.instance)
            self._end(each)
        if member:
            self._freezer.thaw(member.instance)
        return member

    def _add(self, version: object) -> LoggedInstance:
        member = LoggedInstance(self._new_instance, self._write)
        self._freezer.starting()
        with self._lock:
            self._all[member] = version
        return member

    def _put_back(self, member: LoggedInstance) -> None:
        self._freezer.freeze(member.instance)
        with self._lock:
            if not self._closed and member not in self._outdated:
                self._idle.append(member)
                return
        self._freezer.thaw(member.instance)
        self._end(member)

    def _end(self, member: LoggedInstance) -> None:
        with self._lock:
            self._all.pop(member, None)
            self._outdated.discard(member)
        self._freezer.ended()
        member.end()

    def _failed(self, failure: InstanceFailed, request_id: str, member: LoggedInstance) -> InvocationResult:
        instance_id = member.instance.instance_id
        end = f"FC Invoke End RequestId: {request_id}, Error: {failure}"
        self._write(instance_id, request_id, end)
        logs = (*member.lines_of(request_id), end)
        return InvocationResult(failure.payload, failed=True, logs=logs, instance_id=instance_id)

    def _write(self, instance_id: str, request_id: str, text: str) -> None:
        self._book.write(self.function, instance_id, request_id, text)
