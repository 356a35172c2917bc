"""`State`: all that is served, for the control routes to show and to act on."""

import json
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

from local.emulator.clock import time_of_day
from local.emulator.server import Emulator
from local.instances.instance import InvocationResult, new_request_id
from local.samples import Sample
from local.serve.asynchronous import Finished
from local.serve.changes import Changes
from local.serve.dead_letters import DeadLetter, DeadLetterBox
from local.serve.declared import Declared
from local.serve.functions import Functions
from local.serve.invocation import Cause, Invocation
from local.serve.journal import Journal
from local.serve.log_book import LogBook
from local.serve.timer import Timer


@dataclass(slots=True)
class State:
    """The functions as declared and as they run, what is kept of them, the API they call, and each endpoint's URL.

    `has_store` says whether the functions share a cooldown store. `epoch` is another one after each start and each
    reset: whatever was shown before is out of date.
    """

    declared: Declared
    functions: Functions
    changes: Changes
    book: LogBook
    journal: Journal
    box: DeadLetterBox
    emulator: Emulator
    runtime: str
    signed: bool
    has_store: bool
    timer: Timer | None = None
    endpoints: Mapping[str, str] = field(default_factory=dict)
    epoch: str = field(default_factory=lambda: uuid4().hex)

    def tick(self, moment: datetime | None = None) -> tuple[str, Future[Finished]]:
        """Send the timer's event of that moment, or of now; return the request id, and what will come of it.

        Source of the event's form: the vendor's page "Trigger event formats".
        """
        timer, request_id = self.declared.timer, new_request_id()
        event = {
            "triggerTime": (moment or time_of_day()).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "triggerName": timer.name,
            "payload": timer.payload,
        }
        return request_id, self.functions.submit(timer.function, json.dumps(event).encode(), request_id)

    def send_back(self, letter: DeadLetter) -> str:
        """Give a dead letter to its function again, as the function takes it; return the request id."""
        request_id = new_request_id()
        takes_it = self.declared.functions[letter.function].takes_dead_letters
        event = letter.as_an_event() if takes_it else letter.payload
        self.functions.submit(
            letter.function, event.encode(), request_id, cause=Cause("dead_letter", letter.request_id)
        )
        self.journal.letter_left(letter.request_id, request_id)
        return request_id

    def discard(self, number: int) -> bool:
        """Take a dead letter out of the box for good; return whether it was in."""
        letter = self.box.take(number)
        if letter:
            self.journal.letter_left(letter.request_id)
        return letter is not None

    def replay(self, invocation: Invocation, event: bytes) -> tuple[str, InvocationResult | None]:
        """Invoke a function with the event of an invocation again, in the same way.

        Returns:
            The request id, and the answer; None for an asynchronous invocation.

        Raises:
            PlatformError: the function cannot be invoked now.

        """
        request_id, cause = new_request_id(), Cause("replay", invocation.request_id)
        if invocation.asynchronous:
            self.functions.submit(invocation.function, event, request_id, cause=cause)
            return request_id, None
        return request_id, self.functions.invoke(invocation.function, event, request_id, cause=cause)

    def reset(self, *, keep_instances: bool = False) -> None:
        """Begin anew: the directory as at the start, nothing kept of before, and instances that remember nothing.

        Or let the instances go on, with what they remember of the numbers that they texted.
        """
        self.emulator.directory.reset()
        self.emulator.faults.clear()
        self.functions.begin_anew(keep_instances=keep_instances)
        self.journal.clear()
        self.box.clear()
        self.book.clear()
        self.epoch = uuid4().hex
        self.changes.note()

    def function_for(self, sample: Sample) -> str:
        """Return the function that a sample is for."""
        return self.declared.timer.function if sample.is_bare_tick else self.declared.http_function

    def document(self) -> dict[str, object]:
        """Return everything but logs, samples and dead letters."""
        functions = [
            {"Name": name, "Retries": served.retries, "Instances": served.pool.size}
            for name, served in self.functions.served.items()
        ]
        return {
            "Epoch": self.epoch,
            "Endpoints": dict(self.endpoints),
            "Functions": functions,
            "HttpFunction": self.declared.http_function,
            "TimerFunction": self.declared.timer.function,
            "Runtime": self.runtime,
            "Signed": self.signed,
            "Store": self.has_store,
            "NextRun": self.timer.next_run.isoformat() if self.timer else None,
            "EventsWaiting": self.functions.waiting,
            "DeadLetters": len(self.box.letters()),
            "LastLine": self.book.last,
        }
