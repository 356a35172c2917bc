"""`Channel`: all that is different between one way of reaching a contact and another, as a value.

Service, ledger, sweep and log line are written once, and take what they need from it.
Source: the API pages of the operations.
"""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple

from cooldown.ledger import Subject
from phone_verification.log_fields import LogFields
from phone_verification.masking import loggable_email_address, loggable_phone_number
from resource_directory.client import ResourceDirectoryClient
from resource_directory.errors import InvalidEmailAddress, InvalidPhoneNumber, RequestRefused

if TYPE_CHECKING:
    from typing import Protocol

    from fcapi.credentials import Credentials
    from fcapi.deadline import Deadline
    from phone_verification.settings import SweepSettings
    from resource_directory.client import Accepted
    from resource_directory.tracing import Observer

    class Send(Protocol):
        """A method of the client."""

        def __call__(
            self,
            client: ResourceDirectoryClient,
            contact_id: str,
            target: str,
            /,
            *,
            credentials: Credentials,
            deadline: Deadline,
            observer: Observer | None,
        ) -> Accepted:
            """Have a verification sent to a target of a contact."""


MAX_PHONE_NUMBER = 64
MAX_EMAIL_ADDRESS = 254
"""Source: RFC 5321, section 4.5.3.1.3, whose path of 256 has brackets around the address."""


class Limits(NamedTuple):
    """How much the sweep sends by a channel: messages in a run, and messages to one target in 30 days."""

    per_run: int
    per_target: int


# Not a dataclass: to import that module takes a twentieth of a cold start. A named tuple is as frozen.
class Channel(NamedTuple):
    """One way of reaching a contact. A target is what a message is sent to: a number, or an address.

    Attributes:
        field: the API's name of the target.
        summary: the message of the log line of one verification, a constant.
        counted_in: the field that has its counts in the last log line of a sweep, and capitalized in the result; None
            is the line, or the result, itself.
        target: what people call the target; `messages` is what is sent there, and `sent` what the target then is.
        is_target: tells whether a text has the shape of a target; that of one channel never has that of another.
        logged: returns the target among the fields of a request as the field of a log line, masked.
        invalid: the API's refusal of a target.
        send: the client's method for the operation, and `action` what a RAM policy calls it.
        limits: returns those that the settings give the sweep.

    """

    field: str
    summary: str
    counted_in: Literal["emails"] | None
    target: str
    messages: str
    sent: str
    is_target: Callable[[str], bool]
    logged: Callable[[object], LogFields]
    invalid: type[RequestRefused]
    send: "Send"
    action: str
    limits: "Callable[[SweepSettings], Limits]"


def subject_of(account_id: str, contact_id: str, target: str) -> Subject:
    """Return the name by which the ledger knows a target of a contact.

    A domain has no case (RFC 5321, section 2.4), so its spellings are one address. What is before it may have one, and
    a number has neither.
    """
    local_part, at, domain = target.rpartition("@")
    return account_id, contact_id, f"{local_part}{at}{domain.lower()}"


def _is_phone_number(text: str) -> bool:
    return len(text) <= MAX_PHONE_NUMBER and re.fullmatch(r"[0-9]+-[0-9]+", text) is not None


def _is_email_address(text: str) -> bool:
    # Whether it is a valid one is for the API to judge.
    return len(text) <= MAX_EMAIL_ADDRESS and text.isprintable() and re.fullmatch(r"\S+@\S+", text) is not None


PHONE = Channel(
    field="PhoneNumber",
    summary="phone verification",
    counted_in=None,
    target="number",
    messages="texts",
    sent="texted",
    is_target=_is_phone_number,
    logged=lambda fields: LogFields(phone_number=loggable_phone_number(fields)),
    invalid=InvalidPhoneNumber,
    send=ResourceDirectoryClient.send_phone_verification_for_message_contact,
    action="resourcemanager:SendPhoneVerificationForMessageContact",
    limits=lambda settings: Limits(settings.max_sends_per_run, settings.max_texts_per_number),
)

EMAIL = Channel(
    field="EmailAddress",
    summary="email verification",
    counted_in="emails",
    target="address",
    messages="mails",
    sent="mailed",
    is_target=_is_email_address,
    logged=lambda fields: LogFields(email_address=loggable_email_address(fields)),
    invalid=InvalidEmailAddress,
    send=ResourceDirectoryClient.send_email_verification_for_message_contact,
    action="resourcemanager:SendEmailVerificationForMessageContact",
    limits=lambda settings: Limits(settings.max_emails_per_run, settings.max_mails_per_address),
)

CHANNELS: Mapping[str, Channel] = MappingProxyType({"phone": PHONE, "email": EMAIL})
"""By the names that the setting SWEEP_CHANNELS has for them, in the order in which it names them."""
