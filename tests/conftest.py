"""Fixtures for every test."""

import os
from collections.abc import Iterator

import pytest

from local.resource_directory.server import Emulator
from tests.handlers import LocalFunction


@pytest.fixture(autouse=True)
def restored_environment() -> Iterator[None]:
    """Leave the process's environment as it was before the test."""
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """Run an emulator of the China site, on a free port."""
    with Emulator() as running:
        yield running


@pytest.fixture
def function(emulator: Emulator) -> LocalFunction:
    """Return function 1 with that emulator as its API."""
    return LocalFunction(emulator.url)
