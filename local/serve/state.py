"""What is served, as the control routes see it."""

import json
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime, timezone

from local.instances.instance import new_request_id
from local.serve.asynchronous import Finished
from local.serve.dead_letters import DeadLetterBox
from local.serve.functions import Functions
from local.serve.log_book import LogBook
from local.serve.timer import Timer, timer_event

SEND = "send_phone_verification"
RESEND = "resend_pending_verifications"


@dataclass(slots=True)
class State:
    """The functions, their logs and dead letters, the timer, and where the faces are, by name."""

    functions: Functions
    book: LogBook
    box: DeadLetterBox
    runtime: str
    signed: bool
    timer: Timer | None = None
    faces: Mapping[str, str] = field(default_factory=dict)

    def tick(self, moment: datetime | None = None) -> tuple[str, Future[Finished]]:
        """Do what the timer does at that moment, or now; return the request id, and what will come of it."""
        request_id = new_request_id()
        event = timer_event(moment or datetime.now(timezone.utc))
        return request_id, self.functions.submit(RESEND, json.dumps(event).encode(), request_id)

    def document(self) -> dict[str, object]:
        """Return all that there is to say, but for logs and dead letters."""
        functions = [
            {"Name": name, "Retries": served.retries, "Instances": served.pool.size}
            for name, served in self.functions.served.items()
        ]
        return {
            "Faces": dict(self.faces),
            "Functions": functions,
            "Runtime": self.runtime,
            "Signed": self.signed,
            "NextRun": self.timer.next_run.isoformat() if self.timer else None,
            "EventsWaiting": self.functions.waiting,
            "DeadLetters": len(self.box.letters()),
            "LastLine": self.book.last,
        }
