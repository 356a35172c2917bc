"""The `fcapi` command as a user runs it: real processes, real output, real exit codes."""

import json
import os
import pty
import re
import signal
import stat
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace

import click
import pytest
import requests
from click.testing import CliRunner, Result

from fcapi.events.triggers import TRIGGER_NAMES
from local.commands.main import main
from local.emulator.contacts import Details
from local.emulator.server import Emulator
from tests.handlers import EXAMPLE_IN_HINT, NEVER_SHOWN, REQUEST, RUNTIMES, LocalFunction
from tests.integration.vendor import send, signed

ROOT = Path(__file__).parents[2]
FCAPI = Path(sys.executable).with_name("fcapi")
COMMANDS = ["completion", "emulator", "event", "events", "invoke", "logs", "serve", "tick"]


def fcapi(
    *arguments: str, stdin: bytes = b"", environ: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run the command to its end; nothing it prints may show a number or a credential."""
    ran = subprocess.run(
        [FCAPI, *arguments],
        cwd=ROOT,
        input=stdin,
        capture_output=True,
        check=False,
        timeout=60,
        env={**os.environ, "PYTHONWARNINGS": "error", **(environ or {})},
    )
    for secret in NEVER_SHOWN:
        if "--help" not in arguments:
            assert secret not in (ran.stdout + ran.stderr).decode(errors="replace").replace(EXAMPLE_IN_HINT, "")
    return ran


def call(*arguments: str, stdin: bytes = b"", environ: Mapping[str, str] | None = None) -> Result:
    """Call the command in this process, where its start is not what a test is about: a process takes half a second."""
    result = CliRunner().invoke(main, arguments, input=stdin, env=environ, prog_name="fcapi")
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_invoke_sends_one_verification_and_shows_what_happened(runtime: str) -> None:
    ran = fcapi("invoke", "events/http.json", "--runtime", runtime)
    assert ran.returncode == 0
    reply = json.loads(ran.stdout)
    log_line, text = ran.stderr.decode().splitlines()
    assert reply["statusCode"] == 200
    assert b"\x1b[" not in ran.stderr
    assert json.loads(log_line)["api_request_id"] == json.loads(reply["body"])["RequestId"]
    assert text.startswith("text to 86-139****1234: ")


@pytest.mark.parametrize(("no_color", "coloured"), [("", True), ("1", False)])
def test_a_terminal_gets_readable_lines_in_colours_but_with_no_color(no_color: str, coloured: bool) -> None:
    terminal, its_other_end = pty.openpty()
    environ = {**os.environ, "NO_COLOR": no_color, "TERM": "xterm"}
    command = [str(FCAPI), "invoke", "events/http.json"]
    subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=its_other_end, env=environ, check=True)
    os.close(its_other_end)
    shown = os.read(terminal, 65536)
    os.close(terminal)
    assert b"text to 86-139****1234" in shown
    assert (b"\x1b[" in shown) is coloured
    assert b"{" not in shown
    assert re.search(rb"sent.* c-qL4HqKONzOM7abcd 86-139\*{4}1234 ", shown)


@pytest.mark.parametrize(
    ("sample", "function", "exit_code", "names"),
    [
        ("kafka.json", "send_phone_verification", 0, "sent"),
        ("sweep.json", "resend_pending_verifications", 0, '"Sent": 1'),
        ("refused_missing_contact_id.json", "send_phone_verification", 1, "MissingParameter.ContactId"),
    ],
)
def test_invoke_takes_a_sample_and_the_function_for_it(sample: str, function: str, exit_code: int, names: str) -> None:
    called = call("invoke", str(ROOT / "events" / sample), "--function", function)
    assert called.exit_code == exit_code
    assert names in called.stdout


@pytest.mark.usefixtures("traced_processes")
def test_invoke_shows_the_text_and_the_mail_of_a_sweep_with_their_targets_masked() -> None:
    options = ["--function", "resend_pending_verifications", "--log-format", "pretty"]
    shown = fcapi("invoke", "events/sweep.json", *options).stderr.decode()
    assert re.search(r"^text to 86-139\*{4}1234: .*https://", shown, re.MULTILINE)
    assert re.search(r"^mail to o\*{3}@example\.com: .*https://", shown, re.MULTILINE)
    assert re.search(r"sent .* c-qL4HqKONzOM7abcd o\*{3}@example\.com ", shown)
    assert " emails.pending=1 emails.sent=1 " in shown
    assert "operations@" not in shown


def test_invoke_reads_an_event_from_standard_input() -> None:
    ran = fcapi("invoke", "-", stdin=json.dumps(REQUEST).encode())
    assert ran.returncode == 0
    assert json.loads(ran.stdout)["Results"][0]["Status"] == "sent"


def test_a_function_that_raises_gives_the_platforms_error_document() -> None:
    called = call("invoke", "-", stdin=b"hello topic")
    assert called.exit_code == 1
    assert json.loads(called.stdout)["errorType"] == "UnrecognizedEvent"


def test_invoke_calls_another_endpoint_with_the_credentials_of_the_environment(emulator: Emulator) -> None:
    ran = fcapi("invoke", "events/http.json", "--endpoint", emulator.url, environ=LOCAL_CREDENTIALS)
    assert ran.returncode == 0
    assert len(emulator.directory.messages()) == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["invoke", "events/none.json"], "There are samples: fcapi events"),
        (
            ["invoke", "events/http.json", "--function", "other"],
            "There are: resend_pending_verifications, send_phone_verification.",
        ),
        (["invoke", "events/http.json", "--runtime", "python2"], "python3.10"),
        (["invoke", "events/http.json", "--endpoint", "http://127.0.0.1:1"], "ALIBABA_CLOUD_ACCESS_KEY_ID"),
        (["invoke"], "EVENT.json"),
        (["invoke", "events/http.json", "--function", "send_verification"], "Did you mean 'send_phone_verification'?"),
        (["invoke", "events/http.json", "--destination", "missing/dead-letter.json"], "missing is no folder"),
        (["event", "pigeon"], "smq_queue"),
        (["event", "rocket-mq"], "Did you mean 'rocketmq'?"),
        (["invok"], "Did you mean 'invoke'?"),
        (["emulator", "--port", "70000"], "'70000' is not a whole number from 0 to 65535."),
        (["serve", "--port", "abc"], "'abc' is not a whole number from 0 to 65531."),
        (["logs", "--look-every", "often"], "'often' is not a valid number."),
        (["completion", "bsh"], "Did you mean 'bash'?"),
        (["other"], "other"),
    ],
)
def test_a_wrong_call_exits_with_2_and_says_what_there_is(arguments: list[str], says: str) -> None:
    called = call(*arguments)
    assert (called.exit_code, called.stdout) == (2, "")
    assert says in " ".join(called.stderr.split())


def subcommands() -> dict[str, click.Command]:
    context = click.Context(main)
    return {name: command for name in COMMANDS if (command := main.get_command(context, name))}


CHOICES = [
    (name, parameter, str(choice))
    for name, command in subcommands().items()
    for parameter in command.params
    if isinstance(parameter.type, click.Choice)
    for choice in parameter.type.choices
]


@pytest.mark.parametrize(("name", "parameter", "choice"), CHOICES, ids=str)
def test_every_misspelt_choice_gets_a_suggestion(name: str, parameter: click.Parameter, choice: str) -> None:
    misspelt = f"{choice}x"
    given = [misspelt] if isinstance(parameter, click.Argument) else [parameter.opts[0], misspelt, "events/http.json"]
    called = call(name, *given)
    assert called.exit_code == 2
    assert f"there is no {misspelt!r}. Did you mean '{choice}'?" in " ".join(called.stderr.split())


def test_every_misspelt_command_gets_a_suggestion() -> None:
    for name in COMMANDS:
        assert f"Did you mean '{name}'?" in call(f"{name[:-2]}{name[-1]}").stderr


def test_no_usage_and_no_option_breaks_within_a_word_at_80_columns() -> None:
    for name, command in subcommands().items():
        lines = CliRunner().invoke(main, [name, "--help"], prog_name="fcapi", env={"COLUMNS": "80"}).output.splitlines()
        assert max(map(len, lines)) <= 86, name  # one line of `completion` is to be copied whole
        usage = " ".join(" ".join(lines[: lines.index("")]).split())
        context = click.Context(command, info_name=f"fcapi {name}")
        assert usage.split() == command.get_usage(context).split()
        for parameter in command.params:
            if isinstance(parameter, click.Option) and parameter.type.name != "boolean":
                shown = f"{parameter.opts[0]} {parameter.make_metavar(context)}"
                assert any(line.strip().startswith(shown) for line in lines), shown


@pytest.mark.usefixtures("traced_processes")
def test_a_bad_setting_is_named() -> None:
    ran = fcapi("invoke", "events/http.json", environ={"LOG_LEVEL": "LOUD"})
    assert ran.returncode == 1
    assert "LOG_LEVEL: must be 'DEBUG', 'INFO', 'WARNING' or 'ERROR'" in ran.stderr.decode()


def test_version_and_help() -> None:
    assert fcapi("--version").stdout.decode().startswith("fcapi, version 0.")
    listed = fcapi("--help").stdout.decode().partition("Commands:\n")[2]
    assert [line.split()[0] for line in listed.splitlines()] == COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help(command: str) -> None:
    called = call(command, "--help")
    assert called.exit_code == 0
    assert called.output.startswith(f"Usage: fcapi {command} ")


def test_a_character_that_a_terminal_cannot_show_is_no_error() -> None:
    ran = fcapi("logs", "--help", environ={"PYTHONIOENCODING": "latin-1:strict"})
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert b"c-?" in ran.stdout


@pytest.mark.usefixtures("traced_processes")
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_emulator_serves_until_it_is_told_to_stop(stop: signal.Signals) -> None:
    with subprocess.Popen([FCAPI, "emulator", "--port", "0"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        match = re.fullmatch(r"listening on (http://127\.0\.0\.1:[1-9][0-9]*)\n", line)
        assert match
        assert requests.get(f"{match[1]}/_emulator/messages", timeout=5).json() == {"Messages": []}
        process.send_signal(stop)
        assert process.wait(timeout=10) == 0


def test_each_limit_of_the_emulator_has_an_option() -> None:
    limits = ["--daily-limit", "1", "--daily-mail-limit", "2", "--mails-per-minute", "1", "--max-contacts", "1"]
    with subprocess.Popen([FCAPI, "emulator", "--json", *limits], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        emulator = SimpleNamespace(url=json.loads(process.stdout.readline())["emulator"])
        limit = requests.get(f"{emulator.url}/_emulator/limit", timeout=5).json()
        mail = {"ContactId": REQUEST["ContactId"], "EmailAddress": "operations@example.com"}
        contact = {
            "Name": "Security",
            "EmailAddress": "s@example.com",
            "Title": "Other",
            "MessageTypes.1": "FaultMessage",
        }
        calls = (("SendEmailVerificationForMessageContact", mail),) * 2 + (("AddMessageContact", contact),)
        replies = [send(emulator, signed(emulator, parameters, action=action)) for action, parameters in calls]
        process.terminate()
    assert (limit["DailyLimit"], limit["Emails"]["DailyLimit"]) == (1, 2)
    codes = [json.loads(reply.body).get("Code") for reply in replies]
    assert codes == [None, "Throttling.User", "LimitExceeded.Contacts"]


def test_a_port_that_is_taken_is_said_to_be(emulator: Emulator) -> None:
    port = emulator.url.rpartition(":")[2]
    ran = fcapi("emulator", "--port", port)
    assert ran.returncode == 1
    assert f"Port {port} cannot be used" in ran.stderr.decode()
    assert "Address already in use" in ran.stderr.decode()


def test_every_trigger_is_listed_among_the_samples() -> None:
    listed = dict(line.split()[:2] for line in fcapi("events").stdout.decode().splitlines())
    assert {path.removeprefix("events/") for path in listed} == {path.name for path in (ROOT / "events").iterdir()}
    assert set(listed.values()) == {*TRIGGER_NAMES, "none"}
    assert all(listed[f"events/{trigger}.json"] == trigger for trigger in TRIGGER_NAMES)


@pytest.mark.parametrize("trigger", TRIGGER_NAMES)
def test_an_event_of_any_trigger_can_be_had_for_any_number(emulator: Emulator, trigger: str) -> None:
    contact = emulator.directory.add(Details("Other", "o@example.com", "86-13911112222", "Other", ("SecurityMessage",)))
    options = ["--contact-id", contact.contact_id, "--phone-number", "86-13911112222"]
    ran = CliRunner().invoke(main, ["event", trigger, *options])
    assert ran.exit_code == 0
    assert LocalFunction(emulator.url)(ran.stdout_bytes).error is None
    assert [message.target for message in emulator.directory.messages()] == ["86-13911112222"]


LOCAL_CREDENTIALS = {
    "ALIBABA_CLOUD_ACCESS_KEY_ID": "LTAIlocal",
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "local-secret",
    "ALIBABA_CLOUD_SECURITY_TOKEN": "local-token",
}


@pytest.mark.usefixtures("traced_processes")
def test_a_failing_event_is_retried_then_a_dead_letter_that_heals_when_it_is_sent_back(
    emulator: Emulator, tmp_path: Path
) -> None:
    fault: dict[str, str | int] = {"Kind": "error", "Status": 403, "Code": "NoPermission", "Message": "x", "Times": 3}
    requests.post(f"{emulator.url}/_emulator/faults", json=fault, timeout=5).raise_for_status()
    letter = tmp_path / "dead-letter.json"
    letter.touch(mode=0o644)
    arguments = ("--endpoint", emulator.url, "--async", "--destination", str(letter))
    ran = fcapi("invoke", "events/smq_queue.json", "--retries", "2", *arguments, environ=LOCAL_CREDENTIALS)
    assert ran.returncode == 1
    lines = [json.loads(line) for line in ran.stderr.decode().splitlines() if line.startswith("{")]
    assert [line["message"] for line in lines] == ["phone verification", "event failed"] * 3
    assert len({line["function_request_id"] for line in lines}) == 1
    assert stat.S_IMODE(letter.stat().st_mode) == 0o600
    written = json.loads(letter.read_text())
    assert written["requestContext"]["condition"] == "UnhandledInvocationError"
    assert written["requestContext"]["approximateInvokeCount"] == 3
    assert written["requestPayload"] == (ROOT / "events" / "smq_queue.json").read_text()
    assert json.loads(written["responsePayload"])["errorType"] == "EventFailed"
    healed = fcapi("invoke", str(letter), "--endpoint", emulator.url, environ=LOCAL_CREDENTIALS)
    assert healed.returncode == 0
    assert len(emulator.directory.messages()) == 1


def test_an_event_that_succeeds_at_last_leaves_no_dead_letter(emulator: Emulator, tmp_path: Path) -> None:
    fault: dict[str, str | int] = {"Kind": "error", "Status": 403, "Code": "NoPermission", "Message": "x", "Times": 1}
    requests.post(f"{emulator.url}/_emulator/faults", json=fault, timeout=5).raise_for_status()
    letter = tmp_path / "dead-letter.json"
    arguments = ("--endpoint", emulator.url, "--async", "--destination", str(letter), "--runtime", "python3.10")
    ran = fcapi("invoke", "events/direct.json", *arguments, environ=LOCAL_CREDENTIALS)
    assert ran.returncode == 0
    assert not letter.exists()
    assert [json.loads(line)["retry_count"] for line in ran.stderr.decode().splitlines()] == [0, 0, 1]


@pytest.mark.usefixtures("traced_processes")
@pytest.mark.parametrize("destination", [None, "/dev/full"])
def test_a_dead_letter_without_a_destination_or_with_one_that_cannot_be_written_is_shown_on_stderr(
    tmp_path: Path, destination: str | None
) -> None:
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"ContactId": "c-unknown", "PhoneNumber": "86-10000000000"}))
    arguments = ("--destination", destination) if destination else ()
    ran = fcapi("invoke", str(event), "--async", "--retries", "0", *arguments)
    assert ran.returncode == 1
    assert '"requestPayload"' in ran.stderr.decode()
    assert ("cannot be written" in ran.stderr.decode()) == bool(destination)
