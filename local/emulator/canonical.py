"""A request as it was received, and its canonical form, which signature version 3 (ACS3-HMAC-SHA256) signs.

Written from the vendor's page "Request syntax and signature method V3", for verifying only.
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, unquote_to_bytes

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


def split_query(query_string: str) -> list[tuple[bytes, bytes]]:
    """Return the decoded names and values of a raw query string, blank values kept; `+` and `%20` both are a space."""
    pairs = (part.partition("=") for part in query_string.split("&") if part)
    return [(_decoded(name), _decoded(value)) for name, _, value in pairs]


def _decoded(text: str) -> bytes:
    # The server hands on the bytes of the request line as latin-1 (PEP 3333).
    return unquote_to_bytes(text.replace("+", " ").encode("latin-1"))
