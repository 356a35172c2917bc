"""Authenticates API requests: key, token, date, body hash, signature and nonce, in this order."""

import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone

from local.emulator.canonical import ALGORITHM, ReceivedRequest, canonical_request, signature
from local.emulator.errors import refusal
from local.emulator.nonces import NonceMemory

TOLERANCE = timedelta(minutes=15)

_AUTHORIZATION = re.compile(ALGORITHM + r" Credential=([^,\s]+),SignedHeaders=([^,\s]+),Signature=([0-9a-f]{64})")
_DATE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]{1,9})?Z")
_DATE_HEADER = "x-acs-date"
_TOKEN = "x-acs-security-token"  # noqa: S105 the name of a header


@dataclass(frozen=True)
class KeyPair:
    """The credentials that are accepted; the token may be left out of a request."""

    access_key_id: str
    access_key_secret: str = field(repr=False)
    security_token: str = field(repr=False)


@dataclass(frozen=True)
class _Claim:
    """What the Authorization header says."""

    access_key_id: str
    signed_headers: tuple[str, ...]
    signature: str


class Verifier:
    """Decides whether a request comes from the holder of the key pair; may be called by any thread.

    Args:
        key_pair: the one that is accepted.
        now: gives the real time, with a time zone.
        nonces: remembers what was used.
        minimal: whether key, date and signature are enough: an empty token is none, the body's hash and the nonce are
            checked where they are sent, of the headers only the date must be signed, and it may have a fraction of a
            second.

    """

    def __init__(
        self, key_pair: KeyPair, *, now: Callable[[], datetime], nonces: NonceMemory, minimal: bool = False
    ) -> None:
        self._key_pair = key_pair
        self._now = now
        self._nonces = nonces
        self._minimal = minimal

    def verify(self, request: ReceivedRequest) -> None:
        """Return if the request is authentic. The codes and texts are those of the vendor's lists.

        Raises:
            ApiError: it is not; the message says which step failed, and of which header.

        """
        claim = _claim(request)
        self._check_credentials(claim, request)
        self._check_signed_headers(claim, request)
        self._check_date(request)
        self._check_body_hash(request)
        self._check_signature(claim, request)
        self._check_nonce(request)

    def _check_credentials(self, claim: _Claim, request: ReceivedRequest) -> None:
        if claim.access_key_id != self._key_pair.access_key_id:
            raise refusal("InvalidAccessKeyId.NotFound", "(Credential of Authorization)")
        token = request.headers.get(_TOKEN)
        if token is None or (self._minimal and not token):
            return
        if hmac.compare_digest(token.encode(), self._key_pair.security_token.encode()):
            return
        # What the service calls malformed is not documented: no token is empty or has blanks.
        if not re.fullmatch("[!-~]+", token):
            raise refusal("InvalidSecurityToken.Malformed", f"({_TOKEN})")
        raise refusal("InvalidSecurityToken.MismatchWithAccessKey", f"({_TOKEN})")

    def _check_signed_headers(self, claim: _Claim, request: ReceivedRequest) -> None:
        present = request.headers.keys()
        to_sign = {"host", *(name for name in present if name.startswith("x-acs-"))} | ({"content-type"} & present)
        for name in sorted(({_DATE_HEADER} if self._minimal else to_sign).difference(claim.signed_headers)):
            raise refusal("IncompleteSignature", f"({name} is not signed)")
        for name in claim.signed_headers:
            if name not in present:
                raise refusal("IncompleteSignature", f"({name} is signed but missing)")

    def _check_body_hash(self, request: ReceivedRequest) -> None:
        said = request.headers.get("x-acs-content-sha256")
        if said is None and self._minimal:
            return
        if not hmac.compare_digest((said or "").encode(), hashlib.sha256(request.body).hexdigest().encode()):
            raise refusal("SignatureDoesNotMatch", "(x-acs-content-sha256 is not the hash of the body)")

    def _check_date(self, request: ReceivedRequest) -> None:
        date = _moment(request.headers.get(_DATE_HEADER), with_fraction=self._minimal)
        if date is None:
            raise refusal("InvalidTimeStamp.Format", "(x-acs-date, which is yyyy-MM-ddTHH:mm:ssZ)")
        if abs(self._now() - date) > TOLERANCE:
            raise refusal("InvalidTimeStamp.Expired", "(x-acs-date)")

    def _check_signature(self, claim: _Claim, request: ReceivedRequest) -> None:
        expected = signature(canonical_request(request, claim.signed_headers), self._key_pair.access_key_secret)
        if hmac.compare_digest(expected, claim.signature):
            return
        starred = {**request.headers, **({_TOKEN: "*****"} if _TOKEN in request.headers else {})}
        shown = canonical_request(replace(request, headers=starred), claim.signed_headers)
        raise refusal("SignatureDoesNotMatch", f"server CanonicalRequest is [{shown}]")

    def _check_nonce(self, request: ReceivedRequest) -> None:
        nonce = request.headers.get("x-acs-signature-nonce")
        if nonce is None and self._minimal:
            return
        if not nonce:
            raise refusal("SignatureNonceUsed", "(x-acs-signature-nonce is missing)")
        if not self._nonces.add(nonce, self._now()):
            raise refusal("SignatureNonceUsed", "(x-acs-signature-nonce)")


def _claim(request: ReceivedRequest) -> _Claim:
    authorization = request.headers.get("authorization")
    if authorization is None:
        raise refusal("IncompleteSignature", "(Authorization is missing)")
    match = _AUTHORIZATION.fullmatch(authorization)
    if match is None:
        raise refusal("IncompleteSignature", "(Authorization is not well formed)")
    signed_headers = match[2].split(";")
    if signed_headers != sorted({name.lower() for name in signed_headers}):
        raise refusal("IncompleteSignature", "(SignedHeaders is not sorted, in lower case, each name once)")
    return _Claim(match[1], tuple(signed_headers), match[3])


def _moment(text: str | None, *, with_fraction: bool) -> datetime | None:
    """Return the time to the second; None if it is not a time, or has a fraction that it may not have."""
    match = _DATE.fullmatch(text or "")
    if match is None or (match[2] and not with_fraction):
        return None
    try:
        return datetime.strptime(match[1], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=timezone.utc)
    except ValueError:
        return None
