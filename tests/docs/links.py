"""Reads the links and headings of Markdown, as code hosts show them."""

import os
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.docs.tables import ROOT

_FENCED = re.compile(r"^ *(```+).*?^ *\1 *$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`[^`]*`")
_LINK = re.compile(r"\]\(\s*<?([^)\s>]+)>?[^)]*\)|(?:src|srcset|href)=\"([^\"]+)\"")
_DEFINITION = re.compile(r"^ {0,3}\[([^\]]+)\]:\s*(\S+)", re.MULTILINE)
_REFERENCE = re.compile(r"\]\[([^\]]*)\]")
_HEADING = re.compile(r"^#{1,6} +(.+?)(?: +#+)?$", re.MULTILINE)


def files(*suffixes: str) -> Iterator[Path]:
    """Yield the project's files with one of these suffixes; what was built or installed is not among them."""
    for folder, folders, names in os.walk(ROOT):
        folders[:] = sorted(name for name in folders if not name.startswith(".") or name in (".github", ".ci"))
        yield from (Path(folder, name) for name in sorted(names) if name.endswith(suffixes))


def links(page: Path) -> Iterator[str]:
    """Yield the target of each link and picture of a page."""
    text = _prose(page)
    for in_brackets, in_html in _LINK.findall(text):
        yield in_brackets or in_html
    yield from (target for _, target in _DEFINITION.findall(text))


def undefined_references(page: Path) -> set[str]:
    """Return the labels of links `[text][label]` that the page defines nowhere."""
    text = _prose(page)
    return set(_REFERENCE.findall(text)) - {label for label, _ in _DEFINITION.findall(text)}


@cache
def anchors(page: Path) -> frozenset[str]:
    """Return the anchors of a page's headings: `## Daily limit` has `daily-limit`, a second one `daily-limit-1`."""
    seen: Counter[str] = Counter()
    found = set()
    for heading in _HEADING.findall(_FENCED.sub("", page.read_text(encoding="utf-8"))):
        shown = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        anchor = re.sub(r"[^\w\- ]", "", shown.lower()).replace(" ", "-")
        found.add(f"{anchor}-{seen[anchor]}" if seen[anchor] else anchor)
        seen[anchor] += 1
    return frozenset(found)


def _prose(page: Path) -> str:
    return _CODE.sub("", _FENCED.sub("", page.read_text(encoding="utf-8")))
