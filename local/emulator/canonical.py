"""The canonical form of a request that signature version 3 (ACS3-HMAC-SHA256) signs.

Written from the vendor's page "Request syntax and signature method V3", for verifying only.
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from local.emulator.parameters import split_query

ALGORITHM = "ACS3-HMAC-SHA256"


@dataclass(frozen=True)
class ReceivedRequest:
    """A request as it came in: path and query string raw, header names in lower case."""

    method: str
    query_string: str
    headers: Mapping[str, str]
    body: bytes
    path: str = "/"


def canonical_request(request: ReceivedRequest, signed_headers: Sequence[str]) -> str:
    """Return the text that is signed. `signed_headers` are names that the request has, in lower case."""
    header_lines = "".join(f"{name}:{request.headers[name].strip()}\n" for name in signed_headers)
    return "\n".join(
        (
            request.method,
            request.path,
            canonical_query(request.query_string),
            header_lines,
            ";".join(signed_headers),
            request.headers.get("x-acs-content-sha256", ""),
        )
    )


def canonical_query(query_string: str) -> str:
    """Return the parameters sorted by name, both sides in RFC 3986 encoding, a missing value as an empty one."""
    return "&".join(
        f"{quote(name, safe='~')}={quote(value, safe='~')}" for name, value in sorted(split_query(query_string))
    )


def signature(canonical: str, secret: str) -> str:
    """Return the signature of a canonical request, in lower-case hexadecimal."""
    to_sign = f"{ALGORITHM}\n{hashlib.sha256(canonical.encode('latin-1')).hexdigest()}"
    return hmac.new(secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
