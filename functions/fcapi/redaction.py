"""Makes numbers, e-mail addresses, keys and tokens unreadable before anything is logged.

`redact` is for text that may hold anything, `loggable_id` for ids that came from outside.
"""

import re

MASK = "****"

_DIGITS_LIKE_A_NUMBER = re.compile(r"\d(?:[\W_]*\d){6,}")
"""Seven digits or more, with whatever between them that is neither a letter nor a digit."""

# Compiled only when a trace is redacted, so that no cold start waits for them.
_ACCESS_KEY_ID = r"\b(?:LTAI|STS\.|TMP\.)[0-9A-Za-z._-]+"
_LONG_WORD = r"[0-9A-Za-z+=]{24,}"

_AT = r"\uff20|%(?:25){0,8}40|\\{1,16}(?:u0040|x40)|&(?:amp;){0,8}(?:#0{0,8}64|#[xX]0{0,8}40|commat);"
_QUOTE = r"\\{1,16}u0022|&(?:amp;){0,8}(?:#0{0,8}34|#[xX]0{0,8}22|quot);"
"""How an `@` and a double quote are written in URLs, JSON, Python and HTML, once or several times over."""

_QUOTED_LOCAL_PART = r'"(?:(?:[^"\\\n]|\\.){1,254}|[^"\n]{1,254})"(?=@)'
_WORD = r"""[^\s"'<>(){}\[\],;:=&|]+"""
_ADDRESS_IN_ID = r"[0-9A-Za-z._/*@#-]+@(?:[0-9A-Za-z-]+\.)+[A-Za-z][0-9A-Za-z-]+"

_ID = re.compile(r"[0-9A-Za-z._:/*@#-]{1,128}")

# Compiled only for an id with digits like those of a number. The shortest has 21 characters: no number is as long.
_HEX, _LETTER = "[0-9A-Fa-f]", "[0-9A-Za-z]"
_PLATFORM_ID = "|".join(
    (
        rf"1-{_HEX}{{8}}-(?:{_HEX}{{3,8}}-{_HEX}{{9,12}}|{_HEX}{{24}})",  # a request of Function Compute
        rf"{_HEX}{{24}}|{_HEX}{{32}}|{_HEX}{{34}}|{_HEX}{{56}}",  # a request or a message of SMQ and RocketMQ; a trace
        rf"{_HEX}{{16}}-{_HEX}{{1,4}}-{_HEX}{{8,12}}-{_HEX}{{6,10}}",  # a message of SMQ, in its older shape
        rf"{_LETTER}{{8,12}}(?:-{_LETTER}{{4}}){{3}}-{_LETTER}{{7,12}}(?:-{_LETTER}{{1,6}})?",  # a UUID; EventBridge
    )
)


def redact(text: str, secrets: tuple[str, ...] = ()) -> str:
    """Return `text` without the given secrets, and without what looks like an address, a key, a token or a number.

    It rather hides an id too many than shows a number: anything of seven digits or more keeps only its last two. Of a
    word with something before an `@`, however that is written, nothing is left.
    """
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, MASK)
    text = _mask_addresses(text)
    text = re.sub(_ACCESS_KEY_ID, MASK, text)
    text = re.sub(_LONG_WORD, _mask_unless_letters, text)
    return mask_digits(text)


def loggable_id(value: str) -> str:
    """Return an id from outside as it may be logged, masked where it may hold a number, an address or a key.

    What cannot be an id is `invalid`. An `@` is that of an address if a domain follows, which ends in letters after a
    dot: `group@topic` and `topic@0@17` are shown. An id in one of the platform's own shapes is logged as it is: by it a
    delivery is found again. Source: the vendor's pages of each service, and ids in its samples and in published logs.
    """
    if not _ID.fullmatch(value):
        return "invalid"
    masked = mask_digits(re.sub(_ACCESS_KEY_ID, MASK, value))
    if "@" in value and (without_address := re.sub(_ADDRESS_IN_ID, MASK, value)) != value:
        # Where the digits of a number may be on both sides of an address, neither is told apart.
        return without_address if masked == value else MASK
    return value if masked == value or _has_platform_shape(value) else masked


def mask_digits(text: str) -> str:
    """Return `text` with all but the last two characters hidden of what could be a number, however it is spelled."""
    return _DIGITS_LIKE_A_NUMBER.sub(lambda match: MASK + match.group()[-2:], text)


def _mask_addresses(text: str) -> str:
    # Each step takes a time that grows with the text's length alone: a word is looked at once, whatever is in it.
    text = re.sub(_QUOTE, '"', re.sub(_AT, "@", text))
    text = re.sub(_QUOTED_LOCAL_PART, MASK, text)
    return re.sub(_WORD, lambda word: MASK if word.group().find("@") > 0 else word.group(), text)


def _has_platform_shape(value: str) -> bool:
    whole = f"{value[:-4]}0000" if value.endswith("****") else value  # the vendor's samples hide the ends of ids so
    return re.fullmatch(_PLATFORM_ID, whole) is not None


def _mask_unless_letters(match: re.Match[str]) -> str:
    # A word of letters alone is a name in our code; keys, tokens and signatures have digits.
    return match.group() if match.group().isalpha() else MASK
