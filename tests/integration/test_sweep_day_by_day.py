"""Function 2 by both channels, day by day, over a directory that the vendor's SDK made, until all is verified."""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timezone

from alibabacloud_resourcedirectorymaster20220419.client import Client
from alibabacloud_resourcedirectorymaster20220419.models import AddMessageContactRequest

import resend_pending_verifications
from local.emulator.contacts import Message
from local.emulator.server import Emulator
from tests.handlers import Clock, LocalFunction
from tests.integration.vendor import VENDOR_WARNINGS, sdk
from tests.stores import pass_time, store_settings, valkey

CONTACTS = 300
DAY = 24 * 60 * 60
NOON = 1_793_592_000.0  # 12:00 of a day in UTC+8


@dataclass
class Targets:
    """All numbers of a directory, or all its addresses: those still pending, and what each was sent.

    `never_verified` are those whose people never follow a link.
    """

    pending: dict[str, str]
    never_verified: set[str]
    messages: Counter[str] = field(default_factory=Counter)

    def receive(self, sent: list[Message]) -> None:
        """Judge what was sent on a day by the inbox: first messages before second ones, within the limit of a run."""
        today = [message.target for message in sent]
        assert len(set(today)) == len(today) <= 20
        served_first = all(self.messages[target] or target in today for target in self.pending)
        for target in today:
            assert self.messages[target] == 0 or served_first
        self.messages.update(today)

    def verify(self, emulator: Emulator, chance: random.Random) -> None:
        """Have some of those who got a message follow its link."""
        for target in list(self.pending):
            if self.messages[target] and target not in self.never_verified and chance.random() < 0.4:
                emulator.directory.verify(self.pending.pop(target), target)

    @property
    def is_done(self) -> bool:
        """Whether all is verified that anybody would."""
        return set(self.pending) <= self.never_verified


def add_contact(client: Client, number: int) -> tuple[str, str, str | None]:
    """Make a contact, every second one with a phone number; return its id, its address and its number."""
    letters = "".join(chr(ord("a") + digit) for digit in (number // 26, number % 26))
    email_address, phone_number = f"{number}@example.com", None if number % 2 else f"86-139{number:08}"
    request = AddMessageContactRequest(
        name=f"Contact{letters}",
        email_address=email_address,
        phone_number=phone_number,
        title="Other",
        message_types=["SecurityMessage"],
    )
    return str(client.add_message_contact(request).body.contact.contact_id), email_address, phone_number


@VENDOR_WARNINGS
def test_three_hundred_contacts_are_swept_fairly_until_all_that_people_confirm_is_verified() -> None:
    clock, chance = Clock(), random.Random(20220419)  # noqa: S311 -- no secret
    with valkey() as server, Emulator(max_contacts=CONTACTS, time_of_day=clock.moment) as emulator:
        emulator.directory.delete("c-qL4HqKONzOM7abcd", at_once=True)
        client = sdk(emulator)
        made = [add_contact(client, number) for number in range(CONTACTS)]
        numbers = {number: contact_id for contact_id, _, number in made if number}
        addresses = {address: contact_id for contact_id, address, _ in made}
        phones = Targets(numbers, {number for number in numbers if chance.random() < 0.1})
        emails = Targets(addresses, {address for address in addresses if chance.random() < 0.1})
        assert (len(numbers), len(addresses)) == (CONTACTS // 2, CONTACTS)
        clock.time = NOON
        sweeper = LocalFunction(emulator.url, store_settings(server), module=resend_pending_verifications)
        for _ in range(60):
            due = datetime.fromtimestamp(clock.time, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
            # A new instance every day: the store alone knows who was sent what.
            result = sweeper.kept(clock)({"triggerTime": due, "triggerName": "daily", "payload": ""}).result
            texts, mails = emulator.directory.messages(), emulator.directory.mails()
            assert (len(texts), len(mails)) == (result["Sent"], result["Emails"]["Sent"])
            assert "DailyLimit" not in {result["StoppedBy"], result["Emails"]["StoppedBy"]}
            phones.receive(texts)
            emails.receive(mails)
            emulator.directory.clear_messages()
            emulator.directory.clear_mails()
            for targets in (phones, emails):
                targets.verify(emulator, chance)
            clock.time += DAY
            pass_time(server, DAY)
            if phones.is_done and emails.is_done and not texts and not mails:
                break
    for targets in (phones, emails):
        assert targets.is_done
        assert all(targets.messages[target] == 3 for target in targets.never_verified)
        assert max(targets.messages.values()) == 3
