"""The short, seeded share of the hostile events; that the judge sees what it is for; and the cases that were bugs."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from fcapi.errors import EventRejected, InternalError, UnrecognizedEvent
from fcapi.events.opening import MAX_EVENT_BYTES
from local.emulator.server import Emulator
from phone_verification.function import Function
from tests.fuzz.corpus import EVENTS, encoded
from tests.fuzz.mutations import FORGED, MAX_BYTES, STRANGE, HostileEvent, hostile_event
from tests.fuzz.runs import FINDINGS, run_batch
from tests.fuzz.target import Finding, Target, judge, refusing_endpoint
from tests.handlers import REQUEST, http_event

ROOT = Path(__file__).parents[2]
SEED = 20220419
MARKER = "Mkabcdefghijkl"
NUMBER = "15012345678"
MARKED = {"ContactId": f"c-{MARKER}", "PhoneNumber": f"86-{NUMBER}"}
HEAVY = 100_000


@pytest.fixture
def refused() -> Iterator[Target]:
    """Return both functions with an API that refuses all connections."""
    with refusing_endpoint() as endpoint:
        yield Target(endpoint)


def made_of(content: object, *, ticks: bool = False) -> HostileEvent:
    as_bytes = content if isinstance(content, bytes) else json.dumps(content).encode()
    return HostileEvent(as_bytes, MARKER, NUMBER, ticks)


def come_of(target: Target, content: object, *, ticks: bool = False) -> str:
    event = made_of(content, ticks=ticks)
    return judge(event, target(event))


@pytest.mark.parametrize("part", range(4))
def test_a_hostile_event_is_refused_cleanly_or_done(refused: Target, part: int) -> None:
    kinds = set()
    for index in range(part * 600, (part + 1) * 600):
        event = hostile_event(SEED, index)
        kinds.add(judge(event, refused(event)))
    assert {"UnrecognizedEvent", "MalformedEvent", "EventRejected", "EventFailed", "reply 400", "reply 503"} <= kinds


def test_a_hostile_event_is_refused_cleanly_or_done_when_the_api_answers() -> None:
    kinds = set()
    with Emulator() as emulator:
        target = Target(emulator.url)
        for index in range(800):
            event = hostile_event(SEED + 1, index)
            kinds.add(judge(event, target(event)))
    assert {"result", "reply 400", "reply 404", "counts"} <= kinds


def test_the_same_seed_means_the_same_events() -> None:
    first = [hostile_event(SEED, index) for index in range(50)]
    assert first == [hostile_event(SEED, index) for index in range(50)]
    assert first != [hostile_event(SEED + 1, index) for index in range(50)]
    sizes = [len(hostile_event(SEED, index).content) for index in range(2000)]
    assert {size for size in sizes if size > MAX_BYTES} == {MAX_EVENT_BYTES + 1}


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_an_event_of_the_corpus_that_is_not_changed_is_still_what_it_was(refused: Target, name: str) -> None:
    content = encoded(EVENTS[name], number=NUMBER, ascii_only=True)
    recognized = name != "refused_unrecognized.json"
    assert (come_of(refused, content) != "UnrecognizedEvent") is recognized


def within(**changed: object) -> list[bytes]:
    """Return events with something in them: in the text, the body and the envelope; a value is put in as it is."""
    ((field, token),) = changed.items()
    as_json = token if isinstance(token, str) else json.dumps(token)
    event: dict[str, Any] = {**MARKED, field: "@"}
    templates = [json.dumps(event), json.dumps({**http_event(), field: "@"}), json.dumps([{**REQUEST, field: "@"}])]
    body = json.dumps(event).replace('"@"', as_json)
    return [*(text.replace('"@"', as_json).encode() for text in templates), json.dumps(http_event(body)).encode()]


TOKENS = {
    "a number of 400 digits": "9" * 400,
    "a number of 100,000 digits": "9" * HEAVY,
    "an infinite number": "1e999",
    "NaN": "NaN",
    "minus infinity": "-Infinity",
    "lists 100,000 deep": "[" * HEAVY + "]" * HEAVY,
    "objects 40,000 deep": '{"a":' * 40_000 + "1" + "}" * 40_000,
    "a list of 100,000": "[" + ",".join(["0"] * HEAVY) + "]",
    "100,000 lists": "[" + ",".join(["[]"] * 80_000) + "]",
    "a long text": json.dumps(MARKER * 15_000),
    "a long text of digits": json.dumps("8" * 200_000),
    "a lone surrogate": '"\\ud800"',
    "a forged line": json.dumps(MARKER + FORGED),
    **{f"U+{ord(character):04X}": json.dumps(MARKER + character) for character in STRANGE},
}


@pytest.mark.parametrize("field", ["ContactId", "PhoneNumber", "headers", "requestContext"])
@pytest.mark.parametrize("token", TOKENS)
def test_a_hostile_value_in_any_field_is_refused_cleanly(refused: Target, token: str, field: str) -> None:
    for content in within(**{field: TOKENS[token]}):
        for ticks in (False, True):
            come_of(refused, content, ticks=ticks)


@pytest.mark.parametrize("key", [MARKER, MARKER + FORGED, "\ud800", "\u202e", "\x00", NUMBER, "x" * 8_000, "ContactId"])
def test_a_hostile_key_is_refused_cleanly(refused: Target, key: str) -> None:
    quoted = json.dumps(key)
    twice = f'{{{quoted}: 1, {quoted}: 2, "ContactId": "c-{MARKER}"}}'
    assert come_of(refused, twice.encode()) == "UnrecognizedEvent"
    assert come_of(refused, http_event(twice)) == "reply 400"
    assert come_of(refused, http_event(headers={key: 7})) == "MalformedEvent"
    assert come_of(refused, http_event(query={key: MARKER})) in ("reply 400", "reply 503", "MalformedEvent")


@pytest.mark.parametrize("content", [b"", b"\x00" * MAX_BYTES, b"\xff" * MAX_BYTES, b"[" * MAX_BYTES, b"9" * MAX_BYTES])
def test_bytes_that_are_no_event_are_not_recognized(refused: Target, content: bytes) -> None:
    assert come_of(refused, content) == "UnrecognizedEvent"
    assert come_of(refused, content, ticks=True) == "UnrecognizedEvent"


def letters(document: object, count: int) -> object:
    for _ in range(count):
        document = {"requestContext": {"condition": "x"}, "requestPayload": document}
    return document


@pytest.mark.parametrize("field", ["rawPath", "domainName"])
def test_what_is_nested_as_deeply_as_can_be_parsed_is_judged_cleanly_within_dead_letters(
    refused: Target, field: str
) -> None:
    """A path or domain that is not text is refused like any other event."""
    context = {"http": {"method": "POST"}, "domainName": "1.fc.aliyuncs.com"}
    event = {**http_event(), "requestContext": context, "rawPath": "/"}
    (context if field == "domainName" else event)[field] = "@"
    text = json.dumps(letters(event, 15))
    recognized = set()
    for depth in (*range(850, 1010), *range(1400, 1510)):
        kind = come_of(refused, text.replace('"@"', "[" * depth + "]" * depth).encode())
        recognized.add(kind)
    assert recognized == {"EventFailed", "UnrecognizedEvent"}


class NotEvenAnException(BaseException):
    pass


def giving_back(text: str, write: Callable[[str], None]) -> dict[str, object]:
    write(log_line(delivery_index=0, batch_size=1))
    return {"statusCode": 200, "headers": {}, "isBase64Encoded": False, "body": json.dumps({"RequestId": text})}


def fails_with(error: BaseException) -> Any:
    raise error


def log_line(**fields: object) -> str:
    return json.dumps({"service": "phone-verification", "message": "phone verification", **fields}) + "\n"


NOTHING_LOGGED = {
    "statusCode": 405,
    "headers": {},
    "isBase64Encoded": False,
    "body": '{"Code": "", "Message": "", "RequestId": ""}',
}
BUGS: dict[str, tuple[Any, str]] = {
    "input in a reply": (lambda write: giving_back(MARKER, write), "RequestId gives input back"),
    "a number in a reply": (lambda write: giving_back(NUMBER, write), "seven digits in a row"),
    "an address in a reply": (lambda write: giving_back("z%40example.com", write), "shows an e-mail address"),
    "a key in a reply": (lambda write: giving_back("LTAIlocal", write), "credentials"),
    "a header split": (
        lambda write: {**giving_back("1", write), "headers": {"Allow": "POST\r\nX: 1"}},
        "a character that is not plain",
    ),
    "a bug": (lambda _: fails_with(RuntimeError("x")), "it failed with RuntimeError"),
    "a bug that was caught": (lambda _: fails_with(InternalError("x")), "it failed with InternalError"),
    "a crash": (lambda _: fails_with(NotEvenAnException()), "it failed with NotEvenAnException"),
    "no log": (lambda _: NOTHING_LOGGED, "0 lines for one request"),
    "a forged line": (lambda write: write(log_line() + log_line()), "a write is not one line"),
    "a long line": (lambda write: write(log_line(reason="x" * 32 * 1024)), "over 32 KB"),
    "a payload in the log": (lambda write: write(log_line(payload="x")), "a field that none has"),
    "a number in a line at DEBUG": (
        lambda write: (
            write(log_line(level="DEBUG", message="cooldown", reason=NUMBER)),
            giving_back("1", write),
        )[1],
        "seven digits in a row",
    ),
    "a line at DEBUG that none has": (
        lambda write: write(log_line(level="DEBUG", message="payload")),
        "says 'payload'",
    ),
    "a print": (lambda _: sys.stdout.write("x"), "printed that is not of the log"),
    "a result of another kind": (lambda _: {"Sent": 1}, "has not its one field"),
}


@pytest.mark.parametrize("bug", BUGS)
def test_a_bug_in_a_handler_is_found(refused: Target, monkeypatch: pytest.MonkeyPatch, bug: str) -> None:
    does, says = BUGS[bug]
    monkeypatch.setattr(Function, "run", lambda *_: does(refused.write))
    with pytest.raises(Finding, match=says):
        come_of(refused, MARKED)


@pytest.mark.parametrize("error", [UnrecognizedEvent(f"No {MARKER}."), EventRejected(f"The number {NUMBER}.")])
def test_input_in_an_exception_is_found(refused: Target, monkeypatch: pytest.MonkeyPatch, error: EventRejected) -> None:
    def handler(*_: object) -> None:
        refused.write(log_line(message="event failed", reason=str(error)))
        raise error

    monkeypatch.setattr(Function, "run", handler)
    with pytest.raises(Finding, match=r"text (gives input back|shows seven digits)"):
        come_of(refused, MARKED)


def test_an_address_that_redaction_leaves_is_found(refused: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.fuzz.target.redact", str)
    with pytest.raises(Finding, match="redaction leaves an e-mail address"):
        come_of(refused, {"PhoneNumber": "zhang@example.com"})


def fuzz(*arguments: str | Path, cwd: Path = ROOT) -> "subprocess.CompletedProcess[str]":
    """Run the command to its end."""
    command = [sys.executable, "-m", "tests.fuzz", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, check=False, text=True, timeout=120)


def test_the_command_runs_as_many_events_as_it_is_told_to() -> None:
    ran = fuzz("--events", "300", "--seed", "1")
    assert (ran.returncode, ran.stderr) == (0, "events of seed 1; Ctrl+C ends it with the totals\n")  # and no bar
    assert "300 events of seed 1" in ran.stdout
    assert "; 0 findings" in ran.stdout


def test_a_finding_is_saved_as_an_event_that_can_be_run_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Function, "run", lambda *_: {"statusCode": 200})
    totals = run_batch(SEED, range(1, 3))
    assert totals.kinds == {"FINDING": 2}
    saved = sorted(FINDINGS.iterdir())
    assert [path.read_bytes() for path in saved] == [hostile_event(SEED, index).content for index in (1, 2)]
    assert str(saved[0]) in totals.findings[0]
    monkeypatch.undo()
    again = fuzz(tmp_path / saved[0])
    assert (again.returncode, again.stdout.count("\n")) == (0, 1)


def test_ctrl_c_ends_the_command_with_its_totals() -> None:
    command = [sys.executable, "-m", "tests.fuzz", "--seconds", "600", "--seed", "1"]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == "events of seed 1; Ctrl+C ends it with the totals\n"
        os.killpg(process.pid, signal.SIGINT)
        output, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (130, "")
    assert re.search(r"\d+ events of seed 1 in \d+ s, .*; 0 findings\n", output)


def test_a_tool_gets_the_totals_as_json() -> None:
    command = [sys.executable, "-m", "tests.fuzz", "--events", "5", "--seed", "1", "--json"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True)
    totals = json.loads(ran.stdout)
    assert (totals["seed"], totals["events"], totals["findings"]) == (1, 5, [])
    assert sum(totals["kinds"].values()) == 5
