"""The journal: the last invocations of all functions, as they go on."""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from threading import Lock

from local.emulator.contacts import Message
from local.instances.instance import InvocationResult
from local.serve.changes import Changes
from local.serve.invocation import Cause, Invocation, Try, read_invocation
from local.serve.invocation_documents import story, summary
from local.serve.log_book import LogLine
from local.serve.texts import invocations_of


class Journal:
    """Keeps invocations by their request ids; may be used by any thread.

    What is said of an invocation that is not kept, or no longer, is passed over.

    Args:
        changes: whatever is said here is one.
        capacity: how many are kept; the oldest are lost beyond.
        now: the time, in Unix seconds.

    """

    def __init__(self, changes: Changes, *, capacity: int = 1000, now: Callable[[], float] = time.time) -> None:
        self._changes = changes
        self._capacity = capacity
        self._now = now
        self._invocations: OrderedDict[str, Invocation] = OrderedDict()
        self._accepted = 0
        self._revision = 0
        self._lock = Lock()

    def accept(
        self,
        request_id: str,
        function: str,
        event: bytes,
        *,
        asynchronous: bool = False,
        tries: int = 1,
        cause: Cause | None = None,
    ) -> None:
        """Begin the story of an invocation, which is tried so often at most."""
        read = read_invocation(
            request_id, function, event, asynchronous=asynchronous, tries=tries, cause=cause, now=self._now()
        )
        with self._lock:
            self._accepted += 1
            read.number = self._accepted
            self._invocations[request_id] = read
            if len(self._invocations) > self._capacity:
                self._invocations.popitem(last=False)
        with self._changed(request_id):
            pass

    def begin_try(self, request_id: str, instance_id: str, *, cold_start: bool) -> None:
        """Note that an instance got the event."""
        with self._changed(request_id) as invocation:
            if invocation:
                number = len(invocation.tries) + 1
                invocation.tries.append(Try(number, instance_id, cold_start, self._now()))

    def add_line(self, line: LogLine) -> None:
        """Take a line of the log into account."""
        with self._changed(line.request_id) as invocation:
            if invocation:
                invocation.add_line(line)

    def end_try(self, request_id: str, result: InvocationResult) -> None:
        """Note what the instance answered."""
        with self._changed(request_id) as invocation:
            if invocation and invocation.tries:
                invocation.tries[-1].ended_at = self._now()
                invocation.tries[-1].result = result

    def finish(self, request_id: str, *, letter: int | None = None, refusal: str | None = None) -> None:
        """Note that an invocation is over: as its last try ended, with a dead letter, or refused by the platform."""
        with self._changed(request_id) as invocation:
            if invocation:
                invocation.finished_at = self._now()
                invocation.letter = letter
                invocation.refusal = refusal

    def letter_left(self, request_id: str, sent_back_as: str | None = None) -> None:
        """Note that the dead letter of an invocation was sent back, under another request id, or discarded."""
        with self._changed(request_id) as invocation:
            if invocation:
                invocation.letter_left_at = self._now()
                invocation.sent_back_as = sent_back_as

    def find(self, request_id: str) -> Invocation | None:
        """Return the invocation of this request id."""
        return self._invocations.get(request_id)

    def summaries(self, since: int = 0) -> tuple[list[dict[str, object]], int]:
        """Return the invocations that changed after a revision, the oldest first, and the revision of now."""
        with self._lock:
            changed = [summary(each) for each in self._invocations.values() if each.revision > since]
            return changed, self._revision

    def story(self, request_id: str) -> dict[str, object] | None:
        """Return an invocation with all its tries, None where it is not kept."""
        with self._lock:
            invocation = self._invocations.get(request_id)
            return story(invocation) if invocation else None

    def invocations_of(self, texts: Iterable[Message]) -> dict[str, str]:
        """Return the request id of the invocation that each text is from, by the RequestId of the API's answer."""
        with self._lock:
            return invocations_of(texts, list(self._invocations.values()))

    def clear(self) -> None:
        """Forget all invocations, and count from 1 again."""
        with self._lock:
            self._invocations.clear()
            self._accepted = 0
        self._changes.note()

    @contextmanager
    def _changed(self, request_id: str) -> Iterator[Invocation | None]:
        with self._lock:
            invocation = self._invocations.get(request_id)
            yield invocation
            if invocation:
                self._revision += 1
                invocation.revision = self._revision
        self._changes.note()
