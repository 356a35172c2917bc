"""`ResourceDirectoryClient`: the operations of the ResourceDirectoryMaster API that the functions call.

RPC style, as the vendor's SDK sends it: POST to `/`, parameters in the query, an empty body, action and version in
headers.
Source: API pages of the three operations (2022-04-19), and the requests and models of SDK 2.3.1.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

import requests
from requests.adapters import BaseAdapter

from resource_directory.acs3 import Acs3Auth, Credentials, canonical_query
from resource_directory.confidential import Confidential
from resource_directory.errors import (
    LIST_VERIFICATIONS,
    SEND_EMAIL_VERIFICATION,
    SEND_PHONE_VERIFICATION,
    NotAttempted,
)
from resource_directory.responses import Success, VerificationsPage, success_of, verifications_page
from resource_directory.retries import Deadline, Retries
from resource_directory.transport import ApiResponse, send

if TYPE_CHECKING:
    from resource_directory.tracing import Observer

API_VERSION = "2022-04-19"
USER_AGENT = "phone-verification"


class Accepted(NamedTuple):
    """The API accepted a message for sending, under this RequestId, after so many attempts."""

    request_id: str
    attempts: int


class ResourceDirectoryClient:
    """Calls the API at one endpoint. Safe for many threads.

    Args:
        endpoint: scheme and authority, `https://resourcedirectory.aliyuncs.com`.
        adapter: sends each request, and keeps connections; see `resource_directory.transport`.
        connect_timeout: seconds to connect.
        read_timeout: seconds from then until the whole answer is there.
        retries: repeats failed calls.
        now: the clock for signatures, in Unix seconds.
        nonce: returns a text for a signature that it never returned before.

    """

    def __init__(
        self,
        endpoint: str,
        *,
        adapter: BaseAdapter,
        connect_timeout: float,
        read_timeout: float,
        retries: Retries,
        now: Callable[[], float],
        nonce: Callable[[], str],
    ) -> None:
        self._endpoint = endpoint
        self._adapter = adapter
        self._connect_timeout = connect_timeout
        self._read_timeout = read_timeout
        self._retries = retries
        self._now = now
        self._nonce = nonce

    @property
    def attempt_seconds(self) -> float:
        """The seconds that one attempt takes at most: when nothing answers, or the name is not resolved."""
        return self._connect_timeout + self._read_timeout

    def send_phone_verification_for_message_contact(
        self,
        contact_id: str,
        phone_number: str,
        *,
        credentials: Credentials,
        deadline: Deadline,
        observer: "Observer | None" = None,
    ) -> Accepted:
        """Have a verification text sent to a contact's number.

        `phone_number` is `<country code>-<mobile phone number>`, as it was given to AddMessageContact. An `observer` is
        told of attempts and waits.

        Raises:
            ResourceDirectoryError: one of its kinds; see `resource_directory.errors`.

        """
        parameters = {"ContactId": contact_id, "PhoneNumber": phone_number}
        success, attempts = self._call(
            SEND_PHONE_VERIFICATION, parameters, credentials, deadline, observer, target=phone_number
        )
        return Accepted(success.request_id, attempts)

    def send_email_verification_for_message_contact(
        self,
        contact_id: str,
        email_address: str,
        *,
        credentials: Credentials,
        deadline: Deadline,
        observer: "Observer | None" = None,
    ) -> Accepted:
        """Have a verification e-mail sent to a contact's address, as it was given to AddMessageContact.

        An `observer` is told of attempts and waits.

        Raises:
            ResourceDirectoryError: one of its kinds; see `resource_directory.errors`.

        """
        parameters = {"ContactId": contact_id, "EmailAddress": email_address}
        success, attempts = self._call(
            SEND_EMAIL_VERIFICATION, parameters, credentials, deadline, observer, target=email_address
        )
        return Accepted(success.request_id, attempts)

    def list_message_contact_verifications(
        self,
        page_number: int,
        page_size: int,
        *,
        credentials: Credentials,
        deadline: Deadline,
        observer: "Observer | None" = None,
    ) -> VerificationsPage:
        """Return a page, from 1, of the directory's pending verifications, in no documented order.

        An `observer` is told of attempts and waits.

        Raises:
            ResourceDirectoryError: one of its kinds; see `resource_directory.errors`.

        """
        parameters = {"PageNumber": str(page_number), "PageSize": str(page_size)}
        success, _ = self._call(LIST_VERIFICATIONS, parameters, credentials, deadline, observer)
        return verifications_page(success)

    def _call(
        self,
        action: str,
        parameters: Mapping[str, str],
        credentials: Credentials,
        deadline: Deadline,
        observer: "Observer | None",
        target: str = "",
    ) -> tuple[Success, int]:
        confidential = Confidential(credentials, target)

        def read(answer: ApiResponse) -> Success:
            return success_of(action, answer, confidential)

        def attempt(server_time: float | None) -> Success:
            # Made by hand: `Request.prepare` would parse, quote and check what is already right. The connection adds
            # the headers that no encoding is accepted and that there is no body.
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
            signed = Acs3Auth(credentials, now=now, nonce=self._nonce)(request)
            timeouts = self._timeouts_within(deadline)
            return send(self._adapter, signed, timeouts=timeouts, read=read)

        if observer is None:
            return self._retries.call(attempt, attempt_seconds=self.attempt_seconds, deadline=deadline)
        # Imported only where it is used: no cold start but one at DEBUG waits for it.
        from resource_directory.tracing import observed_attempt, observed_retries

        return observed_retries(self._retries, observer).call(
            observed_attempt(attempt, action, deadline, observer),
            attempt_seconds=self.attempt_seconds,
            deadline=deadline,
        )

    def _timeouts_within(self, deadline: Deadline) -> tuple[float, float]:
        remaining = deadline.remaining()
        if remaining <= 0:
            raise NotAttempted
        connect = min(self._connect_timeout, remaining / 2)
        return connect, min(self._read_timeout, remaining - connect)
