"""`Channel`: all that is different between one way of reaching a contact and another, as a value.

Service, ledger, sweep and log line are written once, and take what they need from it.
Source: the API pages of the operations.
"""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from phone_verification.log_fields import LogFields
from phone_verification.masking import loggable_phone_number
from resource_directory.client import ResourceDirectoryClient
from resource_directory.errors import InvalidPhoneNumber, RequestRefused

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
        counted_as: the field of the sweep's result that has its counts; empty for the result itself.
        target: what people call the target; `messages` is what is sent there, and `sent` what the target then is.
        is_target: tells whether a text has the shape of a target; that of one channel never has that of another.
        logged: returns the target among the fields of a request as the field of a log line, masked.
        invalid: the API's refusal of a target.
        send: the client's method for the operation.
        limits: returns those that the settings give the sweep.

    """

    field: str
    summary: str
    counted_as: str
    target: str
    messages: str
    sent: str
    is_target: Callable[[str], bool]
    logged: Callable[[object], LogFields]
    invalid: type[RequestRefused]
    send: "Send"
    limits: "Callable[[SweepSettings], Limits]"


def _is_phone_number(text: str) -> bool:
    return len(text) <= MAX_PHONE_NUMBER and re.fullmatch(r"[0-9]+-[0-9]+", text) is not None


PHONE = Channel(
    field="PhoneNumber",
    summary="phone verification",
    counted_as="",
    target="number",
    messages="texts",
    sent="texted",
    is_target=_is_phone_number,
    logged=lambda fields: LogFields(phone_number=loggable_phone_number(fields)),
    invalid=InvalidPhoneNumber,
    send=ResourceDirectoryClient.send_phone_verification_for_message_contact,
    limits=lambda settings: Limits(settings.max_sends_per_run, settings.max_texts_per_number),
)
