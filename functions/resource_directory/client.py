"""`ResourceDirectoryClient`: the operations of the ResourceDirectoryMaster API that the functions call.

RPC style, as the vendor's SDK sends it: POST to `/`, parameters in the query, an empty body, action and version in
headers.
Source: API pages of the two operations (2022-04-19), and the requests and models of SDK 2.3.1.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import requests

from resource_directory.acs3 import Acs3Auth, Credentials, canonical_query
from resource_directory.errors import NotAttempted, TimestampExpired, UnusableAnswer, error_of_code
from resource_directory.retries import Retries
from resource_directory.transport import Answer, send

API_VERSION = "2022-04-19"
USER_AGENT = "phone-verification"

_REQUEST_ID = re.compile(r"(?=.*[A-Za-z])[0-9A-Za-z-]{1,64}")
_CODE = re.compile(r"(?!.*[0-9]{5})[0-9A-Za-z_.]{1,128}")
"""What an answer puts in their places is logged and passed on, so a phone number must not be either."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The API accepted a text for sending, under this RequestId, at so many attempts."""

    request_id: str
    attempts: int


@dataclass(frozen=True, slots=True)
class VerificationsPage:
    """One page of what is still to be verified: (ContactId, Target), a target being a number or an e-mail address.

    `entry_count` counts those too that say neither; `total_count` and `page_size` are what the API says they are, 0
    where it does not.
    """

    entry_count: int
    verifications: Sequence[tuple[str, str]]
    total_count: int
    page_size: int


class ResourceDirectoryClient:
    """Calls the API at one endpoint, over one session that keeps its connections.

    `endpoint` is scheme and authority, `https://resourcedirectory.aliyuncs.com`. The timeouts are in seconds: to
    connect, and until the whole answer is there. `now` (an aware datetime) and `nonce` go into signatures. Safe for
    many threads.
    """

    def __init__(
        self,
        endpoint: str,
        *,
        session: requests.Session,
        connect_timeout: float,
        read_timeout: float,
        retries: Retries,
        now: Callable[[], datetime],
        nonce: Callable[[], str],
    ) -> None:
        self._endpoint = endpoint
        self._session = session
        self._connect_timeout = connect_timeout
        self._read_timeout = read_timeout
        self._retries = retries
        self._now = now
        self._nonce = nonce

    @property
    def attempt_seconds(self) -> float:
        """How long one attempt takes when nothing answers, in seconds."""
        return self._connect_timeout + self._read_timeout

    def send_phone_verification_for_message_contact(
        self, contact_id: str, phone_number: str, *, credentials: Credentials, deadline: float
    ) -> Accepted:
        """Have a verification text sent to a contact's number.

        `phone_number` is `<country code>-<mobile phone number>`, as it was given to AddMessageContact. `deadline` is a
        reading of the retries' monotonic clock.

        Raises:
            ResourceDirectoryError: one of its kinds; see `resource_directory.errors`.

        """
        parameters = {"ContactId": contact_id, "PhoneNumber": phone_number}
        document, attempts = self._call("SendPhoneVerificationForMessageContact", parameters, credentials, deadline)
        return Accepted(str(_text(document, "RequestId", _REQUEST_ID)), attempts)

    def list_message_contact_verifications(
        self, page_number: int, page_size: int, *, credentials: Credentials, deadline: float
    ) -> VerificationsPage:
        """Return a page, from 1, of what the contacts of the directory still have to verify, in no documented order.

        Raises:
            ResourceDirectoryError: one of its kinds; see `resource_directory.errors`.

        """
        parameters = {"PageNumber": str(page_number), "PageSize": str(page_size)}
        document, _ = self._call("ListMessageContactVerifications", parameters, credentials, deadline)
        return _page_of(document)

    def _call(
        self, action: str, parameters: Mapping[str, str], credentials: Credentials, deadline: float
    ) -> tuple[Mapping[str, object], int]:
        def attempt(server_time: datetime | None) -> Mapping[str, object]:
            timeouts = self._timeouts_within(deadline)
            request = requests.Request(
                method="POST",
                url=f"{self._endpoint}/?{canonical_query(parameters.items())}",
                headers={
                    "accept": "application/json",
                    "accept-encoding": "identity",
                    "user-agent": USER_AGENT,
                    "x-acs-action": action,
                    "x-acs-version": API_VERSION,
                },
                auth=Acs3Auth(credentials, now=lambda: server_time or self._now(), nonce=self._nonce),
            ).prepare()
            return _success(send(self._session, request, timeouts=timeouts))

        return self._retries.call(attempt, attempt_seconds=self.attempt_seconds, deadline=deadline)

    def _timeouts_within(self, deadline: float) -> tuple[float, float]:
        remaining = deadline - self._retries.monotonic()
        if remaining <= 0:
            raise NotAttempted
        connect = min(self._connect_timeout, remaining / 2)
        return connect, min(self._read_timeout, remaining - connect)


def _success(answer: Answer) -> Mapping[str, object]:
    """Return the document of an answer that is a success, and has a RequestId; raise what any other means."""
    document = _json_object(answer.body)
    request_id = _text(document, "RequestId", _REQUEST_ID)
    if answer.status == HTTPStatus.OK and request_id is not None:
        return document
    code = _text(document, "Code", _CODE)
    if answer.status >= HTTPStatus.BAD_REQUEST and code is not None and request_id is not None:
        error = error_of_code(code, answer.status, request_id=request_id, retry_after=_retry_after(answer))
        if isinstance(error, TimestampExpired):
            error.server_time = _date_of(answer)
        raise error
    raise UnusableAnswer(answer.status, code=code, request_id=request_id)


def _page_of(document: Mapping[str, object]) -> VerificationsPage:
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


def _date_of(answer: Answer) -> datetime | None:
    try:
        date = parsedate_to_datetime(answer.headers.get("date", ""))
        return (date if date.tzinfo else date.replace(tzinfo=timezone.utc)).astimezone(timezone.utc)
    except (ValueError, OverflowError):
        return None


def _json_object(body: bytes) -> Mapping[str, object]:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def _text(document: Mapping[str, object], key: str, shape: re.Pattern[str]) -> str | None:
    # The vendor's SDK reads both spellings: some gateways answer with the second.
    value = document.get(key, document.get(key[0].lower() + key[1:]))
    return value if isinstance(value, str) and shape.fullmatch(value) else None


def _retry_after(answer: Answer) -> float | None:
    """Return the seconds of `x-acs-retry-after`, which is in milliseconds; the SDK takes no more than two minutes."""
    value = answer.headers.get("x-acs-retry-after", "")
    if not re.fullmatch(r"[0-9]{1,9}", value) or int(value) == 0:
        return None
    return min(int(value) / 1000, 120.0)
