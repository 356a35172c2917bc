"""Audit records: an ActionTrail record of a new contact, or of a new number, has both in it.

Source: the vendor's page "ActionTrail management event structure" and the API pages of the two operations. That such
records reach EventBridge, and their exact shape, is inferred: no page lists them.
"""

from collections.abc import Mapping
from typing import Literal

from fcapi.events.deliveries import PayloadIgnored
from fcapi.events.payloads import MalformedJson, parse_json

IgnoredBecause = Literal["OtherEvent", "FailedCall", "NoPhoneNumber", "NoContactId", "MaskedPhoneNumber"]

REASONS: Mapping[IgnoredBecause, str] = {
    "OtherEvent": "The record is of neither AddMessageContact nor UpdateMessageContact.",
    "FailedCall": "The call that the record is of failed.",
    "NoPhoneNumber": "The record names no phone number.",
    "NoContactId": "The record names no contact.",
    "MaskedPhoneNumber": "The record hides the phone number.",
}


class AuditRecordIgnored(PayloadIgnored):
    """An audit record that asks for no verification; `code` says why."""

    def __init__(self, code: IgnoredBecause) -> None:
        self.code = code
        self.message = REASONS[code]
        super().__init__(self.message)


def request_in_audit_record(record: Mapping[str, object]) -> Mapping[str, object]:
    """Return the ContactId and the PhoneNumber that a record says are new.

    Raises:
        AuditRecordIgnored: it names no new number of a contact.

    """
    name = record.get("eventName")
    if name not in ("AddMessageContact", "UpdateMessageContact"):
        raise AuditRecordIgnored("OtherEvent")
    if record.get("errorCode"):
        raise AuditRecordIgnored("FailedCall")
    parameters = _object(record, "requestParameters") or _object(record, "requestParameterJson")
    phone_number = parameters.get("PhoneNumber")
    if not phone_number:
        raise AuditRecordIgnored("NoPhoneNumber")
    if "*" in str(phone_number):
        raise AuditRecordIgnored("MaskedPhoneNumber")
    holder = parameters if name == "UpdateMessageContact" else _object(_object(record, "responseElements"), "Contact")
    contact_id = holder.get("ContactId")
    if not contact_id or "*" in str(contact_id):
        raise AuditRecordIgnored("NoContactId")
    return {"ContactId": contact_id, "PhoneNumber": phone_number}


def _object(holder: Mapping[str, object], field: str) -> Mapping[str, object]:
    """Return the object in a field, also if it is JSON text there; an empty one if there is none."""
    value = holder.get(field)
    if isinstance(value, str):
        try:
            value = parse_json(value.encode("utf-8", "surrogatepass"))
        except MalformedJson:
            return {}
    return value if isinstance(value, Mapping) else {}
