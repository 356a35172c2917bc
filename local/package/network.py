"""Recognises in the output of pip and pip-audit that there is no network."""

import re

_SIGNS = re.compile(
    "connection broken by|connection error|could not connect|max retries|timed? ?out|proxyerror|from versions: none",
    re.IGNORECASE,
)


def is_unreachable(errors: str) -> bool:
    """Tell whether a program failed because it reached no server."""
    return _SIGNS.search(errors) is not None
