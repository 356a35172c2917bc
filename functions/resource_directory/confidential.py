"""Tells whether a text of an answer shows a part of what a request was made with.

Codes and request ids are passed on, to callers and into the log. A gateway that echoes the request in one of them must
not have the function pass on the number or the address that it sends to, or the credentials that it signs with.
"""

import re
from binascii import a2b_base64
from collections.abc import Iterator

from resource_directory.acs3 import Credentials

PART_OF_A_NUMBER = 7
"""So many digits in a row are a part of a number. Seven come up by chance in one of a million request ids, six in one
of a hundred thousand, and an answer that is taken for such a part by mistake fails a text that went out."""

PART_OF_A_CREDENTIAL = 8
"""So many characters in a row are a part of a credential, or of what is before the `@` of an address."""

SHORTEST_PART = 5
"""Nothing shorter is looked for, though a number or a test's credential may have no longer part."""

_NOT_PLAIN = re.compile(r"[^0-9a-z]")
_HEXADECIMAL = re.compile(r"[0-9a-f]{10,}")
_URL_SAFE = str.maketrans("-_", "+/")


class Confidential:
    """The credentials of a request, and its phone number or e-mail address, or an empty text."""

    def __init__(self, credentials: Credentials, target: str) -> None:
        self._credentials = credentials
        self._target = target

    def shows_in(self, text: str, *, published: str = "") -> bool:
        """Tell whether `text` has a part of one, in any case, with separators or none, in hexadecimal or base64.

        `published` is the beginning of the text: a part within it does not count, one that reaches beyond it does.
        """
        if text == published or len(text) < SHORTEST_PART:  # what it decodes to is shorter still
            return False
        secrets = list(self._secrets())
        plain, *decoded = map(_letters_and_digits, _readings(text))
        readings = [(plain, len(_letters_and_digits(published))), *((reading, 0) for reading in decoded)]
        return any(
            reading[start : start + length] in secret
            for reading, known in readings
            for secret, length in secrets
            for start in range(max(known - length + 1, 0), len(reading) - length + 1)
        )

    def _secrets(self) -> Iterator[tuple[str, int]]:
        """Yield each in lower-case letters and digits, with the length of a part of it."""
        local_part, at, _ = self._target.rpartition("@")
        _, _, subscriber = self._target.partition("-")
        credentials = self._credentials
        parts = [
            # The domain alone is no secret, and shows in the log; with a short name before it, the whole is.
            (self._target, len(self._target) if at else min(PART_OF_A_NUMBER, len(subscriber))),
            (local_part, PART_OF_A_CREDENTIAL),
            (credentials.access_key_id, PART_OF_A_CREDENTIAL),
            (credentials.access_key_secret, PART_OF_A_CREDENTIAL),
            (credentials.security_token or "", PART_OF_A_CREDENTIAL),
        ]
        for secret, part in parts:
            plain = _letters_and_digits(secret)
            yield plain, max(min(part, len(plain)), SHORTEST_PART)


def _readings(text: str) -> Iterator[str]:
    """Yield a text, and what it decodes to, wherever in it the encoded part begins."""
    yield text
    for digits in _HEXADECIMAL.findall(_letters_and_digits(text)):
        for start in range(2):
            yield bytes.fromhex(digits[start : len(digits) - (len(digits) - start) % 2]).decode("latin-1")
    for characters in (text.translate(_URL_SAFE), re.sub(r"[^0-9A-Za-z]", "", text)):
        for start in range(4):
            encoded = re.sub(r"[^0-9A-Za-z+/]", "", characters)[start:]
            yield a2b_base64(encoded + "A" * (-len(encoded) % 4)).decode("latin-1")


def _letters_and_digits(text: str) -> str:
    return _NOT_PLAIN.sub("", text.lower())
