"""`make demo` as a user runs it: a real process, with a terminal and without one."""

import os
import pty
import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest

from local.demo.days import demonstration
from local.demo.plot import HEIGHT, WIDTH, plot

ROOT = Path(__file__).parents[2]
DEMO = [sys.executable, "-m", "local.demo"]


def demo(*arguments: str, environ: Mapping[str, str] | None = None) -> str:
    """Run it to its end without a terminal, and return what it prints but for the seconds that it took."""
    ran = subprocess.run(
        [*DEMO, *arguments],
        cwd=ROOT,
        env={**os.environ, **(environ or {})},
        capture_output=True,
        check=True,
        timeout=60,
    )
    assert ran.stderr == b""
    return re.sub(r"[0-9.]+ seconds", "", ran.stdout.decode())


@pytest.fixture(scope="module")
def said() -> str:
    """Return what a small demonstration prints where there is no terminal."""
    return demo("--contacts", "40", "--days", "30", "--seed", "7")


def test_both_channels_are_swept_until_all_that_people_confirm_is_verified(said: str) -> None:
    stories = re.findall(r"(.+): (\d+) of (\d+) are verified, since day \d+ all .*; (\d+) are never confirmed", said)
    assert [(targets, int(total)) for targets, _, total, _ in stories] == [
        ("phone numbers", 20),
        ("e-mail addresses", 40),
    ]
    assert all(int(verified) + int(unwilling) == int(total) for _, verified, total, unwilling in stories)
    counts = re.findall(r"by (\d+) (\S+): (\d+) in a day, and (\d+) to one", said)
    assert [messages for _, messages, _, _ in counts] == ["texts", "e-mails"]
    for total, _, most_in_a_day, most_to_one in counts:
        assert int(total) > int(most_in_a_day) == 20
        assert int(most_to_one) == 3


def test_without_a_terminal_each_chart_is_printed_once_and_nothing_moves_the_cursor(said: str) -> None:
    assert said.count("of 20 not verified") == said.count("of 40 not verified") == 1
    assert "\x1b" not in said


def test_the_same_seed_tells_the_same_story_and_another_one_another() -> None:
    stories = []
    for seed in (7, 7, 8):
        with demonstration(20, Random(seed)) as shown:  # noqa: S311 -- no secret
            assert list(shown.run(8)) == [1, 2, 3, 4, 5, 6, 7, 8]
            stories.append((shown.phones.unverified, shown.emails.unverified))
    assert stories[0] == stories[1] != stories[2]


@pytest.mark.usefixtures("traced_processes")
def test_an_output_that_has_no_blocks_gets_other_characters() -> None:
    assert demo("--contacts", "4", "--days", "2", environ={"PYTHONIOENCODING": "ascii"}).isascii()


@pytest.mark.parametrize(
    ("terminal", "moves"), [({"TERM": "xterm"}, 3), ({"TERM": "dumb"}, 0), ({"TERM": "xterm", "COLUMNS": "40"}, 0)]
)
def test_in_a_terminal_the_charts_are_drawn_over_each_day(terminal: dict[str, str], moves: int) -> None:
    reader, writer = pty.openpty()
    arguments = ["--contacts", "4", "--days", "3"]
    environ = {**os.environ, "COLUMNS": "80", **terminal}
    with subprocess.Popen([*DEMO, *arguments], cwd=ROOT, env=environ, stdout=writer) as process:
        os.close(writer)
        said = b""
        with suppress(OSError):  # what the end of the other side is
            while part := os.read(reader, 65536):
                said += part
        assert process.wait(timeout=60) == 0
    os.close(reader)
    assert said.count(b"\x1b[15A") == said.count(b"\x1b") == moves


@pytest.mark.usefixtures("traced_processes")
def test_ctrl_c_ends_it_with_what_came_of_it_so_far() -> None:
    reader, writer = pty.openpty()
    environ = {**os.environ, "COLUMNS": "80", "TERM": "xterm"}
    command = [*DEMO, "--days", "700"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environ, stdout=writer, stderr=subprocess.PIPE, start_new_session=True
    ) as process:
        os.close(writer)
        said = b""
        with suppress(OSError):
            while part := os.read(reader, 65536):
                if b"\x1b" not in said and b"\x1b" in part:  # a day has passed
                    process.send_signal(signal.SIGINT)
                said += part
        _, errors = process.communicate(timeout=60)
    os.close(reader)
    assert (process.returncode, errors) == (130, b"")
    assert re.search(rb"phone numbers: \d+ of 150 are verified, not yet all", said)


@pytest.mark.parametrize(
    ("left", "days", "columns"),
    [([5], 60, "█"), ([5, 0], 1, "█ "), ([100, 1], 1, "█▁"), ([0, 0], 1, "  "), ([4, 2, 1], 2, "███")],
)
def test_a_chart_has_a_column_for_each_day_so_far(left: list[int], days: int, columns: str) -> None:
    title, *rows = plot("phones", left, days)
    assert title == f"phones: {left[-1]} of {left[0]} not verified".replace(": 1 of 100", ":   1 of 100")
    assert len(rows) == HEIGHT
    assert rows[-1] == f"       0 │{columns}"


def test_many_days_share_columns() -> None:
    _, *rows = plot("phones", [*range(700, 0, -1), 0], 700)
    assert {len(row) for row in rows} == {WIDTH + 10}
    assert rows[-1].endswith("▁▁ ")
