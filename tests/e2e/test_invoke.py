"""`fcapi invoke` where something is wrong: with the event, with where its letter goes, with the instance."""

import json
from pathlib import Path

import pytest

from tests.e2e.test_cli import ROOT, call, fcapi


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "It is empty."),
        (b'{\n  "ContactId": "c-1",\n}', "It is no JSON from line "),
        (b'\xef\xbb\xbf{\n  "ContactId" "c-1"}', "It is no JSON from line 2, column 15 on: Expecting ':' delimiter."),
        ('{"ContactId": "c-1"}'.encode("utf-16"), "It begins with the byte order mark of UTF-16: save it as UTF-8."),
        (b'{"ContactId": "\xff"}', "It is not UTF-8: byte 16 begins no character. Save it as UTF-8."),
        (b"hello", "It does not begin with { or [, so it is not JSON."),
    ],
    ids=["empty", "comma", "colon", "utf-16", "latin-1", "text"],
)
def test_a_broken_file_is_explained(tmp_path: Path, content: bytes, says: str) -> None:
    file = tmp_path / "event.json"
    file.write_bytes(content)
    called = call("invoke", str(file))
    assert called.exit_code == 1
    assert f"{file}: {says}" in called.stderr


@pytest.mark.parametrize(
    ("sample", "function", "meant"),
    [
        ("sweep.json", "send_phone_verification", "resend_pending_verifications"),
        ("http.json", "resend_pending_verifications", "send_phone_verification"),
    ],
)
def test_a_sample_of_the_other_function_says_so(sample: str, function: str, meant: str) -> None:
    called = call("invoke", str(ROOT / "events" / sample), "--function", function)
    assert called.exit_code == 1
    assert f"{sample} is an event for {meant}: add --function {meant}" in called.stderr


def test_what_the_function_refused_for_another_reason_is_not_explained() -> None:
    called = call("invoke", str(ROOT / "events" / "refused_missing_contact_id.json"))
    assert (called.exit_code, called.stderr) == (1, "")  # the log goes to the process's own stderr


@pytest.mark.usefixtures("traced_processes")
def test_retries_imply_an_asynchronous_event_and_the_last_failure_is_not_lost(tmp_path: Path) -> None:
    """An instance that cannot start fails each try, as one that ends does; the event then is in its letter."""
    letter = tmp_path / "letter.json"
    environ = {"MAX_ATTEMPTS": "9"}
    ran = fcapi("invoke", "events/direct.json", "--destination", str(letter), "--retries", "1", environ=environ)
    assert ran.returncode == 1
    written = json.loads(letter.read_text())
    assert written["requestContext"]["approximateInvokeCount"] == 2
    assert json.loads(written["requestPayload"])["ContactId"]
    assert "MAX_ATTEMPTS" in written["responsePayload"]


def test_retries_are_those_of_the_template_by_default(tmp_path: Path) -> None:
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"ContactId": "c-unknown", "PhoneNumber": "86-10000000000"}))
    letter = tmp_path / "letter.json"
    assert call("invoke", str(event), "--destination", str(letter)).exit_code == 1
    assert json.loads(letter.read_text())["requestContext"]["approximateInvokeCount"] == 3


def test_where_the_letter_goes_is_checked_before_the_first_try() -> None:
    called = call("invoke", str(ROOT / "events" / "direct.json"), "--destination", "/nowhere/letter.json")
    assert (called.exit_code, called.stdout) == (2, "")
    assert "phone verification" not in called.stderr


def test_help_does_not_break_within_a_name() -> None:
    usage = call("event", "--help").stdout.splitlines()[0]
    assert usage == "Usage: fcapi event [OPTIONS] TRIGGER"


def test_the_help_of_completion_can_be_copied() -> None:
    lines = [line.strip() for line in call("completion", "--help").stdout.splitlines()]
    assert 'bash, in ~/.bashrc:   eval "$(fcapi completion bash)"' in lines
    assert "\\b" not in lines


@pytest.mark.usefixtures("traced_processes")
def test_the_names_of_functions_are_completed() -> None:
    environ = {"_FCAPI_COMPLETE": "bash_complete", "COMP_WORDS": "fcapi invoke --function r", "COMP_CWORD": "3"}
    assert fcapi(environ=environ).stdout.decode().split(",")[-1].strip() == "resend_pending_verifications"
