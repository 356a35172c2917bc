"""The template and its judges, read once."""

from pathlib import Path

import pytest

from local.template.subject import Judges, judges_of

PROJECT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def judges() -> Judges:
    """Return what the real template is judged by."""
    return judges_of(PROJECT)


@pytest.fixture(scope="session")
def text() -> str:
    """Return the real template."""
    return (PROJECT / "template.yml").read_text()
