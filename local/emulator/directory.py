"""The state of one resource directory: its contacts, what is unverified, the texts and mails sent, the limits."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count, product
from random import Random
from string import ascii_letters, ascii_uppercase, digits
from threading import Lock
from typing import Literal

from local.emulator.clock import Clock
from local.emulator.contacts import Contact, Details, Message
from local.emulator.errors import refusal
from local.emulator.limits import Limits
from local.emulator.outbox import Outbox

Site = Literal["china", "international"]

FIRST_CONTACT_ID = "c-qL4HqKONzOM7abcd"
FIRST_PHONE_NUMBER: dict[Site, str] = {"china": "86-13900001234", "international": "1-2025550123"}
DELETION_TAKES = timedelta(minutes=1)
_LETTERS_AND_DIGITS = ascii_letters + digits


class Directory:
    """A resource directory with the contact it starts with; every method is atomic and may be called by any thread.

    Args:
        site: which numbers can be texted: `china` those of country code 86, `international` all others.
        limits: what account and directory may not exceed.
        clock: what the directory takes for the time of day.
        randomness: where contact ids and verification codes come from.

    """

    def __init__(self, *, site: Site, limits: Limits, clock: Clock, randomness: Random) -> None:
        self.site = site
        self._clock = clock
        self._randomness = randomness
        self._lock = Lock()
        self._contacts: dict[str, Contact] = {}
        self._max_contacts = limits.max_contacts
        self._texts = Outbox(limits.daily_limit)
        self._mails = Outbox(limits.daily_mail_limit, limits.mails_per_minute)
        self._names = _names()
        self._start()

    def add(self, details: Details, contact_id: str | None = None, *, limited: bool = False) -> Contact:
        """Put in a contact, its number (if it has one) and e-mail address unverified; neither gets a message.

        Raises:
            ApiError: the name is another contact's, or, if `limited`, the directory has room for no more contacts.
            ValueError: there is a contact of this id.

        """
        with self._current():
            if contact_id in self._contacts:
                raise ValueError("there is a contact of this id")
            if limited and len(self._contacts) >= self._max_contacts:
                raise refusal("LimitExceeded.Contacts")
            return self._add(details, contact_id or f"c-{self._token(16)}")

    def update(self, contact_id: str, details: Details) -> Contact:
        """Change what the details say. A contact that is being deleted counts as unknown (assumed).

        Raises:
            ApiError: the contact is unknown, or the name is another contact's.

        """
        with self._current():
            contact = self._find(contact_id)
            if contact.gone_at is not None:
                raise refusal("EntityNotExists.Contact")
            self._refuse_used_name(details.name, but_of=contact_id)
            self._contacts[contact_id] = changed = contact.changed_by(details)
            return changed

    def delete(self, contact_id: str, *, at_once: bool) -> None:
        """Delete at once, or within DELETION_TAKES of this directory's clock.

        Raises:
            ApiError: the contact is unknown.

        """
        with self._current():
            contact = self._find(contact_id)
            if at_once:
                del self._contacts[contact_id]
            elif contact.gone_at is None:
                self._contacts[contact_id] = replace(contact, gone_at=self._clock.now() + DELETION_TAKES)

    def get(self, contact_id: str) -> Contact:
        """Return the contact as it is now.

        Raises:
            ApiError: the contact is unknown.

        """
        with self._current():
            return self._find(contact_id)

    def contacts(self) -> list[Contact]:
        """Return all contacts, the oldest first."""
        with self._current():
            return list(self._contacts.values())

    def send_text(self, contact_id: str, phone_number: str, request_id: str) -> Message:
        """Text a number that is still to be verified, however often it was texted before.

        Raises:
            ApiError: the contact is unknown, the number is not to be verified, or the day's limit is reached.

        """
        with self._current():
            return self._send(self._texts, contact_id, phone_number, "number", request_id)

    def send_mail(self, contact_id: str, email_address: str, request_id: str) -> Message:
        """Mail to an address that is still to be verified, however often it got a mail before.

        Raises:
            ApiError: the contact is unknown, the address is not to be verified, or a limit is reached.

        """
        with self._current():
            return self._send(self._mails, contact_id, email_address, "e-mail address", request_id)

    def verify(self, contact_id: str, target: str) -> Contact:
        """Do what a contact does by following the link: take a pending number or e-mail address for verified.

        Raises:
            ApiError: the contact is unknown, or the target is not to be verified.

        """
        with self._current():
            contact = self._refuse_unless_pending(contact_id, target)
            self._contacts[contact_id] = verified = contact.with_verified(target)
            return verified

    def made_up_name(self) -> str:
        """Make up a name that no contact has: the API takes letters only, so it is ContactA, ContactB and so on."""
        with self._lock:
            taken = {contact.name for contact in self._contacts.values()}
            return next(name for name in self._names if name not in taken)

    def made_up_number(self) -> str:
        """Make up a number of a country that this site texts."""
        start, length = ("86-139", 8) if self.site == "china" else ("1-20255501", 2)
        with self._lock:
            return start + "".join(self._randomness.choices(digits, k=length))

    def messages(self) -> list[Message]:
        """Return all texts sent, the oldest first."""
        with self._lock:
            return self._texts.sent()

    def mails(self) -> list[Message]:
        """Return all mails sent, the oldest first."""
        with self._lock:
            return self._mails.sent()

    def texts_today(self) -> tuple[int, int]:
        """Return how many texts count for today, and how many the account may send in a day."""
        with self._lock:
            return self._texts.sent_on_day_of(self._clock.now()), self._texts.daily_limit

    def mails_today(self) -> tuple[int, int]:
        """Return how many mails count for today, and how many the account may send in a day."""
        with self._lock:
            return self._mails.sent_on_day_of(self._clock.now()), self._mails.daily_limit

    def clear_messages(self) -> None:
        """Forget the texts sent; they count against the day's limit all the same."""
        with self._lock:
            self._texts.clear()

    def clear_mails(self) -> None:
        """Forget the mails sent; they count against the limits all the same."""
        with self._lock:
            self._mails.clear()

    def now(self) -> datetime:
        """Return the time of this directory's clock, in UTC."""
        with self._lock:
            return self._clock.now()

    def advance_clock(self, by: timedelta) -> None:
        """Move the clock on, or back by a negative distance.

        Raises:
            OverflowError: the clock would leave the years 1 to 9999.

        """
        with self._lock:
            self._clock.advance(by)

    def set_clock(self, moment: datetime) -> None:
        """Have the clock show this moment (with a time zone) and run on from it.

        Raises:
            OverflowError: the moment is out of the years 1 to 9999.

        """
        with self._lock:
            self._clock.set(moment)

    def reset(self) -> None:
        """Go back to the start: the first contact unverified, no texts, no mails, the real time."""
        with self._lock:
            self._contacts.clear()
            self._texts.reset()
            self._mails.reset()
            self._clock.reset()
            self._names = _names()
            self._start()

    @contextmanager
    def _current(self) -> Iterator[None]:
        """Hold the lock, with contacts gone whose time has come."""
        with self._lock:
            now = self._clock.now()
            for contact in list(self._contacts.values()):
                if contact.gone_at is not None and contact.gone_at <= now:
                    del self._contacts[contact.contact_id]
            yield

    def _start(self) -> None:
        first = Details(
            name="Operations",
            email_address="operations@example.com",
            phone_number=FIRST_PHONE_NUMBER[self.site],
            title="TechnicalDirector",
            message_types=("SecurityMessage", "FaultMessage"),
        )
        self._add(first, FIRST_CONTACT_ID)

    def _add(self, details: Details, contact_id: str) -> Contact:
        self._refuse_used_name(details.name, but_of=contact_id)
        blank = Contact(contact_id, self._clock.now(), name="", title="", message_types=())
        self._contacts[contact_id] = contact = blank.changed_by(details)
        return contact

    def _find(self, contact_id: str) -> Contact:
        contact = self._contacts.get(contact_id)
        if contact is None:
            raise refusal("EntityNotExists.Contact")
        return contact

    def _refuse_unless_pending(self, contact_id: str, target: str) -> Contact:
        contact = self._find(contact_id)
        if target not in contact.pending_targets:
            raise refusal("EntityNotExists.Contact.Verification")
        return contact

    def _refuse_used_name(self, name: str | None, *, but_of: str) -> None:
        if any(contact.name == name for contact in self._contacts.values() if contact.contact_id != but_of):
            raise refusal("InvalidParameter.Name.AlreadyUsed")

    def _send(self, outbox: Outbox, contact_id: str, target: str, kind: str, request_id: str) -> Message:
        self._refuse_unless_pending(contact_id, target)
        link = f"https://verification.example.com/verify?code={self._token(20)}"
        text = f"Verify this {kind} for your Resource Directory message contact: {link}"
        message = Message(contact_id, target, text, request_id, self._clock.now(), self._clock.real_now())
        outbox.send(message)
        return message

    def _token(self, length: int) -> str:
        return "".join(self._randomness.choices(_LETTERS_AND_DIGITS, k=length))


def _names() -> Iterator[str]:
    for length in count(1):
        for end in product(ascii_uppercase, repeat=length):
            yield f"Contact{''.join(end)}"
