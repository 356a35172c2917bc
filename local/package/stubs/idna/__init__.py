"""Stub of idna, which is not in this package.

requests imports it for hosts that are written in other letters than ASCII. The functions call one host, whose name is
ASCII by their own check of the setting; the real one costs each cold start the tables of Unicode.
"""


class IDNAError(UnicodeError):
    """A host cannot be encoded."""


def encode(s: str, **_options: object) -> bytes:  # noqa: ARG001 -- idna's interface
    """Refuse to encode a host.

    Raises:
        IDNAError: always.

    """
    raise IDNAError("only hosts in ASCII can be called")
