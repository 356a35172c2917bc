"""The temporary credentials of the function's role, as the runtime injects them.

Python 3.10 puts them into `context.credentials`, Python 3.12 into the environment; both renew them while an instance
lives, so they are read at every invocation and kept no longer. There is no third place.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from fcapi.context import Context

_HEADER_SAFE = re.compile(r"[\x21-\x7e]+")


class MissingCredentials(Exception):
    """The runtime injected no usable credentials; the function most likely has no role."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """An access key pair, with the security token that a temporary one has; its repr shows none of them."""

    access_key_id: str = field(repr=False)
    access_key_secret: str = field(repr=False)
    security_token: str | None = field(default=None, repr=False)


def read_credentials(context: Context, environ: Mapping[str, str]) -> Credentials:
    """Return the credentials of this invocation.

    Raises:
        MissingCredentials: there are none, or a part of them could not be sent in a header.

    """
    access_key_id, access_key_secret, security_token = _injected(context, environ)
    if not access_key_id or not access_key_secret:
        raise MissingCredentials(
            "The runtime injected no credentials: give the function a role (property Role in the template)."
        )
    for name, value in (
        ("access key id", access_key_id),
        ("access key secret", access_key_secret),
        ("security token", security_token),
    ):
        if value and not _HEADER_SAFE.fullmatch(value):
            raise MissingCredentials(f"The injected {name} has characters that no {name} has.")
    return Credentials(access_key_id, access_key_secret, security_token or None)


def secrets_in_reach(context: Context, environ: Mapping[str, str]) -> tuple[str, ...]:
    """Return every part of the injected credentials, complete or not, so that a log can hide them."""
    return tuple(part for part in _injected(context, environ) if part)


def _injected(context: Context, environ: Mapping[str, str]) -> tuple[str, str, str]:
    injected = getattr(context, "credentials", None)
    if getattr(injected, "access_key_id", None):
        parts = (getattr(injected, name, None) for name in ("access_key_id", "access_key_secret", "security_token"))
    else:
        parts = (
            environ.get(name)
            for name in (
                "ALIBABA_CLOUD_ACCESS_KEY_ID",
                "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
                "ALIBABA_CLOUD_SECURITY_TOKEN",
            )
        )
    key_id, secret, token = (part if isinstance(part, str) else "" for part in parts)
    return key_id, secret, token
