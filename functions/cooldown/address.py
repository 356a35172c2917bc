"""`StoreAddress`: where a Redis or Tair is, and how to sign in there."""

from typing import NamedTuple


class StoreAddress(NamedTuple):
    """The parts of a store's URL.

    Attributes:
        host: a name or an IP address, without brackets.
        port: 1 to 65535.
        database: its number.
        username: of the store's user; empty is its default user.
        password: of that user; empty is none.
        tls: whether to connect over TLS; certificate and name are then verified.

    """

    host: str
    port: int = 6379
    database: int = 0
    username: str = ""
    password: str = ""
    tls: bool = False
