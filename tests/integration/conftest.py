"""The packages, built once for all the tests that look into them."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest

from local.package import PackageError
from local.package.interpreters import find_interpreter
from local.package.targets import TARGETS, Target
from tests.packages import Package, built_package

# A group goes to one worker, so no package is built twice.
EACH = [pytest.param(target, id=target.runtime, marks=pytest.mark.xdist_group(target.runtime)) for target in TARGETS]


@pytest.fixture(scope="session")
def build_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Target, Path], Package]]:
    """Return a function that builds the package of a target; a second call returns the same package."""
    with ExitStack() as stack:

        @cache
        def build(target: Target, interpreter: Path) -> Package:
            folder = tmp_path_factory.mktemp(target.runtime)
            return stack.enter_context(built_package(target, interpreter, folder))

        yield build


@pytest.fixture(params=EACH)
def package(request: pytest.FixtureRequest, build_once: Callable[[Target, Path], Package]) -> Package:
    """Return the package of each target whose Python is installed."""
    target: Target = request.param
    try:
        interpreter = find_interpreter(target, os.environ)
    except PackageError:
        pytest.skip(f"Python {target.version} is not installed")
    return build_once(target, interpreter)
