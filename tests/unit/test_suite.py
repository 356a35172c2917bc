"""The suite itself."""

import os

import pytest


@pytest.mark.xdist_group("suite")
def test_a_group_of_tests_is_kept_on_one_worker(request: pytest.FixtureRequest) -> None:
    """Expensive builds and servers are shared within a group; a plugin that ignores groups costs a minute."""
    on_workers = "PYTEST_XDIST_WORKER" in os.environ
    assert request.node.nodeid.endswith("@suite") is on_workers
