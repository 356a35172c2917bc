"""The two clients that judge the emulator, neither of them this project's: the vendor's SDK, and its signer."""

import hashlib
import http.client
import os
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from email.message import Message
from typing import Protocol
from urllib.parse import quote, urlsplit

import pytest
from alibabacloud_resourcedirectorymaster20220419.client import Client
from alibabacloud_tea_openapi.utils import Utils
from alibabacloud_tea_openapi.utils_models import Config
from darabonba.request import DaraRequest

KEY = "LTAIlocal"
SECRET = "local-secret"
CONTACT_ID = "c-qL4HqKONzOM7abcd"
PHONE_NUMBER = "86-13900001234"
SEND = "SendPhoneVerificationForMessageContact"

# The vendor's SDK tells the time with datetime.utcnow, which Python 3.12 warns of.
VENDOR_WARNINGS = pytest.mark.filterwarnings(
    "ignore:datetime.datetime.utcnow:DeprecationWarning:(alibabacloud|darabonba)"
)


NO_AUTHORITIES = dict.fromkeys(("SSL_CERT_FILE", "SSL_CERT_DIR"), os.devnull)
"""Variables with which no certificate is trusted: the SDKs read those of the machine for each server that they call, by
http too, and that takes 20 ms."""


class AtUrl(Protocol):
    """An emulator that runs, here or in another process."""

    url: str


def sdk(
    emulator: AtUrl,
    *,
    access_key_id: str = KEY,
    access_key_secret: str = SECRET,
    security_token: str | None = None,
) -> Client:
    """Make the vendor's client for an emulator."""
    os.environ.update(NO_AUTHORITIES)
    config = Config(
        protocol="http",
        endpoint=urlsplit(emulator.url).netloc,
        access_key_id=access_key_id,
        access_key_secret=access_key_secret,
        security_token=security_token,
    )
    return Client(config)


@dataclass(frozen=True)
class RawRequest:
    """A request that can be spoilt before it is sent; header names in lower case."""

    query: str
    headers: Mapping[str, str]
    body: bytes = b""
    method: str = "POST"
    path: str = "/"

    def with_headers(self, **headers: str) -> "RawRequest":
        """Set headers, their names with underscores, after the request was signed."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return replace(self, headers={**self.headers, **named})

    def without_header(self, name: str) -> "RawRequest":
        """Leave out a header after the request was signed."""
        return replace(self, headers={key: value for key, value in self.headers.items() if key != name})


@dataclass(frozen=True)
class VendorReply:
    """What came back."""

    status: int
    headers: Message
    body: bytes = field(repr=False)


def signed(
    emulator: AtUrl,
    parameters: Mapping[str, str] | None = None,
    *,
    action: str = SEND,
    version: str = "2022-04-19",
    method: str = "POST",
    body: bytes = b"",
    date: str | None = None,
    secret: str = SECRET,
    key: str = KEY,
    extra: Mapping[str, str] | None = None,
) -> RawRequest:
    """Sign a request with the vendor's signer; without parameters, one for the first contact's verification."""
    given = {"ContactId": CONTACT_ID, "PhoneNumber": PHONE_NUMBER} if parameters is None else parameters
    request = DaraRequest()
    request.method = method
    request.pathname = "/"
    request.query = dict(given)
    request.headers = {
        "host": urlsplit(emulator.url).netloc,
        "x-acs-action": action,
        "x-acs-version": version,
        "x-acs-date": date or datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": uuid.uuid4().hex,
        "x-acs-content-sha256": hashlib.sha256(body).hexdigest(),
        **(extra or {}),
    }
    payload_hash = request.headers["x-acs-content-sha256"]
    authorization = Utils.get_authorization(request, "ACS3-HMAC-SHA256", payload_hash, key, secret)
    query = "&".join(f"{name}={quote(value, safe='~')}" for name, value in given.items())
    return RawRequest(query, {**request.headers, "authorization": authorization}, body, method)


def send(emulator: AtUrl, request: RawRequest) -> VendorReply:
    """Send a request as it is, following nothing and retrying nothing."""
    connection = http.client.HTTPConnection(urlsplit(emulator.url).netloc, timeout=10)
    try:
        connection.request(request.method, f"{request.path}?{request.query}", request.body, dict(request.headers))
        answer = connection.getresponse()
        return VendorReply(answer.status, answer.headers, answer.read())
    finally:
        connection.close()
