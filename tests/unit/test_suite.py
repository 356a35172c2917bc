"""The suite itself."""

import os
import subprocess
import sys

import pytest

from tests.interpreters import untraced


@pytest.mark.xdist_group("suite")
def test_a_group_of_tests_is_kept_on_one_worker(request: pytest.FixtureRequest) -> None:
    """Expensive builds and servers are shared within a group; a plugin that ignores groups costs a minute."""
    grouped = getattr(request.config.option, "loadgroup", False)  # set on a worker by `--dist loadgroup`
    assert request.node.nodeid.endswith("@suite") is grouped


def test_settings_of_the_environment_reach_no_test() -> None:
    """Else those of a developer would fail tests, and be taken for what killed a mutant."""
    test = "tests/integration/test_sweep_channels.py::test_a_run_sends_by_both_channels_and_counts_each"
    environ = {**untraced(os.environ), "SWEEP_CHANNELS": "phone", "ALIBABA_CLOUD_ACCESS_KEY_ID": "another"}
    command = [sys.executable, "-m", "pytest", "--quiet", "--numprocesses", "0", "-p", "no:cacheprovider", test]
    ran = subprocess.run(command, env=environ, capture_output=True, text=True, encoding="utf-8", check=False)
    assert ran.returncode == 0, ran.stdout
