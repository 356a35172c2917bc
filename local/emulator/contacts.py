"""What the directory keeps of a message contact, and of a text or mail sent to one."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

Status = Literal["Verifying", "Active", "Deleting"]


@dataclass(frozen=True)
class Address:
    """A phone number or an e-mail address of a contact: the value shown, and the one still to be verified."""

    shown: str | None = None
    pending: str | None = None
    verified: bool = False

    def changed_to(self, value: str) -> "Address":
        """Return it with this value pending.

        What was shown before stays shown (assumed); a first value is shown at once.
        """
        if self.verified and value == self.shown:
            return replace(self, pending=None)
        return replace(self, shown=self.shown or value, pending=value)

    def confirmed(self) -> "Address":
        """Return it with the pending value verified, and shown."""
        return Address(shown=self.pending, verified=True)


@dataclass(frozen=True)
class Details:
    """What a caller says of a contact. None: not said."""

    name: str | None = None
    email_address: str | None = None
    phone_number: str | None = None
    title: str | None = None
    message_types: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Contact:
    """A message contact, as it is at one moment. `gone_at` is set while it is being deleted."""

    contact_id: str
    created_at: datetime
    name: str
    title: str
    message_types: tuple[str, ...]
    email: Address = field(default_factory=Address)
    phone: Address = field(default_factory=Address)
    gone_at: datetime | None = None

    @property
    def pending_targets(self) -> tuple[str, ...]:
        """The number and the e-mail address still to be verified; none while the contact is being deleted."""
        if self.gone_at is not None:
            return ()
        return tuple(target for target in (self.phone.pending, self.email.pending) if target is not None)

    @property
    def status(self) -> Status:
        """As GetMessageContact says it."""
        if self.gone_at is not None:
            return "Deleting"
        return "Verifying" if self.pending_targets else "Active"

    def changed_by(self, details: Details) -> "Contact":
        """Return it with what the details say; a new number or e-mail address becomes pending."""
        email, phone = details.email_address, details.phone_number
        return replace(
            self,
            name=self.name if details.name is None else details.name,
            title=self.title if details.title is None else details.title,
            message_types=self.message_types if details.message_types is None else details.message_types,
            email=self.email if email is None else self.email.changed_to(email),
            phone=self.phone if phone is None else self.phone.changed_to(phone),
        )

    def with_verified(self, target: str) -> "Contact":
        """Return it with this pending number or e-mail address verified."""
        return replace(
            self,
            phone=self.phone.confirmed() if target == self.phone.pending else self.phone,
            email=self.email.confirmed() if target == self.email.pending else self.email,
        )


@dataclass(frozen=True)
class Message:
    """A text or mail that a contact got, `target` being the number or the e-mail address that it went to.

    `sent_at` is by the directory's clock; both times are in UTC.
    """

    contact_id: str
    target: str
    text: str
    request_id: str
    sent_at: datetime
    really_sent_at: datetime
