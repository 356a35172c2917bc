"""`fcapi serve` as a development loop: settings checked, readable lines, reload on save, a debugger, a browser."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.clouds import Served
from tests.e2e.test_cli import FCAPI, ROOT, call
from tests.e2e.test_serve import started
from tests.handlers import NEVER_SHOWN, REQUEST
from tests.interpreters import untraced
from tests.probes import eventually

SERVICE = Path("functions", "phone_verification", "service.py")


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the project, to edit."""
    folder = tmp_path_factory.mktemp("project")
    for name in ("functions", "local", "events"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "template.yml", folder)
    return folder


@contextmanager
def serving_copy(
    folder: Path, log: Path, *arguments: str, environ: Mapping[str, str] | None = None
) -> Iterator[Served]:
    """Run `fcapi serve` of a copy of the project, its stderr in a file."""
    command = [sys.executable, "-c", "from local.commands.main import main; main()", "serve", "--port", "0", "--json"]
    with log.open("w") as errors:
        process = subprocess.Popen(
            [*command, *arguments],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env={**untraced(os.environ), "PYTHONPATH": f"{folder}:{folder / 'functions'}", **(environ or {})},
        )
    with process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line, log.read_text()
            yield Served(json.loads(line))
        finally:
            process.terminate()
    assert not [secret for secret in NEVER_SHOWN if secret in log.read_text()]


def post(served: Served) -> requests.Response:
    return requests.post(served.endpoints["http_trigger"], json=REQUEST, timeout=60)


@pytest.fixture(scope="module")
def reloading(copied: Path) -> Iterator[tuple[Served, Path]]:
    """Serve the copy; yield it, and its stderr."""
    log = copied / "log"
    with serving_copy(copied, log) as served:
        yield served, log


def test_what_is_saved_is_run_from_the_next_event_on_and_nothing_else_ends_an_instance(
    copied: Path, reloading: tuple[Served, Path]
) -> None:
    served, log = reloading
    source = (copied / SERVICE).read_text()
    broken = source.replace("def has_time(", "def has_time(:", 1)
    line = source[: source.index("def has_time(")].count("\n") + 1
    assert post(served).status_code == 200
    (copied / SERVICE).write_text(broken)
    assert post(served).status_code >= 400
    told = f"Syntax error in phone_verification/service.py, line {line}: "
    assert eventually(lambda: told in log.read_text())
    (copied / SERVICE).write_text(source.replace("def send(", "def send(  # changed\n", 1))
    assert [post(served).status_code for _ in range(2)] == [200, 200]
    instances = {each["Name"]: each["Instances"] for each in served.see("state")["Functions"]}
    assert instances["send_phone_verification"] == 1
    (copied / SERVICE).write_text(source)
    assert [post(served).status_code for _ in range(2)] == [200, 200]
    assert eventually(lambda: cold_starts(log)[-4:] == [True, False] * 2)


def cold_starts(log: Path) -> list[bool]:
    return [json.loads(line)["cold_start"] for line in log.read_text().splitlines() if line.startswith("{")]


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ("MAX_ATTEMPTS=9", "MAX_ATTEMPTS: must be less than or equal to 5."),
        ("SWEEP_COOLDOWN_SECONDS=soon", "SWEEP_COOLDOWN_SECONDS: must be a valid integer"),
        ("not a setting", "line 1: it must be NAME=VALUE."),
        ("\n# a comment\nLOG_LEVEL", "line 3: it must be NAME=VALUE."),
    ],
)
def test_a_bad_setting_ends_the_start(tmp_path: Path, setting: str, says: str) -> None:
    (tmp_path / "env").write_text(setting + "\n")
    called = call("serve", "--port", "0", "--env-file", str(tmp_path / "env"))
    assert (called.exit_code, called.stdout) == (1, "")
    assert says in called.stderr


@pytest.mark.usefixtures("traced_processes")
def test_a_misspelt_setting_is_named_and_the_files_settings_are_the_functions(tmp_path: Path) -> None:
    (tmp_path / "env").write_text("export HTTP_COOLDOWN_SECONDS='0'  # none\nHTP_COOLDOWN_SECONDS=0\nPAGER=less\n")
    with started(tmp_path / "log", "--env-file", str(tmp_path / "env")) as (served, _):
        assert ["Idempotency-Replayed" in post(served).headers for _ in range(2)] == [False, False]
    said = [line for line in (tmp_path / "log").read_text().splitlines() if "no setting" in line]
    assert said == ["HTP_COOLDOWN_SECONDS is no setting: did you mean HTTP_COOLDOWN_SECONDS?"]


def test_the_environment_comes_before_the_file(tmp_path: Path) -> None:
    (tmp_path / "env").write_text("MAX_ATTEMPTS=9\nHTTP_COOLDOWN_SECONDS=bad\n")
    called = call("serve", "--port", "0", "--env-file", str(tmp_path / "env"), environ={"MAX_ATTEMPTS": "2"})
    assert "HTTP_COOLDOWN_SECONDS: " in called.stderr


@pytest.mark.usefixtures("traced_processes")
def test_for_people_there_is_one_line_a_request(tmp_path: Path) -> None:
    with started(tmp_path / "log", "--log-format", "pretty") as (served, _):
        post(served)
        requests.post(served.endpoints["http_trigger"], json={**REQUEST, "ContactId": ""}, timeout=60)
        served.spoil(9)
        served.invoke({**REQUEST, "ContactId": "c-2"}, asynchronous=True)
        served.finish()
    sent, rejected, *failed = (tmp_path / "log").read_text().splitlines()
    assert re.fullmatch(r"\d\d:\d\d:\d\d sent        http     c-qL4HqKONzOM7abcd 86-139\*{4}1234 \d+ ms", sent), sent
    assert rejected.endswith("ms code=MissingParameter.ContactId reason=You must specify ContactId.")
    assert len(failed) == 2 * 3
    assert " failed      direct " in failed[0]
    assert " event failed code=EventFailed reason=1 of 1 deliveries not done: " in failed[1]


@pytest.mark.usefixtures("traced_processes")
def test_open_opens_the_console(tmp_path: Path) -> None:
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {tmp_path / "opened"}\n')
    browser.chmod(0o755)
    environ = {**os.environ, "BROWSER": f"{browser} %s"}
    command = [str(FCAPI), "serve", "--port", "0", "--open"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=environ) as process:
        assert process.stdout is not None
        console = process.stdout.readline().removeprefix("console: ")
        assert eventually(lambda: (tmp_path / "opened").exists() and (tmp_path / "opened").read_text() == console)
        process.terminate()


def test_a_breakpoint_is_passed_over_and_said_so_where_no_debugger_is(
    copied: Path, reloading: tuple[Served, Path]
) -> None:
    served, log = reloading
    with with_breakpoint(copied) as line:
        assert post(served).status_code == 200
        assert eventually(lambda: f"service.py:{line}: to stop there" in log.read_text())


def test_a_debugger_stops_at_a_breakpoint(copied: Path, tmp_path: Path) -> None:
    port = free_port()
    warnings = {"PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    with (
        with_breakpoint(copied) as line,
        serving_copy(copied, tmp_path / "log", "--debug", str(port), environ=warnings) as served,
    ):
        assert post(served).status_code == 200  # before anyone attaches
        with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
            debugger = Debugger(connection)
            debugger.attach()
            accepted = served.do("invoke", {"Function": "send_phone_verification", "Event": REQUEST, "Async": True})
            assert accepted.status_code == 202
            thread = debugger.wait_for("stopped")["threadId"]
            debugger.ask("stackTrace", threadId=thread)
            frame = debugger.answer_to("stackTrace")["stackFrames"][0]
            assert frame["source"]["path"].endswith("phone_verification/service.py")
            assert frame["line"] in (line, line + 1)
            debugger.ask("continue", threadId=thread)
            served.finish()
    assert [json.loads(text)["outcome"] for text in (tmp_path / "log").read_text().splitlines() if text[0] == "{"]


@pytest.mark.parametrize("option", [("--interpreter", sys.executable), ("--package", str(ROOT / "README.md"))])
def test_what_cannot_be_debugged_is_refused(option: tuple[str, str]) -> None:
    called = call("serve", "--port", "0", "--debug", "5678", *option)
    assert called.exit_code == 2
    assert "leave out --package and --interpreter" in " ".join(called.stderr.split())


@pytest.mark.parametrize("port", ["taken", "65535"])
def test_a_port_that_a_debugger_cannot_have_is_refused(port: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        taken = str(listener.getsockname()[1]) if port == "taken" else port
        called = call("serve", "--port", "0", "--debug", taken)
    assert (called.exit_code, called.stdout) == (1, "")
    assert "cannot be used by a debugger" in called.stderr


@contextmanager
def with_breakpoint(folder: Path) -> Iterator[int]:
    """Put a breakpoint at the begin of `send`; yield its line."""
    source = (folder / SERVICE).read_text()
    place = "        subject = subject_of("
    (folder / SERVICE).write_text(source.replace(place, f"        breakpoint()\n{place}", 1))
    yield source[: source.index(place)].count("\n") + 1
    (folder / SERVICE).write_text(source)


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


class Debugger:
    """An editor's side of the Debug Adapter Protocol, as far as one breakpoint needs it."""

    def __init__(self, connection: socket.socket) -> None:
        self._file = connection.makefile("rwb")
        self._sent = 0
        self._read: list[Any] = []

    def attach(self) -> None:
        self.ask("initialize", adapterID="test", linesStartAt1=True, pathFormat="path")
        self.answer_to("initialize")
        self.ask("attach", justMyCode=False)
        self.wait_for("initialized")
        self.ask("configurationDone")
        self.answer_to("configurationDone")

    def ask(self, command: str, **arguments: Any) -> None:
        self._sent += 1
        document = {"seq": self._sent, "type": "request", "command": command, "arguments": arguments}
        text = json.dumps(document).encode()
        self._file.write(b"Content-Length: %d\r\n\r\n%b" % (len(text), text))
        self._file.flush()

    def answer_to(self, command: str) -> Any:
        return self._next(lambda read: read["type"] == "response" and read["command"] == command)

    def wait_for(self, event: str) -> Any:
        return self._next(lambda read: read["type"] == "event" and read["event"] == event)

    def _next(self, is_it: Callable[[Any], bool]) -> Any:
        for kept in self._read:
            if is_it(kept):
                self._read.remove(kept)
                return kept.get("body")
        while True:
            length = int(self._file.readline().partition(b":")[2])
            self._file.readline()
            read = json.loads(self._file.read(length))
            if is_it(read):
                return read.get("body")
            self._read.append(read)
