"""`fcapi logs` and `fcapi completion` as a user runs them."""

import codecs
import json
import os
import pty
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from local.commands.main import main
from tests.e2e.test_cli import FCAPI, ROOT, call, fcapi
from tests.handlers import CONTACT_ID

LINE = {
    "timestamp": "2026-11-23T06:00:00.123Z",
    "level": "INFO",
    "message": "phone verification",
    "trigger": "http",
    "outcome": "sent",
    "contact_id": CONTACT_ID,
    "phone_number": "86-139****1234",
    "api_request_id": "46C233DE-4625-48A1-8DEB-4141A74F0543",
}
REJECTED = {**LINE, "outcome": "rejected", "code": "EntityNotExists.Contact", "api_request_id": None, "trigger": None}
PRETTY = ("--log-format", "pretty")
OTHERS = {**LINE, "contact_id": "c-other"}


def lines(*documents: object) -> bytes:
    return "".join(f"{json.dumps(document)}\n" for document in documents).encode()


def test_one_contacts_lines_are_shown_for_people() -> None:
    ran = call("logs", *PRETTY, "--contact", CONTACT_ID, stdin=lines(LINE, OTHERS, REJECTED))
    first, second = ran.stdout.splitlines()
    assert first.split() == [
        *("2026-11-23T06:00:00.123Z", "http", "sent", "86-139****1234"),
        "46C233DE-4625-48A1-8DEB-4141A74F0543",
    ]
    assert second.split()[1:] == ["-", "rejected", "86-139****1234", "code=EntityNotExists.Contact"]
    assert (ran.exit_code, ran.stderr) == (0, "")


def test_a_tool_gets_the_lines_as_they_are() -> None:
    ran = call("logs", "--contact", CONTACT_ID, "--json", stdin=lines(OTHERS, LINE))
    assert ran.stdout_bytes == lines(LINE)


def test_lines_are_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "lines"
    file.write_bytes(lines(LINE, OTHERS))
    assert len(call("logs", "--contact", CONTACT_ID, str(file)).stdout.splitlines()) == 1


def test_a_line_is_shown_as_soon_as_it_comes() -> None:
    command = [str(FCAPI), "logs", "--contact", CONTACT_ID]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(lines(LINE))
        process.stdin.flush()
        assert b"86-139****1234" in process.stdout.readline()
        process.stdin.close()
        assert process.wait(timeout=20) == 0


def test_what_is_no_json_is_passed_on_and_of_a_file_it_is_counted(tmp_path: Path) -> None:
    mixed = b"FC Invoke Start RequestId: 1\n\n[1]\n\xff\n" + b"[" * 100_000 + b"\n" + lines(LINE)
    ran = call("logs", "--contact", CONTACT_ID, stdin=mixed)
    assert len(ran.stdout.splitlines()) == 1
    assert ran.stderr.splitlines() == ["FC Invoke Start RequestId: 1", "1", "\ufffd", "[" * 100_000]
    (tmp_path / "mixed").write_bytes(mixed)
    ran = call("logs", "--contact", CONTACT_ID, str(tmp_path / "mixed"))
    assert len(ran.stdout.splitlines()) == 1
    assert ran.stderr == "passed over: 4 lines that are no JSON objects\n"


def test_the_addresses_that_serve_prints_are_shown_and_ctrl_c_is_the_end() -> None:
    command = [str(FCAPI), "logs"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write(b"console: http://127.0.0.1:9002/\n" + lines(LINE))
        process.stdin.flush()
        assert process.stderr.readline() == b"console: http://127.0.0.1:9002/\n"
        assert process.stdout.readline() == lines(LINE)
        process.send_signal(signal.SIGINT)
        assert (process.wait(timeout=20), process.stderr.read()) == (0, b"")


def test_it_says_so_when_it_found_nothing() -> None:
    others = lines(LINE, *({**LINE, "contact_id": other} for other in ("invalid", None, [CONTACT_ID], 7)))
    for contact in ("c-unknown", "13900001234", ""):
        ran = call("logs", "--contact", contact, stdin=others)
        assert (ran.exit_code, ran.stdout) == (0, "")
        assert ran.stderr == "found nothing: none of 5 lines is about this contact\n"


def test_a_contact_whose_id_is_masked_is_found_by_its_id() -> None:
    ran = call("logs", "--contact", "c-loadtest00000100", stdin=lines({**LINE, "contact_id": "c-loadtest****00"}))
    assert len(ran.stdout.splitlines()) == 1


def entry(line: object) -> dict[str, object]:
    """Return a line as the log store exports it."""
    text = line if isinstance(line, str) else json.dumps(line)
    return {"__time__": "1764000000", "__topic__": "FCLogs:send", "functionName": "send", "message": text}


ENTRIES = [entry(OTHERS), entry("FC Invoke Start RequestId: 1-2"), entry(LINE), {"message": REJECTED}]
EXPORTS = {
    "lines": lines(*ENTRIES),
    "an array in one line": json.dumps(ENTRIES).encode(),
    "an array over many lines": json.dumps(ENTRIES, indent=2).encode(),
    "an array with an entry a line": b"[" + b",\n".join(json.dumps(each).encode() for each in ENTRIES) + b"]\n",
    "brackets on their own lines": b"[\n" + b",\n".join(json.dumps(each).encode() for each in ENTRIES) + b"\n]\n",
    "half of such an array": b"[\n" + b",\n".join(json.dumps(each).encode() for each in ENTRIES) + b",\n",
    "objects over many lines": b"\n".join(json.dumps(each, indent=2).encode() for each in ENTRIES),
    "what the API answers": json.dumps({"meta": {"count": 4}, "data": ENTRIES}, indent=4).encode(),
    "our own lines in an array": json.dumps([OTHERS, LINE, REJECTED]).encode(),
}
WRITTEN: dict[str, Callable[[bytes], bytes]] = {
    "plainly": lambda text: text,
    "with CRLF": lambda text: text.replace(b"\n", b"\r\n"),
    "with a byte order mark": lambda text: codecs.BOM_UTF8 + text,
    "with both": lambda text: codecs.BOM_UTF8 + text.replace(b"\n", b"\r\n"),
    "in UTF-16": lambda text: text.replace(b"\n", b"\r\n").decode().encode("utf-16"),
}


@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize("export", EXPORTS)
def test_an_export_of_the_log_store_is_read_as_others_write_it(tmp_path: Path, export: str, written: str) -> None:
    file = tmp_path / "export"
    file.write_bytes(WRITTEN[written](EXPORTS[export]))
    shown = CliRunner().invoke(main, ["logs", "--contact", CONTACT_ID, "--json", str(file)])
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert [json.loads(line) for line in shown.stdout.splitlines()] == [LINE, REJECTED]


def test_control_characters_of_a_terminal_are_not_passed_on() -> None:
    ran = call("logs", *PRETTY, "--contact", CONTACT_ID, stdin=lines({**LINE, "reason": "\x1b[2Jgone\n"}))
    assert "\x1b" not in ran.stdout
    assert "reason=[2Jgone\n" in ran.stdout


@pytest.mark.parametrize(("no_color", "coloured"), [("", True), ("1", False)])
def test_outcomes_have_colours_on_terminals_and_not_with_no_color(no_color: str, coloured: bool) -> None:
    terminal, its_other_end = pty.openpty()
    environ = {**os.environ, "NO_COLOR": no_color, "TERM": "xterm"}
    command = [str(FCAPI), "logs", "--contact", CONTACT_ID]
    subprocess.run(command, cwd=ROOT, input=lines(LINE), stdout=its_other_end, env=environ, check=True)
    os.close(its_other_end)
    shown = os.read(terminal, 65536)
    os.close(terminal)
    assert (b"\x1b[32msent" in shown) is coloured


def test_without_a_contact_the_lines_of_all_are_shown_with_whose_they_are() -> None:
    ran = call("logs", *PRETTY, stdin=lines(LINE, OTHERS))
    assert [line.rpartition(" ")[2] for line in ran.stdout.splitlines()] == [
        f"contact_id='{CONTACT_ID}'",
        "contact_id='c-other'",
    ]


def test_without_a_contact_it_says_so_when_it_found_nothing() -> None:
    ran = call("logs", stdin=b"FC Invoke Start RequestId: 1\n")
    assert (ran.exit_code, ran.stdout) == (0, "")
    assert ran.stderr.endswith("found nothing: none of 1 lines is one of the functions'\n")


def test_what_is_piped_is_json() -> None:
    assert call("logs", "--contact", CONTACT_ID, stdin=lines(OTHERS, LINE)).stdout_bytes == lines(LINE)


def test_what_serve_logs_is_a_story_to_it() -> None:
    invoked = fcapi("invoke", "events/direct.json")
    ran = call("logs", *PRETTY, "--contact", CONTACT_ID, stdin=invoked.stderr)
    assert ran.stdout.split()[1:3] == ["direct", "sent"]


@pytest.mark.usefixtures("traced_processes")
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_has_a_script_that_completes(shell: str) -> None:
    ran = fcapi("completion", shell)
    assert ran.returncode == 0
    assert f"_FCAPI_COMPLETE={shell}_complete" in ran.stdout.decode()


BASH = shutil.which("bash")


@pytest.mark.skipif(BASH is None, reason="there is no bash")
def test_bash_completes_commands_and_options_with_it() -> None:
    code = f"""
PATH={FCAPI.parent}:$PATH
eval "$(fcapi completion bash)"
for words in "fcapi se" "fcapi logs --con"; do
  COMPREPLY=() COMP_WORDS=($words) COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
  _fcapi_completion fcapi "${{COMP_WORDS[COMP_CWORD]}}" ""
  echo "${{COMPREPLY[@]}}"
done
"""
    ran = subprocess.run([str(BASH), "-c", code], capture_output=True, check=True, text=True)
    assert ran.stdout.split() == ["serve", "--contact"]
