"""The Chinese pages have the headings, commands, tables and links of the English ones. If one fails, change both."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.links import links
from tests.docs.tables import DOCS, ROOT, names_in, tables

SUFFIX = ".zh-CN.md"
PAIRS = [
    (page.with_name(page.name.replace(SUFFIX, ".md")), page)
    for page in [*ROOT.glob(f"*{SUFFIX}"), *DOCS.glob(f"*{SUFFIX}")]
]
TRANSLATED = {english.name for english, _ in PAIRS}
EACH = pytest.mark.parametrize(("english", "chinese"), PAIRS, ids=lambda page: page.name)


def headings(page: Path) -> list[str]:
    """Return the levels of the headings, as their signs."""
    return re.findall(
        r"^(#+) ", re.sub(r"^ *```.*?^ *```$", "", text_of(page), flags=re.MULTILINE | re.DOTALL), re.MULTILINE
    )


def blocks(page: Path) -> Iterator[list[str]]:
    """Yield the lines of each code block without their comments; pictures are left out, since they have words."""
    for language, block in re.findall(r"^ *```(\w*)\n(.*?)^ *```$", text_of(page), re.MULTILINE | re.DOTALL):
        if language != "mermaid":
            yield [line.partition(" # ")[0].rstrip() for line in block.splitlines()]


def cells(page: Path) -> list[list[list[str]]]:
    """Return what is set as code in each cell of each table, as a table; and the figures of a cell that has no code."""
    return [
        [[*names_in(cell), *re.findall(r"^[\d.,]+$", cell)] for cell in row] for table in tables(page) for row in table
    ]


def targets(page: Path) -> Counter[str]:
    """Count the links by their target: that of the translation counts as the page, without the heading."""
    found = (link.replace(SUFFIX, ".md") for link in links(page))
    return Counter(
        link.replace("/help/zh/", "/help/en/") if link.startswith("https:") else link.partition("#")[0]
        for link in found
    )


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def test_readme_runbook_and_deployment_are_translated() -> None:
    assert {"README.md", "runbook.md", "deploy.md"} <= TRANSLATED


@EACH
def test_the_headings_are_the_same(english: Path, chinese: Path) -> None:
    assert headings(chinese) == headings(english)


@EACH
def test_the_commands_and_examples_are_the_same(english: Path, chinese: Path) -> None:
    assert list(blocks(chinese)) == list(blocks(english))


@EACH
def test_the_tables_have_the_same_names_and_figures(english: Path, chinese: Path) -> None:
    assert cells(chinese) == cells(english)


@EACH
def test_the_names_in_the_text_are_the_same(english: Path, chinese: Path) -> None:
    """In any order: the two languages put them in another."""
    inline = [
        Counter(re.sub(r"\s+", " ", name) for name in re.findall(r"(?<!`)`([^`]+)`(?!`)", text_of(page)))
        for page in (english, chinese)
    ]
    assert set(inline[1]) == set(inline[0])


@EACH
def test_the_links_are_the_same(english: Path, chinese: Path) -> None:
    """A link to a translated page leads to the translation, and each page begins with a link to the other."""
    assert targets(chinese) == targets(english)
    for link in links(chinese):
        name = link.partition("#")[0].rpartition("/")[2]
        assert name not in TRANSLATED or link == english.name


@EACH
def test_emphasis_ends_before_punctuation(english: Path, chinese: Path) -> None:  # noqa: ARG001 -- of the Chinese alone
    """Markdown shows the stars otherwise: what ends emphasis may not stand between punctuation and a character."""
    text = re.sub(r"`[^`]*`", "x", re.sub(r"^ *```.*?^ *```$", "", text_of(chinese), flags=re.MULTILINE | re.DOTALL))
    assert not re.findall(r"(\*{1,2})(?=\S)([^*\n]*[^\w\s*])\1(?=\w)", text)
