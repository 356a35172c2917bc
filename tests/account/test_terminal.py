"""`make deploy` at a terminal: it asks, and Ctrl+C is clean."""

import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from tests.account.conftest import ROOT, Project
from tests.account.stub_cloud import StubCloud

pytestmark = [pytest.mark.xdist_group("account")]


@contextmanager
def at_a_terminal(project: Project, **variables: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Run `make deploy`'s command with a terminal of its own; yield it and the terminal."""
    terminal, its_other_end = pty.openpty()
    command = [sys.executable, "-W", "ignore", "-m", "local.account.deploy", "--look-every", "0.05"]
    command += ["--template", str(project.template)]
    environ = {**os.environ, "TERM": "xterm", **project.environ, "YES": "", **variables}
    with subprocess.Popen(
        command, cwd=ROOT, env=environ, stdin=its_other_end, stdout=its_other_end, stderr=its_other_end
    ) as process:
        os.close(its_other_end)
        try:
            yield process, terminal
        finally:
            process.kill()
            os.close(terminal)


def read_until(terminal: int, text: str) -> str:
    """Return what is shown until it has a text, or until there is no more."""
    shown, give_up_at = b"", time.monotonic() + 30
    with suppress(OSError):  # the other end is closed
        while text.encode() not in shown and time.monotonic() < give_up_at:
            shown += os.read(terminal, 65536)
    return shown.decode()


def test_it_asks_and_takes_no_for_an_answer(project: Project, cloud: StubCloud) -> None:
    with at_a_terminal(project) as (process, terminal):
        assert "Deploy into account 1234567890123456, region cn-hangzhou? [y/N]" in read_until(terminal, "[y/N]")
        os.write(terminal, b"n\n")
        assert "Nothing was changed." in read_until(terminal, "Nothing was changed.")
        assert process.wait(timeout=20) == 1
    assert "PutObject" not in cloud.calls


@pytest.mark.usefixtures("traced_processes")
def test_ctrl_c_while_the_stack_is_at_work_says_that_it_goes_on_and_how_to_look(
    project: Project, cloud: StubCloud
) -> None:
    cloud.ros.looks = 100_000
    with at_a_terminal(project) as (process, terminal):
        read_until(terminal, "[y/N]")
        os.write(terminal, b"y\n")
        assert "Resources" in read_until(terminal, "Resources  [")  # the bar
        process.send_signal(signal.SIGINT)
        shown = read_until(terminal, "stacks/id-1")
        assert process.wait(timeout=20) == 1
    assert "No longer looking; the stack goes on." in shown
    assert "run make deploy as before" in shown
    assert "Traceback" not in shown
    assert cloud.ros.stacks[0].status == "CREATE_IN_PROGRESS"
