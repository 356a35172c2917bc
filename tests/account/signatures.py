"""Verifies the signatures of the services' three schemes, with code that the SDKs have no part in.

Sources: the vendor's pages "Request syntax and signature method V3", "Signature version 4" of Object Storage Service,
and "Request signatures" of Simple Log Service (SLS); the last has HMAC-SHA256 where a header asks for it.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from urllib.parse import quote, unquote

from local.emulator.canonical import ReceivedRequest
from local.emulator.clock import time_of_day
from local.emulator.errors import ApiError
from local.emulator.nonces import NonceMemory
from local.emulator.server import KEY_PAIR
from local.emulator.verifier import Verifier


class NotAuthentic(Exception):
    """A signature is missing or wrong."""


class Signatures:
    """What a cloud checks of requests; it remembers nonces."""

    def __init__(self) -> None:
        self._verifier = Verifier(KEY_PAIR, now=time_of_day, nonces=NonceMemory())

    def check_acs3(self, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes) -> None:
        """Check signature version 3, as all services with an OpenAPI have it."""
        try:
            self._verifier.verify(ReceivedRequest(method, query, headers, body, path))
        except ApiError as error:
            raise NotAuthentic(error.code) from None

    def check_oss4(self, method: str, path: str, query: str, headers: Mapping[str, str], region: str) -> None:
        """Check signature version 4 of Object Storage Service, in the path style."""
        match = re.fullmatch(
            r"OSS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/oss/aliyun_v4_request,Signature=([0-9a-f]{64})",
            headers.get("authorization", ""),
        )
        if match is None or match[1] != KEY_PAIR.access_key_id or match[3] != region:
            raise NotAuthentic("InvalidAccessKeyId")
        lines = "".join(f"{name}:{headers[name].strip()}\n" for name in sorted(headers) if _signed_by_oss(name))
        pairs = (part.partition("=") for part in query.split("&") if part)
        canonical_query = "&".join(f"{name}={value}" if value else name for name, _, value in sorted(pairs))
        canonical_path = quote(unquote(path), safe="/")
        canonical = f"{method}\n{canonical_path}\n{canonical_query}\n{lines}\n\n{headers['x-oss-content-sha256']}"
        scope = f"{match[2]}/{region}/oss/aliyun_v4_request"
        hashed = hashlib.sha256(canonical.encode()).hexdigest()
        to_sign = f"OSS4-HMAC-SHA256\n{headers['x-oss-date']}\n{scope}\n{hashed}"
        key = f"aliyun_v4{KEY_PAIR.access_key_secret}".encode()
        for part in (match[2], region, "oss", "aliyun_v4_request"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        if not hmac.compare_digest(hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest(), match[4]):
            raise NotAuthentic("SignatureDoesNotMatch")

    def check_sls(self, method: str, path: str, headers: Mapping[str, str]) -> None:
        """Check version 1 of Simple Log Service, by HMAC-SHA256; the body is signed by its MD5."""
        match = re.fullmatch(r"LOG ([^:]+):(.+)", headers.get("authorization", ""))
        if match is None or match[1] != KEY_PAIR.access_key_id or headers.get("x-log-signaturemethod") != "hmac-sha256":
            raise NotAuthentic("Unauthorized")
        lines = "".join(
            f"{name}:{headers[name]}\n" for name in sorted(headers) if name.startswith(("x-log-", "x-acs-"))
        )
        to_sign = f"{method}\n{headers['content-md5']}\n{headers['content-type']}\n{headers['date']}\n{lines}{path}"
        digest = hmac.new(KEY_PAIR.access_key_secret.encode(), to_sign.encode(), hashlib.sha256).digest()
        if not hmac.compare_digest(base64.b64encode(digest).decode(), match[2]):
            raise NotAuthentic("SignatureNotMatch")


def _signed_by_oss(name: str) -> bool:
    return name.startswith("x-oss-") or name in ("content-type", "content-md5")
