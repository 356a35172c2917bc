"""Makes numbers, keys and tokens unreadable before anything is logged.

`redact` is for text that may hold anything, `loggable_id` for ids that came from outside.
"""

import re

MASK = "****"

_DIGITS_LIKE_A_NUMBER = re.compile(r"\d(?:[\s().-]{0,2}\d){6,}")
# Compiled only when a trace is redacted, so that no cold start waits for them.
_ACCESS_KEY_ID = r"\b(?:LTAI|STS\.|TMP\.)[0-9A-Za-z._-]+"
_LONG_WORD = r"[0-9A-Za-z+=]{24,}"

_ID = re.compile(r"[0-9A-Za-z._:/*@#-]{1,128}")
_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}|[0-9A-Fa-f]{32}")


def redact(text: str, secrets: tuple[str, ...] = ()) -> str:
    """Return `text` without the given secrets, and without what looks like a key, a token or a phone number.

    It rather hides an id too many than shows a number: anything of seven digits or more keeps only its last two.
    """
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, MASK)
    text = re.sub(_ACCESS_KEY_ID, MASK, text)
    text = re.sub(_LONG_WORD, _mask_unless_letters, text)
    return _mask_digits(text)


def loggable_id(value: str) -> str:
    """Return an id from outside as it may be logged: itself, masked where a number could hide in it, or `invalid`."""
    if _UUID.fullmatch(value):
        return value
    return _mask_digits(value) if _ID.fullmatch(value) else "invalid"


def _mask_unless_letters(match: re.Match[str]) -> str:
    # A word of letters alone is a name in our code; keys, tokens and signatures have digits.
    return match.group() if match.group().isalpha() else MASK


def _mask_digits(text: str) -> str:
    return _DIGITS_LIKE_A_NUMBER.sub(lambda match: MASK + match.group()[-2:], text)
