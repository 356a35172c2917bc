"""Changes of a regular expression."""

import re
from collections.abc import Iterator

_TOKEN = re.compile(
    r"""
    (?P<escape> \\. )
  | (?P<set> \[\^?\]?(?: \\. | [^\]\\] )*\] )
  | (?P<group> \((?: \?(?: [:=!] | <[=!] | P<\w+> ) )? )
  | (?P<quantifier> [+*?] | \{[0-9]*,?[0-9]*\} )
  | (?P<anchor> [\^$] )
  | (?P<other> . )
    """,
    re.VERBOSE | re.DOTALL,
)
_FLIPPED = {
    "+": "*",
    "*": "+",
    "?": "",
    "(?=": "(?!",
    "(?!": "(?=",
    "\\d": "\\D",
    "\\w": "\\W",
    "\\W": "\\w",
    "\\Z": "",
}
_CHARACTER = r"(?:\\x[0-9a-f]{2}|\\.|[^\\])"
_MEMBER = re.compile(f"{_CHARACTER}(?:-{_CHARACTER})?", re.DOTALL)


def changes_of(pattern: str) -> Iterator[tuple[int, int, str]]:
    """Yield changes of a pattern: the start and the end of what is replaced, and what is put there."""
    for token in _TOKEN.finditer(pattern):
        text, start, end = token.group(), token.start(), token.end()
        if text in _FLIPPED:
            yield start, end, _FLIPPED[text]
        elif token.lastgroup == "anchor":
            yield start, end, ""
        elif token.lastgroup == "quantifier":
            yield from ((start, end, changed) for changed in _counts(text))
        elif token.lastgroup == "set":
            yield from _sets(text, start)


def _counts(quantifier: str) -> Iterator[str]:
    """Yield the quantifier with each of its numbers one lower and one higher."""
    for number in re.finditer("[0-9]+", quantifier):
        for changed in (int(number.group()) - 1, int(number.group()) + 1):
            if changed >= 0:
                yield f"{quantifier[: number.start()]}{changed}{quantifier[number.end() :]}"


def _sets(text: str, start: int) -> Iterator[tuple[int, int, str]]:
    """Yield the set inverted, and without each of its members."""
    opening = 2 if text.startswith("[^") else 1
    yield start, start + opening, "[" if opening == 2 else "[^"
    members = list(_MEMBER.finditer(text[opening:-1]))
    if len(members) > 1:
        for member in members:
            yield start + opening + member.start(), start + opening + member.end(), ""
