"""The packages, built once for all the tests that look into them, and the places where the cooldown keeps records."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from local.package import PackageError
from local.package.interpreters import find_interpreter
from local.package.targets import TARGETS, Target
from tests.handlers import Clock
from tests.packages import Package, built_package
from tests.store_proxy import StoreProxy, store_proxy
from tests.stores import store_settings, valkey

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


@pytest.fixture(scope="session")
def running_server() -> Iterator[Any]:
    with valkey() as running:
        yield running


@pytest.fixture
def server(running_server: Any) -> Any:
    """Return a Valkey server that is empty."""
    with Redis(port=running_server.port) as admin:
        admin.flushall()
    return running_server


@pytest.fixture
def store(server: Any) -> dict[str, str]:
    """Return the settings of a function with that server as its store."""
    return store_settings(server)


@pytest.fixture
def admin(server: Any) -> Iterator[Redis]:
    """Return a client of that server who may do all."""
    with Redis(port=server.port) as client:
        yield client


@pytest.fixture
def clock() -> Clock:
    """Return the time that functions live by."""
    return Clock()


@pytest.fixture
def proxy(server: Any, clock: Clock) -> Iterator[StoreProxy]:
    """Run a proxy in front of that server, whose time goes on as the functions' does."""
    began = clock.time
    with store_proxy(server) as running:
        running.ahead = lambda: clock.time - began
        yield running


@pytest.fixture(params=["memory", "store"])
def settings(request: pytest.FixtureRequest) -> dict[str, str]:
    """Return the settings of a function for each place where records are kept."""
    return {} if request.param == "memory" else store_settings(request.getfixturevalue("proxy"))
