"""The days of the demonstration: each is one run of function 2, and what people make of its messages."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta, timezone
from json import dumps
from random import Random

import resend_pending_verifications
from fcapi.testing import ContextCredentials, make_context
from local.demo.people import People, Target
from local.emulator.contacts import Details, Message
from local.emulator.directory import FIRST_CONTACT_ID, Directory
from local.emulator.server import KEY_PAIR, Emulator
from phone_verification.components import Components, start
from phone_verification.settings import SweepSettings

FIRST_RUN = datetime(2026, 1, 1, 1, tzinfo=timezone.utc)
"""09:00 in UTC+8, which is when the template's timer fires."""
ONE_DAY = timedelta(days=1)


@dataclass
class VirtualTime:
    """A clock that stands still but for what is slept, and for the days that pass."""

    moment: datetime

    def now(self) -> float:
        """Return it in Unix seconds."""
        return self.moment.timestamp()

    def sleep(self, seconds: float) -> None:
        """Let so much of it pass."""
        self.moment += timedelta(seconds=seconds)


@dataclass
class Progress:
    """How far the verification of all numbers, or of all addresses, has come.

    Attributes:
        unwilling: how many are never confirmed.
        unverified: how many are left at the end of each day, the first of the days being the state before.
        sent: messages to each target.
        busiest: the most messages of one day.

    """

    unwilling: int
    unverified: list[int]
    sent: Counter[Target] = field(default_factory=Counter)
    busiest: int = 0

    def end_day(self, messages: list[Message], unverified: int) -> None:
        """Count what was sent on a day, and what is left."""
        self.sent.update(Target(message.contact_id, message.target) for message in messages)
        self.busiest = max(self.busiest, len(messages))
        self.unverified.append(unverified)

    @property
    def is_done(self) -> bool:
        """Whether all is verified that anybody would confirm."""
        return self.unverified[-1] == self.unwilling

    @property
    def done_on(self) -> int:
        """The day on which that was so for the first time."""
        return self.unverified.index(self.unwilling)


class Demonstration:
    """A directory whose contacts are swept day by day.

    Attributes:
        phones, emails: what has become of their verification so far.

    """

    def __init__(self, emulator: Emulator, time: VirtualTime, contacts: int, randomness: Random) -> None:
        self._directory = emulator.directory
        self._time = time
        _fill(self._directory, contacts)
        self._people = People(self._directory.contacts(), randomness)
        self._function_2 = _function_2(emulator.url, time)
        self.phones, self.emails = (
            Progress(unwilling, [unverified])
            for unverified, unwilling in zip(self._unverified(), self._unwilling(), strict=True)
        )

    def run(self, days: int) -> Iterator[int]:
        """Let so many days pass; yield the number of each, from 1, at its end."""
        for day in range(1, days + 1):
            self._sweep()
            texts, mails = self._directory.messages(), self._directory.mails()
            self._directory.clear_messages()
            self._directory.clear_mails()
            for message in (*texts, *mails):
                self._people.receive(message, day)
            for contact_id, target in self._people.confirming(day):
                self._directory.verify(contact_id, target)
            for channel, messages, left in zip(
                (self.phones, self.emails), (texts, mails), self._unverified(), strict=True
            ):
                channel.end_day(messages, left)
            self._time.moment += ONE_DAY
            yield day

    def _sweep(self) -> None:
        due = self._time.moment.strftime("%Y-%m-%dT%H:%M:%SZ")
        tick = dumps({"triggerTime": due, "triggerName": "timer", "payload": ""}).encode()
        credentials = ContextCredentials(**asdict(KEY_PAIR))
        context = make_context("python3.10", function_name="resend_pending_verifications", credentials=credentials)
        resend_pending_verifications.function.run(self._function_2, tick, context)

    def _unverified(self) -> tuple[int, int]:
        contacts = self._directory.contacts()
        phones = sum(contact.phone.pending is not None for contact in contacts)
        return phones, sum(contact.email.pending is not None for contact in contacts)

    def _unwilling(self) -> tuple[int, int]:
        emails = sum("@" in target.value for target in self._people.unwilling)
        return len(self._people.unwilling) - emails, emails


@contextmanager
def demonstration(contacts: int, randomness: Random) -> Iterator[Demonstration]:
    """Run an emulator with so many contacts, every second one with a phone number, and yield what happens there."""
    time = VirtualTime(FIRST_RUN)
    with Emulator(max_contacts=contacts, time_of_day=lambda: time.moment) as emulator:
        yield Demonstration(emulator, time, contacts, randomness)


def _fill(directory: Directory, contacts: int) -> None:
    directory.delete(FIRST_CONTACT_ID, at_once=True)
    for number in range(contacts):
        name = directory.made_up_name()
        phone_number = f"86-139{number:08}" if number % 2 == 0 else None
        details = Details(name, f"{name.lower()}@example.com", phone_number, "Other", ("SecurityMessage",))
        directory.add(details, limited=True)


def _function_2(endpoint: str, time: VirtualTime) -> Components[SweepSettings]:
    """Return what an instance keeps: it lives through all days, so its memory knows who was sent what."""
    settings = SweepSettings.from_environ({"RESOURCE_DIRECTORY_ENDPOINT": endpoint})
    return start(settings, write=lambda _: None, now=time.now, monotonic=time.now, sleep=time.sleep)
