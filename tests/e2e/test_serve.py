"""`fcapi serve` and `fcapi tick` as a user runs them: real processes, real ports, real signals."""

import json
import os
import pty
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from local.emulator.server import Emulator
from tests.clouds import Served
from tests.e2e.test_cli import FCAPI, ROOT, call, fcapi
from tests.handlers import NEVER_SHOWN, REQUEST

NAMES = ["http_trigger", "api_gateway", "invoke_api", "emulator", "cloud_native_gateway"]


@contextmanager
def started(log: Path, *arguments: str) -> Iterator[tuple[Served, "subprocess.Popen[str]"]]:
    """Run `fcapi serve`, its stderr in a file; what it wrote there may show no number and no credential."""
    command = [str(FCAPI), "serve", "--port", "0", "--json", *arguments]
    environ = {**os.environ, "PYTHONWARNINGS": "error"}
    with log.open("w") as errors:
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=errors, text=True, env=environ)
    with process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line, log.read_text()
            urls = json.loads(line)
            assert urls.pop("console") == urls["invoke_api"]
            yield Served(urls), process
        finally:
            process.terminate()
    assert not [secret for secret in NEVER_SHOWN if secret in log.read_text()]


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_every_endpoint_until_it_is_told_to_stop(tmp_path: Path, stop: signal.Signals) -> None:
    with started(tmp_path / "log") as (served, process):
        assert list(served.endpoints) == NAMES
        assert requests.post(served.endpoints["http_trigger"], json=REQUEST, timeout=30).status_code == 200
        for gateway in ("api_gateway", "cloud_native_gateway"):
            url = f"{served.endpoints[gateway]}/phone-verifications"
            assert requests.post(url, json=REQUEST, timeout=30).headers["Idempotency-Replayed"] == "true"
        texts = requests.get(f"{served.endpoints['emulator']}/_emulator/messages", timeout=30).json()["Messages"]
        assert len(texts) == 1
        assert served.see("state")["Endpoints"] == served.endpoints
        process.send_signal(stop)
        assert process.wait(timeout=20) == 0
    outcomes = [
        json.loads(line)["outcome"] for line in (tmp_path / "log").read_text().splitlines() if line.startswith("{")
    ]
    assert outcomes == ["sent", "duplicate", "duplicate"]


def test_a_signal_that_comes_at_once_ends_it_cleanly_too(tmp_path: Path) -> None:
    with started(tmp_path / "log") as (_, process):
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0
    assert (tmp_path / "log").read_text() == ""


def test_it_says_for_people_where_the_endpoints_are(tmp_path: Path) -> None:
    with (
        (tmp_path / "log").open("w") as log,
        subprocess.Popen(
            [FCAPI, "serve", "--port", "0"], cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True
        ) as process,
    ):
        assert process.stdout is not None
        *lines, last = [process.stdout.readline() for _ in [*NAMES, "console", "how to stop it"]]
        process.send_signal(signal.SIGINT)
    assert last == "Ctrl+C stops it.\n"
    for name, line in zip(["console", *NAMES], lines, strict=True):
        assert re.fullmatch(rf"{name.replace('_', ' ')}: http://127\.0\.0\.1:[0-9]+/\n", line)


def test_a_port_that_is_taken_is_said_to_be(emulator: Emulator) -> None:
    port = emulator.url.rpartition(":")[2]
    called = call("serve", "--port", port)
    assert called.exit_code == 1
    assert f"A port from {port} to" in called.stderr
    assert "Address already in use" in called.stderr


@pytest.mark.parametrize(
    ("arguments", "exit_code", "says"),
    [
        (["--schedule", "every day"], 2, "six fields from the second to the weekday"),
        (["--cut-idle"], 2, "add --freeze"),
        (["--package", str(ROOT / "README.md")], 1, "cannot be unpacked"),
        (["--package", "no-such.zip"], 2, "does not exist"),
        (["--retries", "9"], 2, "from 0 to 8"),
    ],
)
def test_a_wrong_call_is_told_what_is_wrong(arguments: list[str], exit_code: int, says: str) -> None:
    called = call("serve", "--port", "0", *arguments)
    assert (called.exit_code, called.stdout) == (exit_code, "")
    assert says in " ".join(called.stderr.split())


PROXIES = {
    **dict.fromkeys(("HTTP_PROXY", "http_proxy"), "http://127.0.0.1:1"),
    **dict.fromkeys(("ALL_PROXY", "all_proxy"), "socks5://127.0.0.1:1"),
    **dict.fromkeys(("NO_PROXY", "no_proxy"), ""),
}
"""Of an environment with proxies for all there is; nothing on this machine is reached through one."""


def test_tick_prints_what_the_timers_function_returned(tmp_path: Path) -> None:
    with started(tmp_path / "log") as (served, _):
        ran = fcapi("tick", "--url", served.endpoints["invoke_api"], environ=PROXIES)
        assert (ran.returncode, ran.stderr) == (0, b"")
        assert json.loads(ran.stdout)["Sent"] == 1
        served.spoil(1)
        failed = fcapi("tick", "--url", f"{served.endpoints['invoke_api']}/")
        assert failed.returncode == 1
        assert json.loads(failed.stdout)["errorType"]


@pytest.mark.usefixtures("traced_processes")
def test_tick_shows_a_terminal_how_many_numbers_were_tried(tmp_path: Path) -> None:
    with started(tmp_path / "log") as (served, _):
        ours, terminal = pty.openpty()
        command = [str(FCAPI), "tick", "--url", served.endpoints["invoke_api"]]
        ran = subprocess.run(command, stdout=subprocess.PIPE, stderr=terminal, check=True, timeout=60)
        os.close(terminal)
        shown = os.read(ours, 65536).decode()
        os.close(ours)
    assert json.loads(ran.stdout)["Sent"] == 1
    assert re.search(r"Sweeping.* 1\b", shown, re.DOTALL)


def test_tick_says_so_where_nothing_is_served(emulator: Emulator) -> None:
    called = call("tick", "--url", emulator.url)
    assert called.exit_code == 1
    assert f"No `fcapi serve` answers at {emulator.url}" in called.stderr


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with started(tmp_path_factory.mktemp("signed") / "log", "--signed") as (served, _):
        yield served


def documented_client() -> str:
    """Return the client of docs/http-api.md, which signs."""
    (code,) = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "http-api.md").read_text(), re.DOTALL)
    assert "ACS3-HMAC-SHA256" in code
    return str(code)


@pytest.mark.parametrize(
    ("secret", "token", "status"),
    [("local-secret", "", 200), ("local-secret", "local-token", 200), ("another", "", 403)],
)
def test_the_documented_client_gets_through_where_signatures_are_demanded(
    signed: Served, secret: str, token: str, status: int
) -> None:
    code = documented_client().replace("http://127.0.0.1:9000/", f"{signed.endpoints['http_trigger']}/")
    code = code.replace('"local-secret", ""', f'"{secret}", "{token}"')
    command = [sys.executable, "-W", "error", "-c", code]
    ran = subprocess.run(command, capture_output=True, check=True, text=True, timeout=60)
    assert ran.stdout.startswith(f"{status} ")


def test_an_unsigned_request_is_refused_where_signatures_are_demanded(signed: Served) -> None:
    unsigned = requests.post(signed.endpoints["http_trigger"], json=REQUEST, timeout=30)
    assert (unsigned.status_code, unsigned.json()["Code"]) == (400, "MissingRequiredHeader")
