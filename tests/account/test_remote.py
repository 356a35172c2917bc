"""`fcapi invoke --remote` and `fcapi logs --remote`, against a stub cloud, or without the SDKs."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from typing import Any

import pytest
from click.testing import CliRunner, Result

from local.commands.main import main
from tests.account.conftest import OUR_TEMPLATE, OUTPUTS, ROOT, Project
from tests.account.stub_cloud import StubCloud
from tests.handlers import CONTACT_ID
from tests.integration.vendor import VENDOR_WARNINGS

pytestmark = [VENDOR_WARNINGS, pytest.mark.xdist_group("account")]

STACK = "phone-verification"
LINE = {
    "timestamp": "2026-11-23T06:00:00.123Z",
    "message": "phone verification",
    "trigger": "http",
    "outcome": "sent",
    "contact_id": CONTACT_ID,
    "phone_number": "86-139****1234",
    "api_request_id": "46C233DE-4625-48A1-8DEB-4141A74F0543",
}


@pytest.fixture
def remote(project: Project, cloud: StubCloud) -> Project:
    """Have the stack be there."""
    cloud.ros.add_stack(OUR_TEMPLATE.read_text(), {})
    cloud.ros.outputs = {**OUTPUTS, "SendFunctionArn": "acs:fc:cn-hangzhou:1:functions/phone-verification-send"}
    return project


def fcapi(project: Project, *arguments: str, stdin: str = "", environ: Mapping[str, str] | None = None) -> Result:
    result = CliRunner().invoke(main, [*arguments], input=stdin, env={**project.environ, **(environ or {})})
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_a_deployed_function_is_invoked_with_the_event_as_it_is(remote: Project, cloud: StubCloud) -> None:
    seen: list[tuple[str, bytes]] = []

    def answer(function: str, event: bytes, _: str) -> tuple[bytes, list[str], bool]:
        seen.append((function, event))
        return b'{"Results": []}', ["a line"], False

    cloud.functions.invoke_function = answer
    event = '{"ContactId":  "c-1"}'
    result = fcapi(remote, "invoke", "--remote", STACK, "-", stdin=event)
    assert result.exit_code == 0, result.output
    assert seen == [("phone-verification-send", event.encode())]
    assert (result.stdout, result.stderr) == ('{"Results": []}\n', "a line\n")


@pytest.mark.parametrize(
    ("reply", "failed"),
    [({"statusCode": 400, "body": ""}, False), ({"errorType": "EventFailed", "errorMessage": ""}, True)],
)
def test_a_reply_that_is_an_error_exits_with_1(
    remote: Project, cloud: StubCloud, reply: dict[str, Any], failed: bool
) -> None:
    cloud.functions.invoke_function = lambda _, __, ___: (json.dumps(reply).encode(), [], failed)
    result = fcapi(remote, "invoke", "--remote", STACK, "events/http.json")
    assert result.exit_code == 1
    assert json.loads(result.stdout) == reply


def test_an_asynchronous_invocation_is_not_waited_for(remote: Project) -> None:
    arguments = ("--function", "resend_pending_verifications", "--async")
    result = fcapi(remote, "invoke", "--remote", STACK, *arguments, "events/sweep.json")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert result.stderr.startswith("request id: 1-")


def test_a_function_that_the_stack_has_not_is_told(remote: Project) -> None:
    result = fcapi(remote, "invoke", "--remote", STACK, "--function", "third", "events/sweep.json")
    assert result.exit_code == 1
    assert "they name: resend_pending_verifications, send_phone_verification." in result.stderr


@pytest.mark.parametrize("option", [("--endpoint", "https://x"), ("--runtime", "python3.10"), ("--retries", "1")])
def test_options_of_the_laptop_do_not_go_with_a_deployed_function(
    remote: Project, cloud: StubCloud, option: tuple[str, str]
) -> None:
    result = fcapi(remote, "invoke", "--remote", STACK, *option, "events/sweep.json")
    assert result.exit_code == 2
    assert f"{option[0]} cannot go with --remote" in result.stderr
    assert cloud.calls == []


def test_where_the_stack_is_may_be_in_the_file(remote: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    (remote.folder / "deploy.toml").write_text('stack = "other"\nregion = "cn-hangzhou"\n')
    (remote.folder / "event.json").write_text("{}")
    monkeypatch.chdir(remote.folder)
    assert fcapi(remote, "invoke", "--remote", STACK, "event.json", environ={"REGION": ""}).exit_code == 0
    (remote.folder / "deploy.toml").unlink()
    result = fcapi(remote, "invoke", "--remote", STACK, "event.json", environ={"REGION": ""})
    assert result.exit_code == 2
    assert "Not set: REGION." in result.stderr


def test_one_contacts_lines_are_read_from_the_log_store(remote: Project, cloud: StubCloud) -> None:
    for fields in (LINE, {**LINE, "contact_id": "c-other"}, {**LINE, "reason": CONTACT_ID, "contact_id": "c-third"}):
        cloud.functions.add(json.dumps(fields))
    cloud.functions.add("FC Invoke Start RequestId: 1")
    cloud.functions.add(json.dumps(LINE), at=time.time() - 25 * 3600)
    result = fcapi(remote, "logs", "--remote", STACK, "--contact", CONTACT_ID, "--log-format", "pretty")
    assert result.exit_code == 0, result.output
    (line,) = result.stdout.splitlines()
    assert line.split()[1:3] == ["http", "sent"]
    wider = fcapi(remote, "logs", "--remote", STACK, "--contact", CONTACT_ID, "--hours", "48", "--json")
    assert [json.loads(line) for line in wider.stdout.splitlines()] == [LINE, LINE]


def test_the_lines_of_all_name_their_contact(remote: Project, cloud: StubCloud) -> None:
    for number in range(250):
        cloud.functions.add(json.dumps({**LINE, "contact_id": f"c-{number}"}))
    lines = fcapi(remote, "logs", "--remote", STACK, "--log-format", "pretty").stdout.splitlines()
    assert [line.rpartition("contact_id=")[2] for line in lines] == [f"'c-{number}'" for number in range(250)]


@pytest.mark.parametrize("contact", ['c-1" or *', "", "c" * 65])
def test_a_contact_that_would_be_more_of_a_query_is_refused(remote: Project, cloud: StubCloud, contact: str) -> None:
    result = fcapi(remote, "logs", "--remote", STACK, "--contact", contact)
    assert result.exit_code == 2
    assert cloud.calls == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--contact", "c-1", "--follow"), "--follow goes with --remote"),
        (("--remote", STACK, "README.md"), "FILE cannot go with --remote"),
    ],
)
def test_options_that_do_not_go_together_are_refused(
    remote: Project, cloud: StubCloud, arguments: tuple[str, ...], said: str
) -> None:
    result = fcapi(remote, "logs", *arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert cloud.calls == []


@pytest.mark.usefixtures("traced_processes")
def test_new_lines_are_followed_until_ctrl_c(remote: Project, cloud: StubCloud) -> None:
    """Ctrl+C is a signal to a process, so this is one; a lost answer in between is asked for again."""
    cloud.functions.add(json.dumps(LINE))
    command = [sys.executable, "-W", "ignore", "-c", "from local.commands.main import main; main()", "logs"]
    command += ["--remote", STACK, "--follow", "--json", "--look-every", "0.05"]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **remote.environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert json.loads(process.stdout.readline()) == LINE
        cloud.broken["GetLogsV2"] = 1
        cloud.functions.add(json.dumps({**LINE, "outcome": "duplicate"}))
        assert json.loads(process.stdout.readline())["outcome"] == "duplicate"
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 0
        assert process.stderr.read() == ""


@pytest.mark.usefixtures("traced_processes")
def test_without_the_sdks_the_make_target_that_installs_them_is_named() -> None:
    code = f"""
import sys
from local.commands.main import main
sys.modules["alibabacloud_credentials"] = sys.modules["alibabacloud_ros20190910"] = None
for arguments in (["invoke", "--remote", "{STACK}", "events/http.json"], ["logs", "--remote", "{STACK}"]):
    try:
        main(arguments)
    except SystemExit as ended:
        print(ended.code)
"""
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False, text=True)
    assert ran.stdout == "1\n1\n"
    assert ran.stderr == "Error: --remote needs the vendor's SDKs. To install them: make sdks\n" * 2
