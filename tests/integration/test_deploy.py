"""`make deploy`: the commands it shows and runs, with an `aliyun` on the PATH that records them and answers as told."""

import json
import os
import shlex
import stat
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from local.account import DeployError
from local.account.__main__ import main
from local.account.aliyun_commands import Stack
from local.account.deployment import Deployment
from local.account.stack_parameters import read_parameters
from local.account.steps import deploy
from local.account.tool import Tool

TEMPLATE = """\
ROSTemplateFormatVersion: '2015-09-01'
Parameters:
  CodeBucket: {Type: String}
  CodeObject: {Type: String}
  Runtime: {Type: String, Default: python3.12}
  AlertReceiver: {Type: String}
  CooldownHashKey: {Type: String, NoEcho: true, Default: ''}
Resources:
  Function:
    Type: ALIYUN::FC3::Function
    Properties: {Runtime: !Ref Runtime}
"""
SECRET = "a secret; of 'thirty-two' bytes, or more"
PACKAGE = b"the package"
KEY = f"phone-verification/{sha256(PACKAGE).hexdigest()}.zip"
VARIABLES = {
    "STACK": "phone-verification",
    "REGION": "cn-hangzhou",
    "BUCKET": "code-of-ours",
    "PROFILE": "management",
    "PARAMETERS": f"AlertReceiver=platform CooldownHashKey={shlex.quote(SECRET)}",
}
ALIYUN = """\
import json, pathlib, sys
folder = pathlib.Path(__file__).parent
with (folder / "calls").open("a") as calls:
    calls.write(json.dumps(sys.argv[1:]) + "\\n")
answers = json.loads((folder / "answers").read_text())
name = sys.argv[2]
answer = answers[name].pop(0) if len(answers[name]) > 1 else answers[name][0]
(folder / "answers").write_text(json.dumps(answers))
if isinstance(answer, str):
    sys.exit("ERROR: " + answer)
print(json.dumps(answer))
"""


@dataclass(frozen=True)
class FakeTool:
    """An `aliyun` that answers each operation with a document, or fails with a text; the last answer is repeated."""

    folder: Path

    def answer(self, **answers: list[dict[str, Any] | str]) -> None:
        done = {"StackName": "phone-verification", "StackId": "id-1", "Status": "CREATE_COMPLETE"}
        outputs = [{"OutputKey": "HttpUrl", "OutputValue": "https://function.example.com"}]
        defaults: dict[str, list[dict[str, Any] | str]] = {
            "GetCallerIdentity": [{"AccountId": "1234567890123456"}],
            "stat": [{}],
            "cp": [{}],
            "ListStacks": [{"Stacks": []}],
            "CreateStack": [{"StackId": "id-1"}],
            "UpdateStack": [{"StackId": "id-1"}],
            "GetStack": [{**done, "Outputs": outputs}],
        }
        (self.folder / "answers").write_text(json.dumps({**defaults, **answers}))

    @property
    def calls(self) -> list[list[str]]:
        calls = self.folder / "calls"
        return [json.loads(line) for line in calls.read_text().splitlines()] if calls.exists() else []

    @property
    def operations(self) -> list[str]:
        return [call[1] for call in self.calls]


@pytest.fixture
def aliyun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeTool:
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "aliyun"
    program.write_text(f"#!{sys.executable}\n{ALIYUN}")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(folder))
    fake = FakeTool(folder)
    fake.answer()
    return fake


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "template.yml").write_text(TEMPLATE)
    (tmp_path / "phone-verification-python3.12-x86_64.zip").write_bytes(PACKAGE)
    return tmp_path


def run(project: Path, variables: Mapping[str, str]) -> Result:
    arguments = ["--packages", str(project), "--template", str(project / "template.yml")]
    return CliRunner().invoke(main, arguments, env=dict(variables))


def shown_commands(result: Result) -> list[list[str]]:
    return [shlex.split(line[2:]) for line in result.stdout.splitlines() if line.startswith("$ ")]


def option(call: list[str], name: str) -> str:
    return call[call.index(f"--{name}") + 1]


def given_parameters(call: list[str]) -> dict[str, str]:
    numbers = range(1, sum(word.endswith(".ParameterKey") for word in call) + 1)
    return {
        option(call, f"Parameters.{n}.ParameterKey"): option(call, f"Parameters.{n}.ParameterValue") for n in numbers
    }


def test_a_dry_run_shows_every_command_and_runs_none(project: Path, aliyun: FakeTool) -> None:
    result = run(project, {**VARIABLES, "DRY_RUN": "1"})
    assert result.exit_code == 0
    commands = shown_commands(result)
    assert [" ".join(command[:3]) for command in commands] == [
        "aliyun sts GetCallerIdentity",
        "aliyun oss stat",
        "aliyun ros ListStacks",
        "aliyun oss cp",
        "aliyun ros CreateStack",
        "aliyun ros UpdateStack",
        "aliyun ros GetStack",
    ]
    assert all(option(command, "profile") == "management" for command in commands)
    assert commands[3][3:5] == [str(project / "phone-verification-python3.12-x86_64.zip"), f"oss://code-of-ours/{KEY}"]
    assert given_parameters(commands[4]) == {
        "AlertReceiver": "platform",
        "CodeBucket": "code-of-ours",
        "CodeObject": KEY,
        "CooldownHashKey": "****",
        "Runtime": "python3.12",
    }
    assert f'--TemplateBody "$(cat {project / "template.yml"})"' in result.stdout
    assert aliyun.calls == []


def test_a_dry_run_needs_no_tool(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert run(project, {**VARIABLES, "DRY_RUN": "1"}).exit_code == 0


def test_a_new_stack_is_created_with_the_package_under_its_hash(project: Path, aliyun: FakeTool) -> None:
    result = run(project, VARIABLES)
    assert result.exit_code == 0, result.output
    assert aliyun.operations == ["GetCallerIdentity", "stat", "ListStacks", "cp", "CreateStack", "GetStack"]
    create = aliyun.calls[4]
    assert given_parameters(create)["CooldownHashKey"] == SECRET
    assert given_parameters(create)["CodeObject"] == KEY
    assert option(create, "TemplateBody") == TEMPLATE
    assert "account 1234567890123456" in result.stdout
    assert "HttpUrl: https://function.example.com" in result.stdout


def test_each_command_is_shown_before_it_runs_and_as_it_runs(project: Path, aliyun: FakeTool) -> None:
    result = run(project, VARIABLES)
    hidden = {SECRET: "****", TEMPLATE: f"$(cat {project / 'template.yml'})"}
    assert shown_commands(result) == [["aliyun", *(hidden.get(word, word) for word in call)] for call in aliyun.calls]


def test_a_stack_that_is_there_is_updated_and_keeps_what_is_not_given(project: Path, aliyun: FakeTool) -> None:
    stack = {"StackName": "phone-verification", "StackId": "id-7", "Status": "UPDATE_COMPLETE"}
    aliyun.answer(ListStacks=[{"Stacks": [{**stack, "StackId": "id-6", "Status": "DELETE_COMPLETE"}, stack]}])
    result = run(project, {**VARIABLES, "PARAMETERS": ""})
    assert result.exit_code == 0, result.output
    assert aliyun.operations == ["GetCallerIdentity", "stat", "ListStacks", "cp", "UpdateStack", "GetStack"]
    update = aliyun.calls[4]
    assert option(update, "StackId") == "id-7"
    assert option(update, "UsePreviousParameters") == "true"
    assert set(given_parameters(update)) == {"CodeBucket", "CodeObject", "Runtime"}


def test_an_update_that_changes_nothing_is_a_success(project: Path, aliyun: FakeTool) -> None:
    stack = {"StackName": "phone-verification", "StackId": "id-7", "Status": "UPDATE_COMPLETE"}
    refusal = "NotSupported: Update the completely same stack with same template and same parameters is not supported."
    aliyun.answer(ListStacks=[{"Stacks": [stack]}], UpdateStack=[refusal])
    result = run(project, VARIABLES)
    assert result.exit_code == 0, result.output
    assert "Neither template nor parameters differ" in result.stdout


@pytest.mark.parametrize(
    ("status", "said"),
    [("UPDATE_IN_PROGRESS", "Wait until that is over"), ("CREATE_ROLLBACK_COMPLETE", "aliyun ros DeleteStack")],
)
def test_a_stack_that_cannot_be_updated_now_is_left_alone(
    project: Path, aliyun: FakeTool, status: str, said: str
) -> None:
    aliyun.answer(ListStacks=[{"Stacks": [{"StackName": "phone-verification", "StackId": "id-7", "Status": status}]}])
    result = run(project, VARIABLES)
    assert result.exit_code == 1
    assert status in result.stderr
    assert said in result.stderr
    assert aliyun.operations == ["GetCallerIdentity", "stat", "ListStacks"]


@pytest.mark.parametrize("missing", ["STACK", "REGION", "BUCKET", "PROFILE"])
def test_a_variable_that_is_not_set_is_named(project: Path, aliyun: FakeTool, missing: str) -> None:
    result = run(project, {**VARIABLES, missing: ""})
    assert result.exit_code == 1
    assert f"Not set: {missing}." in result.stderr
    assert aliyun.calls == []


@pytest.mark.parametrize("variable", ["STACK", "REGION", "BUCKET", "PROFILE"])
def test_a_variable_that_would_read_as_an_option_is_refused(project: Path, aliyun: FakeTool, variable: str) -> None:
    result = run(project, {**VARIABLES, variable: "--endpoint=evil.example.com"})
    assert result.exit_code == 1
    assert f"{variable} is not one" in result.stderr
    assert aliyun.calls == []


def test_a_missing_tool_is_told_with_the_way_to_do_without(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    result = run(project, VARIABLES)
    assert result.exit_code == 1
    assert "aliyun is not installed" in result.stderr
    assert "DRY_RUN=1" in result.stderr


def test_a_missing_profile_is_told_with_the_command_that_makes_it(project: Path, aliyun: FakeTool) -> None:
    aliyun.answer(GetCallerIdentity=["unknown profile management, run configure to check"])
    result = run(project, VARIABLES)
    assert result.exit_code == 1
    assert "aliyun configure --profile management" in result.stderr
    assert aliyun.operations == ["GetCallerIdentity"]


def test_a_missing_bucket_is_told_with_the_command_that_makes_it(project: Path, aliyun: FakeTool) -> None:
    aliyun.answer(stat=["ErrorCode=NoSuchBucket"])
    result = run(project, VARIABLES)
    assert result.exit_code == 1
    assert "aliyun oss mb oss://code-of-ours --acl private" in result.stderr
    assert "NoSuchBucket" in result.stderr
    assert aliyun.operations == ["GetCallerIdentity", "stat"]


def test_a_missing_package_is_told_with_the_command_that_builds_it(project: Path, aliyun: FakeTool) -> None:
    result = run(project, {**VARIABLES, "RUNTIME": "python3.10"})
    assert result.exit_code == 1
    assert "make package" in result.stderr
    assert aliyun.calls == []


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ("CooldownHashkey=x", "has no parameter CooldownHashkey. It has: AlertReceiver, CooldownHashKey."),
        ("CodeObject=x", "CodeObject follows from what is deployed"),
        ("AlertReceiver", "word 1 is not NAME=VALUE"),
        ("AlertReceiver='x", "cannot be read"),
    ],
)
def test_bad_parameters_are_told_before_anything_runs(
    project: Path, aliyun: FakeTool, parameters: str, said: str
) -> None:
    result = run(project, {**VARIABLES, "PARAMETERS": parameters})
    assert result.exit_code == 1
    assert said in result.stderr
    assert aliyun.calls == []


def test_a_new_stack_needs_what_has_no_default(project: Path, aliyun: FakeTool) -> None:
    result = run(project, {**VARIABLES, "PARAMETERS": ""})
    assert result.exit_code == 1
    assert "needs a value for AlertReceiver" in result.stderr
    assert "cp" not in aliyun.operations


def test_parameters_come_from_a_file_too_and_a_word_wins(project: Path, aliyun: FakeTool) -> None:
    file = project / "parameters.json"
    file.write_text(json.dumps({"CooldownHashKey": SECRET, "AlertReceiver": "nobody"}))
    variables = {**VARIABLES, "PARAMETERS": "AlertReceiver=platform", "PARAMETERS_FILE": str(file)}
    result = run(project, variables)
    assert result.exit_code == 0, result.output
    given = given_parameters(aliyun.calls[4])
    assert (given["CooldownHashKey"], given["AlertReceiver"]) == (SECRET, "platform")


@pytest.mark.parametrize("content", ["[]", "{", '{"AlertReceiver": ["a"]}', None])
def test_a_file_that_is_no_object_of_values_is_refused(project: Path, aliyun: FakeTool, content: str | None) -> None:
    file = project / "parameters.json"
    if content is not None:
        file.write_text(content)
    result = run(project, {**VARIABLES, "PARAMETERS_FILE": str(file)})
    assert result.exit_code == 1
    assert "PARAMETERS_FILE" in result.stderr
    assert aliyun.calls == []


@pytest.mark.parametrize("content", ["", "[]", "Parameters: [", "Resources: {}", "Parameters: {Site: {Type: String}}"])
def test_what_is_no_template_of_this_project_is_refused(project: Path, aliyun: FakeTool, content: str) -> None:
    (project / "template.yml").write_text(content)
    result = run(project, VARIABLES)
    assert result.exit_code == 1
    assert "template" in result.stderr
    assert aliyun.calls == []


def test_a_secret_is_shown_nowhere_not_even_in_the_tools_own_error(project: Path, aliyun: FakeTool) -> None:
    aliyun.answer(CreateStack=[f"InvalidParameter: {SECRET} is too short"])
    result = run(project, VARIABLES)
    assert result.exit_code == 1
    assert "InvalidParameter: **** is too short" in result.stderr
    assert SECRET not in result.output


def test_a_tool_that_does_not_print_json_is_told(project: Path, aliyun: FakeTool) -> None:
    (aliyun.folder / "aliyun").write_text(f"#!{sys.executable}\nprint('Done')\n")
    result = run(project, VARIABLES)
    assert result.exit_code == 1
    assert "output format to json" in result.stderr


@pytest.fixture
def deployment(project: Path) -> Deployment:
    return Deployment(
        Stack("phone-verification", "cn-hangzhou", "management"),
        "code-of-ours",
        project / "phone-verification-python3.12-x86_64.zip",
        project / "template.yml",
        "python3.12",
        read_parameters(project / "template.yml"),
        {"AlertReceiver": "platform"},
    )


def steps(deployment: Deployment, clock: Callable[[], float], slept: list[float]) -> dict[str, str]:
    return deploy(deployment, Tool(lambda _: None), lambda _: None, sleep=slept.append, monotonic=clock)


def test_it_waits_until_the_stack_is_done(deployment: Deployment, aliyun: FakeTool) -> None:
    at_work, done = {"Status": "CREATE_IN_PROGRESS"}, {"Status": "CREATE_COMPLETE"}
    aliyun.answer(GetStack=[at_work, at_work, done])
    slept: list[float] = []
    assert steps(deployment, lambda: 0.0, slept) == {}
    assert len(slept) == 2


def test_a_stack_that_is_never_done_is_given_up(deployment: Deployment, aliyun: FakeTool) -> None:
    aliyun.answer(GetStack=[{"Status": "CREATE_IN_PROGRESS"}])
    hours = iter(range(0, 10_000, 3600))
    with pytest.raises(DeployError, match="still CREATE_IN_PROGRESS"):
        steps(deployment, lambda: float(next(hours)), [])


def test_a_stack_that_was_rolled_back_is_a_failure_with_its_reason(deployment: Deployment, aliyun: FakeTool) -> None:
    aliyun.answer(GetStack=[{"Status": "CREATE_ROLLBACK_COMPLETE", "StatusReason": "Quota exceeded for Function"}])
    with pytest.raises(DeployError, match="CREATE_ROLLBACK_COMPLETE: Quota exceeded for Function"):
        steps(deployment, lambda: 0.0, [])


def test_any_other_failure_is_the_tools_own_word(deployment: Deployment, aliyun: FakeTool) -> None:
    stack = {"StackName": "phone-verification", "StackId": "id-7", "Status": "UPDATE_COMPLETE"}
    aliyun.answer(ListStacks=[{"Stacks": [stack]}], UpdateStack=["Forbidden.RAM"])
    with pytest.raises(DeployError, match=r"Forbidden\.RAM"):
        steps(deployment, lambda: 0.0, [])


def test_the_projects_own_template_takes_what_is_deployed() -> None:
    template = Path(__file__).parents[2] / "template.yml"
    if not template.exists():
        pytest.skip("there is no template yet")
    names = {parameter.name for parameter in read_parameters(template)}
    assert {"CodeBucket", "CodeObject", "Runtime"} <= names
    # As one argument, it must be shorter than what Linux takes.
    assert len(os.fsencode(template.read_text())) < 128 * 1024
