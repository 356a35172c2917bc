"""The temporary credentials of the function's role, as the runtime injects them.

Python 3.10 puts them into `context.credentials`, Python 3.12 into the environment. Both renew them while an instance
lives, so they are read at every invocation and kept no longer. There is no third place.
"""

import re
from collections.abc import Mapping

from fcapi.context import Context

_IN_CONTEXT = ("access_key_id", "access_key_secret", "security_token")
_IN_ENVIRONMENT = (
    "ALIBABA_CLOUD_ACCESS_KEY_ID",
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
    "ALIBABA_CLOUD_SECURITY_TOKEN",
)
_NAMES = ("access key id", "access key secret", "security token")
_HEADER_SAFE = re.compile(r"[\x21-\x7e]+")


class MissingCredentials(Exception):
    """The runtime injected no usable credentials. Most likely the function has no role."""

    code = "MissingCredentials"


class Credentials:
    """An access key pair, with the security token that a temporary one has. Its repr shows none of them."""

    def __init__(self, access_key_id: str, access_key_secret: str, security_token: str | None = None) -> None:
        self.access_key_id = access_key_id
        self.access_key_secret = access_key_secret
        self.security_token = security_token


class InjectedCredentials:
    """The credentials that the runtime injected into one invocation, usable or not. Its repr shows none of them.

    Attributes:
        parts: access key id, access key secret and security token; a part that was not injected is empty.

    """

    def __init__(self, access_key_id: str, access_key_secret: str, security_token: str) -> None:
        self.parts = (access_key_id, access_key_secret, security_token)

    def require(self) -> Credentials:
        """Return them as credentials to sign with.

        Raises:
            MissingCredentials: there are none, or a part of them could not be sent in a header.

        """
        access_key_id, access_key_secret, security_token = self.parts
        if not access_key_id or not access_key_secret:
            raise MissingCredentials(
                "The runtime injected no credentials: give the function a role (property Role in the template)."
            )
        for name, part in zip(_NAMES, self.parts, strict=True):
            if part and not _HEADER_SAFE.fullmatch(part):
                raise MissingCredentials(f"The injected {name} has characters that no {name} has.")
        return Credentials(access_key_id, access_key_secret, security_token or None)


def injected_credentials(context: Context, environ: Mapping[str, str]) -> InjectedCredentials:
    """Return the credentials that the runtime put into `context`, or else into `environ`, for this invocation."""
    injected = getattr(context, "credentials", None)
    if getattr(injected, "access_key_id", None):
        parts = [getattr(injected, name, None) for name in _IN_CONTEXT]
    else:
        parts = [environ.get(name) for name in _IN_ENVIRONMENT]
    key_id, secret, token = [part if isinstance(part, str) else "" for part in parts]
    return InjectedCredentials(key_id, secret, token)
