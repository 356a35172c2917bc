"""Valid requests, in the API's own names and errors.

A request is refused here only if the API surely would refuse it. The API judges which country codes exist, how long a
number is, and whether there is such a contact. Source: API page "SendPhoneVerificationForMessageContact".
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from fcapi.events.deliveries import Delivery, MalformedRequestBody, OpenedEvent, PayloadRefused
from fcapi.events.opening import open_event
from fcapi.models import BaseModel, ConfigDict, Field, ValidationError
from phone_verification.audit_record import request_in_audit_record
from phone_verification.channel import MAX_PHONE_NUMBER, Channel
from resource_directory.errors import (
    InvalidContactId,
    InvalidPhoneNumber,
    MissingContactId,
    MissingPhoneNumber,
    RequestRefused,
)

FIELDS = ("ContactId", "PhoneNumber")
CONTACT_ID = "[!-)+-~]+"
MAX_CONTACT_ID = 64
_FIELDS_IN_LOWER_CASE = {field.lower(): field for field in FIELDS}


class UnknownParameter(PayloadRefused):
    """The body has a field that no request has."""

    code = "UnknownParameter"


class ConflictingParameter(PayloadRefused):
    """A parameter is in a place where it may not be, or has two values."""

    code = "ConflictingParameter"


class VerificationRequest(BaseModel):
    """One number of one contact to verify. Nothing is trimmed or converted; its repr shows neither value."""

    model_config = ConfigDict(frozen=True, strict=True, hide_input_in_errors=True)

    contact_id: str = Field(
        alias="ContactId", min_length=1, max_length=MAX_CONTACT_ID, pattern=f"^{CONTACT_ID}$", repr=False
    )
    phone_number: str = Field(
        alias="PhoneNumber", min_length=1, max_length=MAX_PHONE_NUMBER, pattern=r"^[0-9]+-[0-9]+$", repr=False
    )


class Verification(NamedTuple):
    """One verification to send: by a channel, to a target of a contact."""

    channel: Channel
    contact_id: str
    target: str

    def __repr__(self) -> str:
        """Show neither value."""
        return f"Verification({self.channel.field})"


def open_requests(event: bytes) -> OpenedEvent:
    """Return the deliveries of an event, each a request as its sender wrote it, or the reason why it is refused.

    Raises:
        EventRejected: the event cannot be opened; see `fcapi.events.opening`.

    """
    return open_event(event, known_by_fields=FIELDS, payload_readers={"actiontrail": request_in_audit_record})


def request_fields(delivery: Delivery) -> Mapping[str, object]:
    """Return the fields of a request as a delivery has them, not yet validated.

    A request over HTTP must have no other fields, and its URL must not name one: a number in a URL ends in access logs.
    A gateway's query is not the URL that was called: the gateway may map fields there. Other fields of an event belong
    to its sender.

    Raises:
        PayloadRefused: the payload cannot be a request.
        PayloadIgnored: it asks for nothing.

    """
    payload = delivery.read()
    if not isinstance(payload, dict):
        hint = "Send one object, which begins with { and ends with }."
        raise MalformedRequestBody("A request must be a JSON object.", hint)
    if delivery.over_http and not payload.keys() <= set(FIELDS):
        from phone_verification.hints import hint_for_other_fields  # only where a request is refused

        hint = hint_for_other_fields(payload.keys() - set(FIELDS))
        raise UnknownParameter("Only ContactId and PhoneNumber are accepted.", hint)
    if delivery.query_is_mapped:
        return _with_mapped_fields(payload, delivery.query)
    _refuse_fields_in_url(delivery.query)
    return payload


def parse_request(fields: Mapping[str, object]) -> VerificationRequest:
    """Return these fields as a request.

    Raises:
        RequestRefused: a value is missing or invalid, in exactly the API's words.

    """
    try:
        return VerificationRequest.model_validate(fields)
    except ValidationError as error:
        failed = {str(detail["loc"][0]) for detail in error.errors(include_input=False, include_url=False)}
        raise _refusal(fields, failed) from None


def verification_of(channel: Channel, contact_id: str, target: str) -> Verification:
    """Return the verification of a target that the directory lists as pending.

    Raises:
        RequestRefused: one of the two cannot be what it should be.

    """
    if len(contact_id) > MAX_CONTACT_ID or not re.fullmatch(CONTACT_ID, contact_id):
        raise InvalidContactId
    if not channel.is_target(target):
        raise channel.invalid
    return Verification(channel, contact_id, target)


def _with_mapped_fields(payload: Mapping[str, object], query: Mapping[str, str]) -> Mapping[str, object]:
    mapped = {field: query[field] for field in FIELDS if field in query}
    for field, value in mapped.items():
        if payload.get(field, value) != value:
            raise ConflictingParameter(f"{field} is in both the body and the query, with two values.", "Send it once.")
    return {**payload, **mapped}


def _refuse_fields_in_url(query: Mapping[str, str]) -> None:
    for name in query:
        if field := _FIELDS_IN_LOWER_CASE.get(name.lower()):
            hint = "Take it out of the URL, which ends in access logs."
            raise ConflictingParameter(f"{field} must be in the body, not in the query.", hint)


def _refusal(payload: Mapping[str, object], failed: set[str]) -> RequestRefused:
    """Return the refusal that the API would give first: a missing value comes before an invalid one."""
    from phone_verification.hints import hint_for_invalid, hint_for_missing  # only where a request is refused

    for field, missing in (("ContactId", MissingContactId), ("PhoneNumber", MissingPhoneNumber)):
        if field in failed and payload.get(field) in (None, ""):
            return _with_hint(missing(), hint_for_missing(payload, field))
    if "ContactId" in failed:
        return _with_hint(InvalidContactId(), hint_for_invalid(payload, "ContactId"))
    return _with_hint(InvalidPhoneNumber(), hint_for_invalid(payload, "PhoneNumber"))


def _with_hint(refusal: RequestRefused, hint: str) -> RequestRefused:
    refusal.hint = hint
    return refusal
