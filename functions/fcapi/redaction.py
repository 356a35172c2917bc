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

# How an `@` and a double quote are written in what is logged, once or several times over. A search takes a time that
# grows with the text's length alone: no prefix that may be repeated is tried from its middle.
_ESCAPE = r"(?:(?<!\\)\\+|%(?:25)*5[cC])"
_AND = rf"(?:(?:&|{_ESCAPE}[uU]0026)(?:amp;)*)"
_HASH = r"(?:#|%(?:25)*23)"
_NEXT_BYTE = r"(?:\\+x|%(?:25)*|=)"
_AT = "|".join(
    (
        r"[\ufe6b\uff20]",  # small, and of full width
        rf"(?:%|{_ESCAPE}[uUxX]0*25|{_HASH}0*37;?)(?:25)*40",  # in a URL
        rf"{_ESCAPE}(?:[uUxX]\{{?0*40\}}?|0*100|0*40|(?i:n\{{[a-z ]*commercial at\}}))",  # in JSON, Python, CSS, LDAP
        rf"{_ESCAPE}?[uU]\+?0*(?:0040|[fF]{{2}}20|[fF][eE]6[bB])",
        rf"{_AND}?(?:{_HASH}(?:0*(?:64|65312|65131)|[xX]0*(?:40|[fF]{{2}}20|[fF][eE]6[bB]))|(?i:commat));?",  # in HTML
        rf"(?:{_ESCAPE}x)?[eE][fF]{_NEXT_BYTE}[bB](?:[cC]{_NEXT_BYTE}[aA]0|9{_NEXT_BYTE}[aA][bB])",  # byte by byte
        # In a mail, but only before a domain: any number may be 40.
        r"(?:=|%(?:25)*3[dD])(?:3[dD])*40(?=[^\W\d_]{3}|[\w-]+\.[\w.-]*[^\W\d_]{2}|\[|\d+(?:\.\d+){3})",
        r"\+(?i:aea)-?",  # in UTF-7
    )
)
_QUOTE = "|".join(
    (
        rf'"|%(?:25)*22|{_ESCAPE}(?:[uUxX]\{{?0*22\}}?|0*42|0*22)',
        rf"{_AND}?(?:{_HASH}(?:0*34|[xX]0*22)|(?i:quot));?",
    )
)

_BLANK = r" \t\n\r\f\v"
_BEHIND_A_WORD = rf"(?<=[^{_BLANK}])"
_DOMAIN = r"(?:[\w-]+\.\w|\[)"

_ADDRESS_IN_ID = r"[^:]+@[^:]*\.[^:]*"

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

    It rather hides an id too many than shows a number: anything of seven digits or more keeps only its last two. Of all
    between two blanks nothing is left where something is before an `@`, however that is written. `@property`, `a @ b`
    and `key=value` stay.
    """
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, MASK)
    text = mask_addresses(text)
    text = re.sub(_ACCESS_KEY_ID, MASK, text)
    text = re.sub(_LONG_WORD, _mask_unless_letters, text)
    return mask_digits(text)


def loggable_id(value: str) -> str:
    """Return an id from outside as it may be logged, masked where it may hold a number, an address or a key.

    What cannot be an id is `invalid`. Of the parts between colons, one with a dot behind an `@` that is not its first
    character could be an address and is hidden, as `zhang@192.168.1.10` and `group@my.topic` are. What has no dot there
    is shown, as `group@topic`, `my.topic@0@17` and `@example.com` are, and so is an address without one:
    `zhang@localhost`. An id in one of the platform's own shapes, none of which has an `@`, is logged as it is: by it a
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


def mask_addresses(text: str) -> str:
    """Return `text` without all between two blanks that has something before an `@`, however that is written."""
    # The first group is for speed alone: a character that begins no spelling is passed over at once.
    text = re.sub(rf"(?=[%\\&#uUcCeE=+\ufe6b\uff20]){_BEHIND_A_WORD}(?:{_AT})", "@", text)
    # There may be blanks about an `@`, but `a @ b` is an operator.
    text = re.sub(rf"{_BEHIND_A_WORD}(?:@[{_BLANK}]+(?=[^{_BLANK}])|[ \t]+@[ \t]*(?={_DOMAIN}))", "@", text)
    text = "\n".join(map(_mask_quoted_local_parts, text.split("\n")))
    return re.sub(rf"[^{_BLANK}]+", lambda word: MASK if "@" in word.group()[1:] else word.group(), text)


def _mask_quoted_local_parts(line: str) -> str:
    """Return a line without what is from its first quote to the last one before an `@`: anything may be within.

    A comment, in parentheses, counts as quoted.
    """
    if "@" not in line:
        return line
    quote = rf'(?=["%\\&#uUqQ()])(?:{_QUOTE}|[()])'
    ends = [match.end() for match in re.finditer(rf"{quote}(?=@)", line)]
    first = re.search(quote, line) if ends else None
    return f"{line[: first.start()]}{MASK}{line[ends[-1] :]}" if first else line


def _has_platform_shape(value: str) -> bool:
    whole = f"{value[:-4]}0000" if value.endswith("****") else value  # the vendor's samples hide the ends of ids so
    return re.fullmatch(_PLATFORM_ID, whole) is not None


def _mask_unless_letters(match: re.Match[str]) -> str:
    # A word of letters alone is a name in our code; keys, tokens and signatures have digits.
    return match.group() if match.group().isalpha() else MASK
