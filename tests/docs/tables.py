"""Reads the tables of the documents."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.glob("*.md")])


def rows(page: Path, first_column: str) -> list[list[str]]:
    """Return the rows of the one table whose first column has this head, each as its cells."""
    (table,) = (table for table in tables(page) if table[0][0] == first_column)
    return table[1:]


def names_in(cell: str) -> list[str]:
    """Return everything in a cell that is set as code."""
    return re.findall(r"`([^`]+)`", cell)


def tables(page: Path) -> Iterator[list[list[str]]]:
    """Yield each table: its head, then its rows."""
    for block in re.findall(r"(?:^\|.*\|$\n?)+", page.read_text(encoding="utf-8"), re.MULTILINE):
        lines = [re.split(r"(?<!\\)\|", line.strip("|")) for line in block.splitlines()]
        cells = [[cell.strip() for cell in line] for line in lines]
        yield [cells[0], *cells[2:]]
