"""Contact ids, phone numbers, e-mail addresses and ids of events as a log line may show them."""

import re

from fcapi.redaction import MASK, loggable_id, mask_digits

_PHONE_NUMBER = re.compile(r"([0-9]{1,4})-([0-9]+)")
_CONTACT_ID = re.compile(r"c-[0-9A-Za-z]{1,62}")


def mask_phone_number(phone_number: str) -> str:
    """Return `86-139****1234` for `86-13900001234`, and `invalid` for what is not `<country code>-<digits>`.

    A number of 11 digits or more shows its first 3 and last 4, a shorter one its last 2. One so short that 2 digits
    would give it away shows none.
    """
    match = _PHONE_NUMBER.fullmatch(phone_number)
    if match is None:
        return "invalid"
    country_code, number = match.groups()
    if len(number) >= 11:
        return f"{country_code}-{number[:3]}{MASK}{number[-4:]}"
    return f"{country_code}-{MASK}{number[-2:] if len(number) > 4 else ''}"


def mask_email_address(email_address: str) -> str:
    """Return `z***@example.com` for `zhang.san@example.com`, and `invalid` for what has no `@` between two texts.

    The domain shows, since a mistyped or expired one is what an operator looks for; digits in it that could be a phone
    number do not, nor does one that is not plain letters, digits, dots and hyphens. Of what is before it, the first
    letter or digit stays, unless it is all.
    """
    local, _, domain = email_address.rpartition("@")
    if not local or not domain:
        return "invalid"
    first = local[0] if len(local) > 1 and local[0].isascii() and local[0].isalnum() else ""
    is_plain = re.fullmatch(r"[0-9A-Za-z.-]{1,253}", domain)
    return f"{first}***@{mask_digits(domain) if is_plain else MASK}"


def loggable_contact_id(fields: object, *, is_known: bool = False) -> str | None:
    """Return the ContactId among `fields` for a log line: itself, masked, `invalid` if it cannot be one, or None.

    Seven digits in a row are more likely a phone number in the wrong field than a part of an id, so they are masked;
    the rest identifies the id. An id that the directory is known to have is shown whole, unless it contains the number
    to verify, or the name in the address to verify.
    """
    contact_id = fields.get("ContactId") if isinstance(fields, dict) else None
    if not contact_id:
        return None
    if not isinstance(contact_id, str) or not _CONTACT_ID.fullmatch(contact_id):
        return "invalid"
    if _contains_own_number(contact_id, fields) or _contains_own_address(contact_id, fields, whole=False):
        return f"c-{MASK}"
    return contact_id if is_known else mask_digits(contact_id)


def loggable_event_id(event_id: str | None, fields: object) -> str | None:
    """Return an event's id for a log line: as `loggable_id` does, but hidden if it contains the very target."""
    logged = loggable_id(event_id) if event_id else None
    if logged and (_contains_own_number(logged, fields) or _contains_own_address(logged, fields, whole=True)):
        return MASK
    return logged


def _contains_own_number(text: str, fields: object) -> bool:
    """Tell whether the digits in a text contain those of the PhoneNumber among `fields`, without its country code."""
    phone_number = fields.get("PhoneNumber") if isinstance(fields, dict) else None
    match = _PHONE_NUMBER.fullmatch(phone_number) if isinstance(phone_number, str) else None
    return match is not None and len(match.group(2)) > 4 and match.group(2) in re.sub("[^0-9]", "", text)


def _contains_own_address(text: str, fields: object, *, whole: bool) -> bool:
    """Tell whether a text contains the EmailAddress among `fields`, or what is before its `@`, with any separators."""
    address = fields.get("EmailAddress") if isinstance(fields, dict) else None
    if not isinstance(address, str):
        return False
    part = _letters_and_digits(address if whole else address.rpartition("@")[0])
    return len(part) > 4 and part in _letters_and_digits(text)


def _letters_and_digits(text: str) -> str:
    return re.sub("[^0-9a-z]", "", text.lower())


def loggable_phone_number(fields: object) -> str | None:
    """Return the PhoneNumber among `fields` for a log line: masked, `invalid` if it is not a number, or None."""
    phone_number = fields.get("PhoneNumber") if isinstance(fields, dict) else None
    if not phone_number:
        return None
    return mask_phone_number(phone_number) if isinstance(phone_number, str) else "invalid"


def loggable_email_address(fields: object) -> str | None:
    """Return the EmailAddress among `fields` for a log line: masked, `invalid` if it is not an address, or None."""
    email_address = fields.get("EmailAddress") if isinstance(fields, dict) else None
    if not email_address:
        return None
    return mask_email_address(email_address) if isinstance(email_address, str) else "invalid"
