"""The packages, built once for all the tests that look into them."""

import os
from collections.abc import Iterator

import pytest

from local.package import PackageError
from local.package.interpreters import find_interpreter
from local.package.targets import TARGETS, Target
from tests.packages import Package, built_package

# A group goes to one worker, so no package is built twice.
EACH = [pytest.param(target, id=target.runtime, marks=pytest.mark.xdist_group(target.runtime)) for target in TARGETS]


@pytest.fixture(scope="session", params=EACH)
def package(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Package]:
    """Return the package of each target whose Python is installed."""
    target: Target = request.param
    try:
        interpreter = find_interpreter(target, os.environ)
    except PackageError:
        pytest.skip(f"Python {target.version} is not installed")
    with built_package(target, interpreter, tmp_path_factory.mktemp(target.runtime)) as package:
        yield package
