"""What a valid request is, in the API's own names and errors.

Only what the API would surely refuse is refused here: which country codes exist, how long a number is, and whether
there is such a contact are the API's to judge. Source: API page "SendPhoneVerificationForMessageContact".
"""

import re
from collections.abc import Mapping

from fcapi.events.deliveries import Delivery, MalformedRequestBody, PayloadRefused
from fcapi.models import BaseModel, ConfigDict, Field, ValidationError
from fcapi.redaction import mask_phone_number
from phone_verification.audit_record import requested_by
from resource_directory.errors import (
    InvalidContactId,
    InvalidPhoneNumber,
    MissingContactId,
    MissingPhoneNumber,
    RequestRefused,
)

FIELDS = ("ContactId", "PhoneNumber")
_FIELDS_IN_LOWER_CASE = {field.lower(): field for field in FIELDS}

_LOGGABLE_CONTACT_ID = re.compile(r"c-(?!.*[0-9]{7})[0-9A-Za-z]{1,62}")
"""Seven digits in a row are a number that somebody put in the wrong field, sooner than a part of an id."""


class UnknownParameter(PayloadRefused):
    """A body with a field that no request has."""

    code = "UnknownParameter"


class ConflictingParameter(PayloadRefused):
    """A parameter in a place where it may not be, or with two values."""

    code = "ConflictingParameter"


class VerificationRequest(BaseModel):
    """One number of one contact to be verified. Nothing is trimmed or converted; its repr shows neither value."""

    model_config = ConfigDict(frozen=True, strict=True, hide_input_in_errors=True)

    contact_id: str = Field(alias="ContactId", min_length=1, max_length=64, pattern=r"^[!-)+-~]+$", repr=False)
    phone_number: str = Field(alias="PhoneNumber", min_length=1, max_length=64, pattern=r"^[0-9]+-[0-9]+$", repr=False)


def requested(delivery: Delivery) -> Mapping[str, object]:
    """Return the fields of a request as a delivery has them; they are still to be validated.

    Over HTTP the body must have no other fields, and the URL must not name one: a number in a URL ends in access logs.
    A gateway's query is not the URL that was called: it may map fields there. Other fields of an event belong to
    whoever sent it.

    Raises:
        PayloadRefused: the payload cannot be a request at all.
        RecordIgnored: it is an audit record that asks for nothing.

    """
    payload = delivery.read()
    if not isinstance(payload, dict):
        raise MalformedRequestBody("A request must be a JSON object.")
    if delivery.trigger == "actiontrail":
        return requested_by(payload)
    if delivery.over_http and not payload.keys() <= set(FIELDS):
        raise UnknownParameter("Only ContactId and PhoneNumber are accepted.")
    if delivery.query_is_mapped:
        return _with_mapped_fields(payload, delivery.query)
    _refuse_fields_in_url(delivery.query)
    return payload


def read_request(fields: Mapping[str, object]) -> VerificationRequest:
    """Return the request that these fields are.

    Raises:
        RequestRefused: a value is missing or invalid, exactly as the API would say it.

    """
    try:
        return VerificationRequest.model_validate(fields)
    except ValidationError as error:
        failed = {str(detail["loc"][0]) for detail in error.errors(include_input=False, include_url=False)}
        raise _refusal(fields, failed) from None


def loggable_contact_id(payload: object) -> str | None:
    """Return a payload's ContactId for a log line: itself, `invalid` where it does not look like one, or None."""
    contact_id = payload.get("ContactId") if isinstance(payload, dict) else None
    if not contact_id:
        return None
    is_one = isinstance(contact_id, str) and _LOGGABLE_CONTACT_ID.fullmatch(contact_id)
    return str(contact_id) if is_one else "invalid"


def loggable_phone_number(payload: object) -> str | None:
    """Return a payload's PhoneNumber for a log line: masked, `invalid` where it is no number, or None."""
    phone_number = payload.get("PhoneNumber") if isinstance(payload, dict) else None
    if not phone_number:
        return None
    return mask_phone_number(phone_number) if isinstance(phone_number, str) else "invalid"


def _with_mapped_fields(payload: Mapping[str, object], query: Mapping[str, str]) -> Mapping[str, object]:
    mapped = {field: query[field] for field in FIELDS if field in query}
    for field, value in mapped.items():
        if payload.get(field, value) != value:
            raise ConflictingParameter(f"{field} is in both the body and the query, with two values.")
    return {**payload, **mapped}


def _refuse_fields_in_url(query: Mapping[str, str]) -> None:
    for name in query:
        if field := _FIELDS_IN_LOWER_CASE.get(name.lower()):
            raise ConflictingParameter(f"{field} must be in the body, not in the query.")


def _refusal(payload: Mapping[str, object], failed: set[str]) -> RequestRefused:
    """Return the refusal that the API would give first: what is missing before what is invalid."""
    for field, missing in (("ContactId", MissingContactId), ("PhoneNumber", MissingPhoneNumber)):
        if field in failed and payload.get(field) in (None, ""):
            return missing()
    return InvalidContactId() if "ContactId" in failed else InvalidPhoneNumber()
