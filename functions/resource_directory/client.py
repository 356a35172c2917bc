"""`ResourceDirectoryClient`: the operations of the ResourceDirectoryMaster API that the functions call.

RPC style, as the vendor's SDK sends it: POST to `/`, parameters in the query, an empty body, action and version in
headers.
Source: API page "SendPhoneVerificationForMessageContact" (2022-04-19) and the requests of SDK 2.3.1.
"""

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from http import HTTPStatus

import requests

from resource_directory.acs3 import Acs3Auth, Credentials, canonical_query
from resource_directory.errors import NotAttempted, UnusableAnswer, error_of_code
from resource_directory.transport import Answer, send

API_VERSION = "2022-04-19"
USER_AGENT = "phone-verification"

_REQUEST_ID = re.compile(r"(?=.*[A-Za-z])[0-9A-Za-z-]{1,64}")
_CODE = re.compile(r"(?!.*[0-9]{5})[0-9A-Za-z_.]{1,128}")
"""What an answer puts in their places is logged and passed on, so a phone number must not be either."""


class ResourceDirectoryClient:
    """Calls the API at one endpoint, over one session that keeps its connections.

    `endpoint` is scheme and authority, `https://resourcedirectory.aliyuncs.com`. The timeouts are in seconds. `now` (an
    aware datetime) and `nonce` go into signatures; `monotonic` is the clock that deadlines are told by. Safe for many
    threads.
    """

    def __init__(
        self,
        endpoint: str,
        *,
        session: requests.Session,
        connect_timeout: float,
        read_timeout: float,
        now: Callable[[], datetime],
        nonce: Callable[[], str],
        monotonic: Callable[[], float],
    ) -> None:
        self._endpoint = endpoint
        self._session = session
        self._connect_timeout = connect_timeout
        self._read_timeout = read_timeout
        self._now = now
        self._nonce = nonce
        self._monotonic = monotonic

    @property
    def attempt_seconds(self) -> float:
        """How long one attempt takes when nothing answers, in seconds."""
        return self._connect_timeout + self._read_timeout

    def send_phone_verification_for_message_contact(
        self, contact_id: str, phone_number: str, *, credentials: Credentials, deadline: float
    ) -> str:
        """Have a verification text sent to a contact's number, and return the API's RequestId.

        One attempt: the operation has no idempotency key, so a call made again may be a second text. `phone_number` is
        `<country code>-<mobile phone number>`, as it was given to AddMessageContact.

        Raises:
            ResourceDirectoryError: one of its kinds; see `resource_directory.errors`.

        """
        return self._call(
            "SendPhoneVerificationForMessageContact",
            {"ContactId": contact_id, "PhoneNumber": phone_number},
            credentials,
            deadline,
        )

    def _call(self, action: str, parameters: Mapping[str, str], credentials: Credentials, deadline: float) -> str:
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
            auth=Acs3Auth(credentials, now=self._now, nonce=self._nonce),
        ).prepare()
        answer = send(self._session, request, timeouts=timeouts, deadline=deadline, monotonic=self._monotonic)
        return _request_id_of(answer)

    def _timeouts_within(self, deadline: float) -> tuple[float, float]:
        remaining = deadline - self._monotonic()
        if remaining <= 0:
            raise NotAttempted
        connect = min(self._connect_timeout, remaining / 2)
        return connect, min(self._read_timeout, remaining - connect)


def _request_id_of(answer: Answer) -> str:
    """Return the RequestId of a success; raise what any other answer means."""
    document = _json_object(answer.body)
    request_id = _text(document, "RequestId", _REQUEST_ID)
    if answer.status == HTTPStatus.OK and request_id is not None:
        return request_id
    code = _text(document, "Code", _CODE)
    if answer.status >= HTTPStatus.BAD_REQUEST and code is not None and request_id is not None:
        raise error_of_code(code, answer.status, request_id=request_id, retry_after=_retry_after(answer))
    raise UnusableAnswer(answer.status, code=code, request_id=request_id)


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
