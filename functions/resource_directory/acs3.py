"""ACS3-HMAC-SHA256, the signature of Alibaba Cloud's OpenAPI gateway, as pure functions in the order of its steps.

Source: the vendor's page "Request syntax and signature method V3". `Acs3Auth` signs a prepared `requests` request with
them; clock and nonce are passed in. Nothing here logs, and nothing keeps a secret longer than a call.
"""

import hashlib
import hmac
import re
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Protocol
from urllib.parse import quote

from requests import PreparedRequest
from requests.auth import AuthBase

ALGORITHM = "ACS3-HMAC-SHA256"
HASH_OF_NO_PAYLOAD = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

_ALSO_SIGNED = ("host", "content-type")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]*")


class Credentials(Protocol):
    """The credentials that a signature needs; `security_token` is None for a long-lived key."""

    @property
    def access_key_id(self) -> str:
        """The key's public half."""

    @property
    def access_key_secret(self) -> str:
        """The key's secret half; it signs and is never sent."""

    @property
    def security_token(self) -> str | None:
        """The token of a temporary key; it is sent, and signed."""


class Acs3Auth(AuthBase):
    """Signs a prepared request: its URL, body, and the headers host, content-type and x-acs-*.

    Each call takes a new date from `now` (Unix seconds) and a new nonce, so a request signed again is a new one to
    the gateway. `x-acs-action` and `x-acs-version` must already be among the headers, and the query must be written as
    `canonical_query` writes it.
    """

    def __init__(self, credentials: Credentials, *, now: Callable[[], float], nonce: Callable[[], str]) -> None:
        self._credentials = credentials
        self._now = now
        self._nonce = nonce

    def __call__(self, r: PreparedRequest) -> PreparedRequest:
        """Add the headers that are signed to `r`, then the signature, and return it."""
        _, _, address = str(r.url).partition("://")
        target, _, query = address.partition("?")
        host, _, path = target.partition("/")
        payload_hash = hash_payload(_body_bytes(r.body)) if r.body else HASH_OF_NO_PAYLOAD
        added = {
            "host": host,
            "x-acs-date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self._now())),
            "x-acs-signature-nonce": self._nonce(),
            "x-acs-content-sha256": payload_hash,
        }
        if self._credentials.security_token is not None:
            added["x-acs-security-token"] = self._credentials.security_token
        to_sign = {**headers_to_sign(r.headers), **added}
        r.headers.update(added)
        r.headers["authorization"] = authorization(
            str(r.method),
            f"/{path}",
            query,
            to_sign,
            payload_hash,
            access_key_id=self._credentials.access_key_id,
            access_key_secret=self._credentials.access_key_secret,
        )
        return r


def headers_to_sign(headers: Mapping[str, str | bytes]) -> dict[str, str]:
    """Return those of `headers` that the signature covers, by lower-case name."""
    lower_case = {name.lower(): str(value) for name, value in headers.items()}
    return {name: lower_case[name] for name in lower_case if name.startswith("x-acs-") or name in _ALSO_SIGNED}


def hash_payload(payload: bytes) -> str:
    """Return the lower-case hexadecimal SHA-256 of a request's body."""
    return hashlib.sha256(payload).hexdigest()


def canonical_query(parameters: Iterable[tuple[str, str]]) -> str:
    """Return parameters sorted by name and percent-encoded by RFC 3986; one without a value keeps its `=`.

    It is also the form in which a query goes out, so that what is signed is what is sent.
    """
    return "&".join([f"{_percent_encode(name)}={_percent_encode(value)}" for name, value in sorted(parameters)])


def canonical_headers(headers: Mapping[str, str]) -> str:
    """Return the signed headers, one `name:value` a line, sorted by name, values trimmed."""
    return "".join([f"{name}:{headers[name].strip()}\n" for name in sorted(headers)])


def signed_headers(headers: Mapping[str, str]) -> str:
    """Return the names of the signed headers, sorted and joined by semicolons."""
    return ";".join(sorted(headers))


def canonical_request(method: str, path: str, query: str, headers: Mapping[str, str], payload_hash: str) -> str:
    """Return the request in the form that is hashed; `query` is canonical, `headers` are by lower-case name."""
    return "\n".join((method, path, query, canonical_headers(headers), signed_headers(headers), payload_hash))


def string_to_sign(canonical: str) -> str:
    """Return the text that is signed: the algorithm's name and the hash of the canonical request."""
    return f"{ALGORITHM}\n{hashlib.sha256(canonical.encode()).hexdigest()}"


def signature(text: str, access_key_secret: str) -> str:
    """Return the lower-case hexadecimal HMAC-SHA256 of `text` under the secret."""
    return hmac.digest(access_key_secret.encode(), text.encode(), "sha256").hex()


def authorization(
    method: str,
    path: str,
    query: str,
    headers: Mapping[str, str],
    payload_hash: str,
    *,
    access_key_id: str,
    access_key_secret: str,
) -> str:
    """Return the value of the Authorization header for a request; `query` and `headers` as for `canonical_request`."""
    text = string_to_sign(canonical_request(method, path, query, headers, payload_hash))
    return (
        f"{ALGORITHM} Credential={access_key_id},SignedHeaders={signed_headers(headers)},"
        f"Signature={signature(text, access_key_secret)}"
    )


def _percent_encode(text: str) -> str:
    # Most of what is signed is made of these characters alone.
    return text if _UNRESERVED.fullmatch(text) else quote(text, safe="-_.~")


def _body_bytes(body: object) -> bytes:
    if isinstance(body, str):
        return body.encode()
    if isinstance(body, bytes):
        return body
    raise TypeError("a body that is read as it is sent cannot be signed")
