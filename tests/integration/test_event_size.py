"""How large an event may be, and how much memory one takes."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import resend_pending_verifications
from fcapi.errors import EventTooLarge, UnrecognizedEvent
from local.emulator.server import Emulator
from tests.handlers import REQUEST, LocalFunction, http_event
from tests.interpreters import untraced

MEGABYTE = 1024 * 1024
DRIVER = Path(__file__).with_name("memory_driver.py")


def sized(event: object, size: int, separators: tuple[str, str] = (", ", ": ")) -> bytes:
    """Return an event with blanks before its end, so that it has so many bytes."""
    text = json.dumps(event, separators=separators)
    return (text[:-1].ljust(size - 1) + text[-1]).encode()


@pytest.mark.parametrize("event", [REQUEST, [REQUEST], http_event()])
def test_an_event_of_a_megabyte_is_done(function: LocalFunction, emulator: Emulator, event: object) -> None:
    assert function(sized(event, MEGABYTE)).error is None
    assert len(emulator.directory.messages()) == 1


@pytest.mark.parametrize("separators", [(",", ":"), (", ", ": "), (" ,\n", " :\n")])
@pytest.mark.parametrize("size", [MEGABYTE + 1, 8 * MEGABYTE])
def test_a_larger_request_over_http_is_answered_413(
    function: LocalFunction, emulator: Emulator, size: int, separators: tuple[str, str]
) -> None:
    invoked = function(sized(http_event(), size, separators))
    assert (invoked.result["statusCode"], invoked.body["Code"]) == (413, "RequestTooLarge")
    line = invoked.line
    assert (line["trigger"], line["outcome"], line["code"], line["level"]) == (
        "http",
        "rejected",
        "RequestTooLarge",
        "WARNING",
    )
    assert emulator.directory.messages() == []


INVOKED = {**http_event(), "rawPath": "/2023-03-30/functions/send/invocations"}
FIELDS_IN_ANOTHER_ORDER = dict(reversed(http_event().items()))


@pytest.mark.parametrize("event", [REQUEST, [REQUEST], "text", INVOKED, FIELDS_IN_ANOTHER_ORDER])
@pytest.mark.parametrize("size", [MEGABYTE + 1, 8 * MEGABYTE])
def test_any_other_larger_event_is_refused_by_its_size_and_shown_nowhere(
    function: LocalFunction, emulator: Emulator, event: object, size: int
) -> None:
    invoked = function(sized(event, size))
    assert type(invoked.error) is EventTooLarge
    assert str(invoked.error) == "The event is larger than 1 MiB."
    assert (invoked.line["message"], invoked.line["code"]) == ("event failed", "EventTooLarge")
    assert invoked.line["reason"] == str(invoked.error)
    assert emulator.directory.messages() == []


def test_a_larger_event_of_a_timer_is_refused_too(emulator: Emulator) -> None:
    sweep = LocalFunction(emulator.url, module=resend_pending_verifications)
    tick = {"triggerTime": "2026-11-02T04:00:00Z", "triggerName": "x", "payload": ""}
    assert sweep(sized(tick, MEGABYTE)).error is None
    assert type(sweep(sized(tick, MEGABYTE + 1)).error) is EventTooLarge


@pytest.mark.parametrize("values", ["{}", "[]", "0"])
def test_an_event_of_too_many_values_is_refused(function: LocalFunction, emulator: Emulator, values: str) -> None:
    few, many = ({**REQUEST, "x": json.loads(f"[{', '.join([values] * count)}]")} for count in (10_000, 40_000))
    assert function(few).error is None
    assert type(function(many).error) is UnrecognizedEvent
    assert len(emulator.directory.messages()) == 1


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells the peak of a forked process")
def test_no_event_takes_more_than_48_megabytes_besides_its_own_bytes(emulator: Emulator) -> None:
    environ = untraced({**os.environ, "RESOURCE_DIRECTORY_ENDPOINT": emulator.url})
    environ |= {"ALIBABA_CLOUD_ACCESS_KEY_ID": "LTAIlocal", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "local-secret"}
    command = [sys.executable, str(DRIVER)]
    ran = subprocess.run(command, capture_output=True, check=True, text=True, env=environ)
    measured: list[dict[str, Any]] = [json.loads(line) for line in ran.stdout.splitlines()]
    assert len(measured) > 15
    assert max(each["growth"] for each in measured) > 1024  # what is measured is there
    assert [each for each in measured if each["growth"] > 48_000] == []
