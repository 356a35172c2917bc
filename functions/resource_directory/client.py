"""`ResourceDirectoryClient`: the operations of the ResourceDirectoryMaster API that the functions call.

RPC style, as the vendor's SDK sends it: POST to `/`, parameters in the query, an empty body, action and version in
headers.
Source: API pages of the two operations (2022-04-19), and the requests and models of SDK 2.3.1.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import requests

from resource_directory.acs3 import Acs3Auth, Credentials, canonical_query
from resource_directory.errors import NotAttempted
from resource_directory.responses import Success, VerificationsPage, success_of, verifications_page
from resource_directory.retries import Retries
from resource_directory.transport import send

API_VERSION = "2022-04-19"
USER_AGENT = "phone-verification"


class Accepted(NamedTuple):
    """The API accepted a text for sending, under this RequestId, at so many attempts."""

    request_id: str
    attempts: int


class ResourceDirectoryClient:
    """Calls the API at one endpoint, over one session that keeps its connections.

    `endpoint` is scheme and authority, `https://resourcedirectory.aliyuncs.com`. The timeouts are in seconds: to
    connect, and until the whole answer is there. `now` (Unix seconds) and `nonce` go into signatures. Safe for
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
        now: Callable[[], float],
        nonce: Callable[[], str],
    ) -> None:
        self._endpoint = endpoint
        self._adapter = session.get_adapter(endpoint)
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
        success, attempts = self._call("SendPhoneVerificationForMessageContact", parameters, credentials, deadline)
        return Accepted(success.request_id, attempts)

    def list_message_contact_verifications(
        self, page_number: int, page_size: int, *, credentials: Credentials, deadline: float
    ) -> VerificationsPage:
        """Return a page, from 1, of what the contacts of the directory still have to verify, in no documented order.

        Raises:
            ResourceDirectoryError: one of its kinds; see `resource_directory.errors`.

        """
        parameters = {"PageNumber": str(page_number), "PageSize": str(page_size)}
        success, _ = self._call("ListMessageContactVerifications", parameters, credentials, deadline)
        return verifications_page(success.document)

    def _call(
        self, action: str, parameters: Mapping[str, str], credentials: Credentials, deadline: float
    ) -> tuple[Success, int]:
        def attempt(server_time: float | None) -> Success:
            timeouts = self._timeouts_within(deadline)
            # By hand: all of it is our own, so `Request.prepare` would parse, quote and check what is right already.
            # The connection adds that no encoding is accepted, and that there is no body.
            request = requests.PreparedRequest()
            request.method = "POST"
            request.url = f"{self._endpoint}/?{canonical_query(parameters.items())}"
            request.headers = {  # type: ignore[assignment] # a slower mapping, for names of any case
                "accept": "application/json",
                "user-agent": USER_AGENT,
                "x-acs-action": action,
                "x-acs-version": API_VERSION,
            }
            now = self._now if server_time is None else lambda: server_time
            sign = Acs3Auth(credentials, now=now, nonce=self._nonce)
            return success_of(send(self._adapter, sign(request), timeouts=timeouts))

        return self._retries.call(attempt, attempt_seconds=self.attempt_seconds, deadline=deadline)

    def _timeouts_within(self, deadline: float) -> tuple[float, float]:
        remaining = deadline - self._retries.monotonic()
        if remaining <= 0:
            raise NotAttempted
        connect = min(self._connect_timeout, remaining / 2)
        return connect, min(self._read_timeout, remaining - connect)
