"""The people behind the contacts: on which message they confirm, and after how many days."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from random import Random
from typing import NamedTuple

from local.emulator.contacts import Contact, Message

NEVER = 0.1
"""The share of numbers and addresses that their people never confirm."""
MESSAGES_NEEDED, WEIGHTS = (1, 2, 3), (0.7, 0.2, 0.1)
"""The message on which the others confirm, and how often it is that one."""
SLOWEST = 4
"""Days that they take at most."""


class Target(NamedTuple):
    """A number or an address of a contact."""

    contact_id: str
    value: str


class _Habit(NamedTuple):
    messages_needed: int
    days: int


class People:
    """What each person does about their messages.

    Args:
        contacts: the numbers and addresses that they have yet to confirm.
        randomness: decides on each person.

    Attributes:
        unwilling: the targets that are never confirmed.

    """

    def __init__(self, contacts: Iterable[Contact], randomness: Random) -> None:
        self.unwilling: set[Target] = set()
        self._habits: dict[Target, _Habit] = {}
        for contact in contacts:
            for value in contact.pending_targets:
                target = Target(contact.contact_id, value)
                if randomness.random() < NEVER:
                    self.unwilling.add(target)
                else:
                    (needed,) = randomness.choices(MESSAGES_NEEDED, WEIGHTS)
                    self._habits[target] = _Habit(needed, randomness.randint(0, SLOWEST))
        self._received: Counter[Target] = Counter()
        self._confirming = defaultdict[int, list[Target]](list)

    def receive(self, message: Message, day: int) -> None:
        """Take note of a message that arrived on a day."""
        target = Target(message.contact_id, message.target)
        self._received[target] += 1
        habit = self._habits.get(target)
        if habit is not None and self._received[target] == habit.messages_needed:
            self._confirming[day + habit.days].append(target)

    def confirming(self, day: int) -> list[Target]:
        """Return the targets that are confirmed on a day."""
        return self._confirming.pop(day, [])
