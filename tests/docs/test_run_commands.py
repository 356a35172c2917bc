"""The commands of the documents that need no account are run as they are written, by a shell."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.clouds import Served, serving
from tests.docs.tables import PAGES, ROOT
from tests.interpreters import untraced

PORTS = {  # as `make serve` has them
    9000: "http_trigger",
    9001: "api_gateway",
    9002: "invoke_api",
    9003: "emulator",
    9004: "cloud_native_gateway",
}
RUN_ELSEWHERE = (
    r"make |git |python3? |pre-commit |fcapi (serve|emulator|tick)\b|fcapi .*(--remote|STACK)|eval |\.venv/bin/"
)
"""Commands that install, serve, or need an account: the tests of each run it."""


class Example(NamedTuple):
    page: Path
    command: str
    shown: str
    """What the page shows below the command."""


def examples() -> Iterator[Example]:
    """Yield each command of a console, with its continued lines joined."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for block in re.findall(r"^ *```console\n(.*?)^ *```$", text, re.MULTILINE | re.DOTALL):
            for part in re.split(r"^ *\$ ", block.replace("\\\n", " "), flags=re.MULTILINE)[1:]:
                command, _, shown = part.partition("\n")
                yield Example(page, command, shown.strip())


EXAMPLES = list(examples())
CURLS = [example for example in EXAMPLES if example.command.startswith("curl ")]
OTHERS = [example for example in EXAMPLES if example not in CURLS and not re.match(RUN_ELSEWHERE, example.command)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder to run commands in, as if it were the project's root."""
    (tmp_path / "events").symlink_to(ROOT / "events")
    return tmp_path


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    """Serve the functions, with one dead letter."""
    with serving(retries=0) as served:
        served.invoke({"ContactId": "c-1", "PhoneNumber": "86-139****1234"}, asynchronous=True)
        served.finish()
        yield served


def started(command: str, folder: Path) -> "subprocess.Popen[str]":
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    shell = ["bash", "-e", "-o", "pipefail", "-c", command]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(shell, cwd=folder, env={**untraced(os.environ), "PATH": path}, text=True, **pipes)  # type: ignore[call-overload,no-any-return]


def test_the_commands_that_invoke_a_function_succeed(folder: Path) -> None:
    """They run side by side: each is a process of its own. One of them sends the text that the README shows."""
    (text,) = re.findall(r"^text to .*$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    found = []
    for example, process in [(example, started(example.command, folder)) for example in OTHERS]:
        with process:
            _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, (example, errors)
        found.append(text.removesuffix("…") in errors)
    assert any(found)


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")
@pytest.mark.parametrize("example", CURLS, ids=lambda example: f"{example.page.stem}: {example.command[:60]}")
def test_a_call_by_curl_is_answered_as_shown(served: Served, folder: Path, example: Example) -> None:
    command = re.sub(
        r"http://127\.0\.0\.1:(\d+)", lambda found: served.endpoints[PORTS[int(found[1])]], example.command
    )
    with started(command.replace("curl ", "curl --silent --show-error --fail ", 1), folder) as process:
        out, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    if example.shown:
        assert json.loads(out).keys() == json.loads(example.shown).keys()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_call_by_curl_needs_no_newer_one_than_ubuntu_22_04_has(page: Path) -> None:
    """That is curl 7.81; `--json` came with 7.82."""
    assert not re.search(r"curl\b[^\n`]*--json", page.read_text(encoding="utf-8"))
