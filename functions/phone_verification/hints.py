"""Hints: how a caller corrects a request that was refused here. Fixed texts, which never repeat the request."""

from collections.abc import Mapping

CONTACT_ID_FORM = "ContactId must be 1 to 64 visible ASCII characters, like c-qL4HqKONzOM7abcd."
PHONE_NUMBER_FORM = "PhoneNumber must be <country code>-<number>, like 86-13900001234."
OTHER_FIELDS = "Leave out every field but these two."
EMAIL_ADDRESSES = "Leave out EmailAddress: the timer of resend_pending_verifications has e-mail addresses verified."

_FORMS = {"ContactId": CONTACT_ID_FORM, "PhoneNumber": PHONE_NUMBER_FORM}
_NO_TEXT = "Send it as text, in double quotes."
_MASKED = "Send it whole: what is masked with * cannot be verified."


def hint_for_missing(fields: Mapping[str, object], field: str) -> str:
    """Return the hint for a request whose `field` is missing, null or empty."""
    if not fields.keys() & _FORMS.keys():
        return "The body has neither ContactId nor PhoneNumber."
    if field not in fields:
        return f"The body has no {field}."
    return f"{field} is {'null' if fields[field] is None else 'empty'}."


def hint_for_invalid(fields: Mapping[str, object], field: str) -> str:
    """Return the hint for a request whose `field` has a value that cannot be one."""
    value = fields[field]
    if not isinstance(value, str):
        return f"{_FORMS[field]} {_NO_TEXT}"
    return f"{_FORMS[field]} {_MASKED}" if "*" in value else _FORMS[field]


def hint_for_other_fields(names: set[str]) -> str:
    """Return the hint for a body with fields of these names, which no request has."""
    given = {_letters(name) for name in names}
    meant = sorted(field for field in _FORMS if field.lower() in given)
    if not meant:
        return EMAIL_ADDRESSES if "emailaddress" in given else OTHER_FIELDS
    return f"Names are case-sensitive: write {' and '.join(meant)}."


def _letters(name: str) -> str:
    """Return a name as it is in any style: contactId, contact_id and CONTACT-ID are the same."""
    return name.lower().replace("_", "").replace("-", "")
