"""The box of dead letters: events that failed for good, kept to be sent back."""

import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock

from local.event_reader import requests_in, trigger_of
from local.serve.masked_event import masked_event
from phone_verification.masking import loggable_contact_id, loggable_phone_number


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A letter: its number in the box, the function that failed, and what its destination gets, numbers included."""

    number: int
    function: str
    letter: Mapping[str, object]

    @property
    def request_id(self) -> str:
        """The request id of the invocation that failed."""
        context = self.letter["requestContext"]
        assert isinstance(context, Mapping)
        return str(context["requestId"])

    @property
    def payload(self) -> str:
        """The event that failed."""
        return str(self.letter["requestPayload"])

    def as_an_event(self) -> str:
        """Return what a function that takes dead letters is to be sent.

        It is the letter itself; but one of an event that was sent back already, not another around it: with each the
        text within would double its escapes, and at some depth no function opens it.
        """
        sent_back_before = trigger_of(self.payload.encode()) == "destination"
        return self.payload if sent_back_before else json.dumps(self.letter)

    def masked(self) -> dict[str, object]:
        """Return what may be shown of it: of the event, only whom it is about, with the numbers masked."""
        hidden = ("requestPayload", "responsePayload")
        shown = {name: value for name, value in self.letter.items() if name not in hidden}
        error = json.loads(str(self.letter["responsePayload"]))
        return {
            **shown,
            "error": {name: error.get(name) for name in ("errorType", "errorMessage")},
            "deliveries": [_masked(request) for request in requests_in(self.payload.encode())],
        }

    def masked_whole(self) -> dict[str, object]:
        """Return all of it as it may be shown: with its event, masked."""
        return {**self.masked(), "requestPayload": masked_event(self.payload.encode())}


class DeadLetterBox:
    """The last letters; may be used by any thread.

    Args:
        capacity: how many are kept; the oldest are lost beyond.

    """

    def __init__(self, capacity: int = 100) -> None:
        self._capacity = capacity
        self._letters: OrderedDict[int, DeadLetter] = OrderedDict()
        self._received = 0
        self._lock = Lock()

    def add(self, function: str, letter: Mapping[str, object]) -> int:
        """Put a letter in; return its number."""
        with self._lock:
            self._received += 1
            self._letters[self._received] = DeadLetter(self._received, function, letter)
            if len(self._letters) > self._capacity:
                self._letters.popitem(last=False)
            return self._received

    def letters(self) -> list[DeadLetter]:
        """Return what is in it, the oldest first."""
        with self._lock:
            return list(self._letters.values())

    def find(self, number: int) -> DeadLetter | None:
        """Return a letter and leave it in; None if it is not in."""
        with self._lock:
            return self._letters.get(number)

    def take(self, number: int) -> DeadLetter | None:
        """Take a letter out; None if it is not in."""
        with self._lock:
            return self._letters.pop(number, None)

    def clear(self) -> None:
        """Discard all letters, and count from 1 again."""
        with self._lock:
            self._letters.clear()
            self._received = 0


def _masked(request: Mapping[str, object]) -> dict[str, str]:
    return {
        "ContactId": loggable_contact_id(request) or "invalid",
        "PhoneNumber": loggable_phone_number(request) or "invalid",
    }
