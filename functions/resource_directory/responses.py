"""Reads answers of the API: a success with its document, or the error that any other answer stands for."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import timezone
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import NamedTuple

from resource_directory.errors import TimestampExpired, UnusableAnswer, error_of_code
from resource_directory.transport import ApiResponse

_REQUEST_ID = re.compile(r"(?=.*[A-Za-z])[0-9A-Za-z-]{1,64}")
_CODE = re.compile(r"(?!.*[0-9]{5})[0-9A-Za-z_.]{1,128}")
"""RequestId and Code are logged and passed on, so a phone number must not pass for either."""


class Success(NamedTuple):
    """An answer that is a success: its RequestId, and all of it."""

    request_id: str
    document: Mapping[str, object]


class VerificationsPage(NamedTuple):
    """One page of pending verifications.

    Attributes:
        entry_count: the number of entries, those without a ContactId or a Target included.
        verifications: (ContactId, Target) of each; a target is a phone number or an e-mail address.
        total_count: the API's own count of all entries, 0 where it gives none.
        page_size: the API's own page size, 0 where it gives none.

    """

    entry_count: int
    verifications: Sequence[tuple[str, str]]
    total_count: int
    page_size: int


def success_of(answer: ApiResponse) -> Success:
    """Return an answer as the success that it is.

    Raises:
        ResourceDirectoryError: the error that any other answer stands for.

    """
    document = _json_object(answer.body)
    request_id = _text(document, "RequestId", _REQUEST_ID)
    if answer.status == HTTPStatus.OK and request_id is not None:
        return Success(request_id, document)
    code = _text(document, "Code", _CODE)
    if answer.status >= HTTPStatus.BAD_REQUEST and code is not None and request_id is not None:
        error = error_of_code(code, answer.status, request_id=request_id, retry_after=_retry_after(answer))
        if isinstance(error, TimestampExpired):
            error.server_time = _date_of(answer)
        raise error
    raise UnusableAnswer(answer.status, code=code, request_id=request_id)


def verifications_page(document: Mapping[str, object]) -> VerificationsPage:
    """Return the page that a success of ListMessageContactVerifications is.

    Raises:
        UnusableAnswer: it has no list.

    """
    entries = document.get("ContactVerifications")
    if not isinstance(entries, list):
        raise UnusableAnswer(HTTPStatus.OK)
    verifications = [
        (entry["ContactId"], entry["Target"])
        for entry in entries
        if isinstance(entry, dict) and isinstance(entry.get("ContactId"), str) and isinstance(entry.get("Target"), str)
    ]
    return VerificationsPage(len(entries), verifications, _count(document, "TotalCount"), _count(document, "PageSize"))


def _count(document: Mapping[str, object], key: str) -> int:
    value = document.get(key)
    return value if isinstance(value, int) and value > 0 else 0


def _date_of(answer: ApiResponse) -> float | None:
    try:
        date = parsedate_to_datetime(answer.headers.get("date", ""))
        return (date if date.tzinfo else date.replace(tzinfo=timezone.utc)).astimezone(timezone.utc).timestamp()
    except (ValueError, OverflowError):
        return None


def _json_object(body: bytes) -> Mapping[str, object]:
    try:
        document = json.loads(body.decode())
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def _text(document: Mapping[str, object], key: str, shape: re.Pattern[str]) -> str | None:
    # The vendor's SDK reads both spellings: some gateways answer with the second.
    value = document.get(key, document.get(key[0].lower() + key[1:]))
    return value if isinstance(value, str) and shape.fullmatch(value) else None


def _retry_after(answer: ApiResponse) -> float | None:
    """Return the seconds of `x-acs-retry-after`, which is in milliseconds; the SDK takes no more than two minutes."""
    value = answer.headers.get("x-acs-retry-after", "")
    if not re.fullmatch(r"[0-9]{1,9}", value) or int(value) == 0:
        return None
    return min(int(value) / 1000, 120.0)
