"""Every link leads to a file and to a heading in it: in Markdown, and where code or the template names a page."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.docs.links import anchors, files, links, undefined_references
from tests.docs.tables import DOCS, ROOT

MARKDOWN = list(files(".md"))
NAMING = list(files(".css", ".html", ".js", ".md", ".py", ".toml", ".yaml", ".yml", "Makefile", "run"))
"""Files that may name a page in a comment or a message."""

NAMED = re.compile(r"(?<![\w/])(docs/[\w.-]+\.md|(?:README|SECURITY|CONTRIBUTING|CHANGELOG)[\w.-]*\.md)(?:#([\w-]+))?")

FILE = re.compile(r"`((?:benchmarks|docs|events|functions|local|requirements|tests)/[\w./-]+)`")
"""A file or folder of the project that is set as code; the name may be NAME, for a new one."""


def of_each(paths: list[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("page", paths, ids=lambda path: str(path.relative_to(ROOT)))


@of_each(MARKDOWN)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    for link in links(page):
        if re.match(r"https://[\w.-]+/|mailto:", link):
            continue  # what lies outside is not asked for
        path, _, anchor = unquote(link).partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert ROOT in target.parents, link
        assert not anchor or anchor in anchors(target), link


@of_each(MARKDOWN)
def test_every_reference_of_a_page_is_defined(page: Path) -> None:
    assert not undefined_references(page)


def test_every_page_that_code_names_exists_with_its_heading() -> None:
    for path in NAMING:
        for page, anchor in NAMED.findall(path.read_text(encoding="utf-8")):
            where = f"{path.relative_to(ROOT)} names {page}#{anchor}"
            assert (ROOT / page).is_file(), where
            assert not anchor or anchor in anchors(ROOT / page), where


@of_each([*ROOT.glob("*.md"), *DOCS.glob("*.md")])
def test_every_file_that_a_page_names_exists(page: Path) -> None:
    for name in FILE.findall(page.read_text(encoding="utf-8")):
        assert "NAME" in name or (ROOT / name).exists(), name


def test_every_page_is_reached_from_the_readme() -> None:
    reached, to_read = set[Path](), [ROOT / "README.md"]
    for page in to_read:
        reached.add(page)
        targets = {(page.parent / unquote(link).partition("#")[0]).resolve() for link in links(page)}
        to_read += sorted(target for target in targets & {*MARKDOWN} if target not in to_read)
    assert {*DOCS.glob("*.md"), *ROOT.glob("*.md")} <= reached
