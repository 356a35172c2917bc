"""The suite itself."""

import pytest


@pytest.mark.xdist_group("suite")
def test_a_group_of_tests_is_kept_on_one_worker(request: pytest.FixtureRequest) -> None:
    """Expensive builds and servers are shared within a group; a plugin that ignores groups costs a minute."""
    grouped = getattr(request.config.option, "loadgroup", False)  # set on a worker by `--dist loadgroup`
    assert request.node.nodeid.endswith("@suite") is grouped
