"""Which modules an invocation loads: what it does not use, it must not make a cold start wait for."""

import json
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import pytest

from local.emulator.server import KEY_PAIR, Emulator
from tests.handlers import http_event

ROOT = Path(__file__).parents[2]
FUNCTIONS = ROOT / "functions"
DRIVER = Path(__file__).with_name("modules_driver.py")

EVENTS: dict[str, object] = {
    "send_phone_verification": http_event(),
    "resend_pending_verifications": {"triggerTime": "2026-11-23T06:00:00Z", "triggerName": "daily", "payload": ""},
}
OURS = {path.stem for path in FUNCTIONS.iterdir() if not path.name.startswith("__")}
THIRD_PARTY = {
    *("annotated_types", "certifi", "charset_normalizer", "idna", "pydantic", "pydantic_core", "requests"),
    *("typing_extensions", "typing_inspection", "urllib3"),
}
"""What pydantic and requests are made of; a Redis client, a vendor's SDK, and all else are not."""

STANDARD_BUT_HEAVY = {
    *(
        "asyncio",
        "concurrent",
        "ctypes",
        "curses",
        "dbm",
        "distutils",
        "doctest",
        "ensurepip",
        "lib2to3",
        "logging.config",
    ),
    *("logging.handlers", "multiprocessing", "pdb", "pkg_resources", "pydoc", "smtplib", "sqlite3", "subprocess"),
    *("tkinter", "unittest", "venv", "wsgiref", "xml", "xmlrpc"),
}
"""Modules of the standard library that nothing here has any use for."""

NOT_USED: Mapping[str, set[str]] = {
    "send_phone_verification": {
        "cooldown.redis_store",
        "phone_verification.sweep.listing",
        "phone_verification.sweep.run",
        "resend_pending_verifications",
    },
    "resend_pending_verifications": {"cooldown.redis_store", "send_phone_verification"},
}
TRIGGERS_USED: Mapping[str, set[str]] = {
    "send_phone_verification": {"http"},
    "resend_pending_verifications": {"timer"},
}


def loaded_by(function: str, functions: Path, event: Path, emulator: Emulator) -> dict[str, list[str]]:
    """Return every module that one invocation loads in a fresh process, with the imports that led to it."""
    event.write_text(json.dumps(EVENTS[function]))
    path = json.dumps([str(functions), *{sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}])
    ran = subprocess.run(
        [sys.executable, "-I", "-S", DRIVER, path, function, event, json.dumps(asdict(KEY_PAIR))],
        capture_output=True,
        check=True,
        text=True,
        env={"RESOURCE_DIRECTORY_ENDPOINT": emulator.url},
    )
    loaded: dict[str, list[str]] = json.loads(ran.stdout.splitlines()[-1])
    return loaded


def forbidden(function: str, loaded: Mapping[str, list[str]]) -> list[str]:
    """Return a line for each module that should not have been loaded: its name, and the imports that led to it."""
    lines = []
    for name, chain in loaded.items():
        if why := _why_forbidden(function, name):
            lines.append(f"{name} ({why}): {' -> '.join(chain)}")
    return lines


def _why_forbidden(function: str, name: str) -> str | None:
    top = name.partition(".")[0]
    if name in NOT_USED[function]:
        return "not used by this function"
    if name.startswith("fcapi.events.triggers.") and name.rpartition(".")[2] not in TRIGGERS_USED[function]:
        return "not the trigger of this event"
    if any(_is_within(name, heavy) for heavy in STANDARD_BUT_HEAVY):
        return "of no use here"
    if top not in sys.stdlib_module_names | OURS | THIRD_PARTY and not top.startswith("_sysconfigdata"):
        return "not among what is deployed for this"
    return None


def _is_within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


@pytest.mark.parametrize("function", EVENTS)
def test_an_invocation_loads_no_module_that_it_does_not_use(function: str, emulator: Emulator, tmp_path: Path) -> None:
    loaded = loaded_by(function, FUNCTIONS, tmp_path / "event.json", emulator)
    assert {function, "pydantic", "requests", "phone_verification.service"} <= set(loaded)
    lines = forbidden(function, loaded)
    assert not lines, "\n".join(["modules that an invocation should not load:", *lines])


@pytest.mark.parametrize(
    ("statement", "line"),
    [
        (
            "import asyncio",
            r"asyncio \(of no use here\): .*fcapi\.events\.opening -> fcapi\.events\.payloads -> asyncio",
        ),
        ("import redis", r"redis \(not among what is deployed for this\): .*fcapi\.events\.payloads -> redis"),
        ("import local.samples", r"local \(not among what is deployed for this\): .*fcapi\.events\.payloads -> local"),
        (
            "import fcapi.events.triggers.direct",
            r"fcapi\.events\.triggers\.direct \(not the trigger of this event\): .*payloads -> fc",
        ),
    ],
)
def test_what_should_not_be_loaded_is_named_with_what_imported_it(
    statement: str, line: str, emulator: Emulator, tmp_path: Path
) -> None:
    function = "send_phone_verification"
    spoilt = tmp_path / "functions"
    shutil.copytree(FUNCTIONS, spoilt, ignore=shutil.ignore_patterns("__pycache__"))
    (spoilt / "local").mkdir()
    (spoilt / "local" / "samples.py").touch()
    payloads = spoilt / "fcapi" / "events" / "payloads.py"
    payloads.write_text(payloads.read_text().replace("import base64\n", f"import base64\n{statement}\n"))
    lines = forbidden(function, loaded_by(function, spoilt, tmp_path / "event.json", emulator))
    assert any(re.match(line, each) for each in lines), lines
