"""The trace id in a `traceparent` header, by the W3C recommendation "Trace Context"."""

import re

_TRACEPARENT = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")


def trace_id_of(traceparent: str) -> str | None:
    """Return the trace id, 32 hexadecimal digits, or None where the header is not valid."""
    match = _TRACEPARENT.fullmatch(traceparent.strip())
    return match.group(1) if match else None
