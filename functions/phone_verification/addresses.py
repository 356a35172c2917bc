"""The addresses in the settings, parsed once into parts.

Every library that parses an accepted address again gets the same parts. A ValueError says what a value must be. It
never shows the value, which may hold a password.
"""

import re
import socket
from typing import NamedTuple
from urllib.parse import unquote

from cooldown.address import StoreAddress

MAX_PORT = 65535
REDIS_PORT = 6379

_LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
"""A part of a name between dots."""


class Host(NamedTuple):
    """A name in lower case, or an IP address without brackets; and the port, where one is given."""

    name: str
    port: int | None

    @property
    def is_loopback(self) -> bool:
        """Whether it is this machine."""
        is_ipv4 = _is_ip_address(socket.AF_INET, self.name)
        return self.name in ("localhost", "::1") or (is_ipv4 and self.name.startswith("127."))

    @property
    def authority(self) -> str:
        """Name and port as they are in a URL."""
        name = f"[{self.name}]" if ":" in self.name else self.name
        return name if self.port is None else f"{name}:{self.port}"


def endpoint_url(value: str) -> str:
    """Return scheme and authority of a host or URL; plain http is for loopback alone, since requests carry numbers.

    Raises:
        ValueError: it is neither.

    """
    scheme, separator, rest = value.partition("://")
    if not separator:
        scheme, rest = "https", value
    host = _host(rest.removesuffix("/"))
    if scheme not in ("http", "https") or host is None:
        raise ValueError("a host or an http(s) URL without a path")
    if scheme == "http" and not host.is_loopback:
        raise ValueError("an https URL: plain http is for loopback addresses only")
    return f"{scheme}://{host.authority}"


def store_address(url: str, *, plaintext: bool) -> StoreAddress:
    """Return the parts of a store's URL. One without TLS is for loopback, unless `plaintext` allows it everywhere.

    User and password are the text before the last `@`; a user needs a password. In both, `%` begins an encoded
    character, and every other printable ASCII character stands for itself. A query is refused: a client would take
    options from it, those of TLS included.

    Raises:
        ValueError: it is not such a URL.

    """
    scheme, _, rest = url.partition("://")
    user, _, place = rest.rpartition("@")
    where, _, database = place.partition("/")
    host, signs_in = _host(where), _user_and_password(user)
    is_database = re.fullmatch("[0-9]{0,4}", database)
    if scheme not in ("redis", "rediss") or host is None or signs_in is None or not is_database:
        raise ValueError("a URL like rediss://user:password@host:6379/0, with %25 for a % in the password")
    if scheme == "redis" and not (host.is_loopback or plaintext):
        raise ValueError("a rediss:// URL: redis:// is for loopback addresses, or with COOLDOWN_STORE_PLAINTEXT=true")
    return StoreAddress(host.name, host.port or REDIS_PORT, int(database or 0), *signs_in, tls=scheme == "rediss")


def _host(text: str) -> Host | None:
    match = re.fullmatch(r"(?:\[(?P<ipv6>[0-9a-f:.]+)\]|(?P<name>[0-9a-z.-]+))(?::(?P<port>[0-9]{1,5}))?", text.lower())
    if match is None or not text.isascii():
        return None
    port = None if match["port"] is None else int(match["port"])
    if port is not None and not 1 <= port <= MAX_PORT:
        return None
    if match["ipv6"] is not None:
        return Host(match["ipv6"], port) if _is_ip_address(socket.AF_INET6, match["ipv6"]) else None
    name = match["name"]
    # Resolvers read 127.1 and 0x7f.1 as addresses, so a host that ends in a number must be a dotted IPv4 address.
    ends_in_number = re.fullmatch(r"[0-9]+|0x[0-9a-f]*", name.rpartition(".")[2])
    if ends_in_number:
        return Host(name, port) if _is_ip_address(socket.AF_INET, name) else None
    return Host(name, port) if len(name) <= 253 and re.fullmatch(rf"{_LABEL}(?:\.{_LABEL})*", name) else None


def _is_ip_address(family: socket.AddressFamily, text: str) -> bool:
    try:
        socket.inet_pton(family, text)
    except OSError:
        return False
    return True


def _user_and_password(text: str) -> tuple[str, str] | None:
    if not re.fullmatch("(?:[!-$&-~]|%[0-9A-Fa-f]{2})*", text):
        return None
    username, _, password = text.partition(":")
    if username and not password:  # a store would refuse the user, at each call
        return None
    try:
        return unquote(username, errors="strict"), unquote(password, errors="strict")
    except UnicodeDecodeError:
        return None
