"""Contact ids and phone numbers as a log line may show them."""

import re

from fcapi.redaction import MASK

_PHONE_NUMBER = re.compile(r"([0-9]{1,4})-([0-9]+)")

_LOGGABLE_CONTACT_ID = re.compile(r"c-(?!.*[0-9]{7})[0-9A-Za-z]{1,62}")
"""Seven digits in a row are sooner a phone number in the wrong field than a part of an id."""


def mask_phone_number(phone_number: str) -> str:
    """Return `86-139****1234` for `86-13900001234`, and `invalid` for what is not `<country code>-<digits>`.

    Of a number of 11 digits or more the first 3 and the last 4 stay, of a shorter one the last 2, of one so short that
    these would give it away, none.
    """
    match = _PHONE_NUMBER.fullmatch(phone_number)
    if match is None:
        return "invalid"
    country_code, number = match.groups()
    if len(number) >= 11:
        return f"{country_code}-{number[:3]}{MASK}{number[-4:]}"
    return f"{country_code}-{MASK}{number[-2:] if len(number) > 4 else ''}"


def loggable_contact_id(fields: object) -> str | None:
    """Return the ContactId among `fields` for a log line: itself, `invalid` if it does not look like one, or None."""
    contact_id = fields.get("ContactId") if isinstance(fields, dict) else None
    if not contact_id:
        return None
    is_one = isinstance(contact_id, str) and _LOGGABLE_CONTACT_ID.fullmatch(contact_id)
    return str(contact_id) if is_one else "invalid"


def loggable_phone_number(fields: object) -> str | None:
    """Return the PhoneNumber among `fields` for a log line: masked, `invalid` if it is not a number, or None."""
    phone_number = fields.get("PhoneNumber") if isinstance(fields, dict) else None
    if not phone_number:
        return None
    return mask_phone_number(phone_number) if isinstance(phone_number, str) else "invalid"
