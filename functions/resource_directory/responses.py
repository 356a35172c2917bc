"""Reads answers of the API: a success with its document, or the error that any other answer stands for."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import timezone
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import NamedTuple

from resource_directory.confidential import Confidential
from resource_directory.errors import TimestampExpired, UnusableAnswer, error_of_code, published_name
from resource_directory.transport import ApiResponse

_REQUEST_ID = re.compile(r"(?=.*[A-Za-z])[0-9A-Za-z-]{1,64}")
_CODE = re.compile(r"(?!.*[0-9]{5})[0-9A-Za-z_.]{1,128}")
"""RequestId and Code are logged and passed on, so a phone number must not pass for either."""

_CODES_OF_SUCCESS = frozenset({"", "ok", "200", "success"})
_SUCCESSES = frozenset({"", "true"})
"""Several products of the vendor answer 200 with such a Code and Success. This API's pages and its SDK show neither."""


class Success(NamedTuple):
    """An answer that is a success: its RequestId, and all of it."""

    request_id: str
    document: Mapping[str, object]


class VerificationsPage(NamedTuple):
    """One page of pending verifications.

    Attributes:
        entry_count: the number of entries, those without a printable ContactId or Target included.
        verifications: (ContactId, Target) of each; a target is a phone number or an e-mail address.
        total_count: the API's own count of all entries, 0 where it gives none.
        page_size: the API's own page size, 0 where it gives none.

    """

    entry_count: int
    verifications: Sequence[tuple[str, str]]
    total_count: int
    page_size: int


def success_of(operation: str, answer: ApiResponse, confidential: Confidential) -> Success:
    """Return an operation's answer as the success that it is.

    A Code or RequestId that shows something confidential is none.

    Raises:
        ResourceDirectoryError: the error that any other answer stands for.

    """
    document = _json_object(answer.body)
    request_id = _text(document, "RequestId", _REQUEST_ID)
    if request_id is not None and confidential.shows_in(request_id):
        request_id = None
    if answer.status == HTTPStatus.OK and request_id is not None and not _says_that_it_failed(document):
        return Success(request_id, document)
    code = _text(document, "Code", _CODE)
    # A published name shows nothing, though an address may begin with a word in it: contact, security, notfound.
    if code is not None and confidential.shows_in(code, published=published_name(operation, code)):
        code = None
    if HTTPStatus.BAD_REQUEST <= answer.status < 600 and code is not None and request_id is not None:
        error = error_of_code(operation, code, request_id=request_id, retry_after=_retry_after(answer))
        if isinstance(error, TimestampExpired):
            error.server_time = _date_of(answer)
        raise error
    raise UnusableAnswer(code=code, request_id=request_id)


def verifications_page(success: Success) -> VerificationsPage:
    """Return the page that a success of ListMessageContactVerifications is.

    Raises:
        UnusableAnswer: it has no list, and does not say that there is nothing to list.

    """
    document = success.document
    entries = document.get("ContactVerifications")
    if entries is None and document.get("TotalCount") == 0:
        entries = []
    if not isinstance(entries, list):
        raise UnusableAnswer(request_id=success.request_id)
    verifications = [
        (entry["ContactId"], entry["Target"])
        for entry in entries
        if isinstance(entry, dict) and _is_printable(entry.get("ContactId")) and _is_printable(entry.get("Target"))
    ]
    return VerificationsPage(len(entries), verifications, _count(document, "TotalCount"), _count(document, "PageSize"))


def _is_printable(value: object) -> bool:
    # Half of a surrogate pair, which JSON can hold, is not; nothing could hash or send it.
    return isinstance(value, str) and value.isprintable()


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


def _says_that_it_failed(document: Mapping[str, object]) -> bool:
    codes = (_word(document, key) for key in ("Code", "ErrorCode", "Error"))
    return not _CODES_OF_SUCCESS.issuperset(codes) or _word(document, "Success") not in _SUCCESSES


def _text(document: Mapping[str, object], key: str, shape: re.Pattern[str]) -> str | None:
    value = _value(document, key)
    return value if isinstance(value, str) and shape.fullmatch(value) else None


def _word(document: Mapping[str, object], key: str) -> str | None:
    """Return a short value in lower case, empty where there is none; None stands for any other value."""
    match _value(document, key):
        case None:
            return ""
        case str() | int() as value:
            return str(value).lower()
        case _:
            return None


def _value(document: Mapping[str, object], key: str) -> object:
    # The vendor's SDK reads both spellings: some gateways answer with the second.
    value = document.get(key)
    return document.get(key[0].lower() + key[1:]) if value is None else value


def _retry_after(answer: ApiResponse) -> float | None:
    """Return the seconds of `x-acs-retry-after`, which is in milliseconds; the SDK takes no more than two minutes."""
    value = answer.headers.get("x-acs-retry-after", "")
    if not re.fullmatch(r"[0-9]{1,9}", value):
        return None
    return min(int(value) / 1000, 120.0)
