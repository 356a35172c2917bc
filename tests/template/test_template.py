"""The real template, the command that checks it, and what the rules say of the code."""

import copy
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from local.template.__main__ import main
from local.template.code import Code
from local.template.document import MalformedTemplate, Template, read_template
from local.template.evaluation import with_defaults, with_everything
from local.template.metadata import MetadataUnreadable
from local.template.subject import Judges, Subject
from local.template.triggers import TRIGGERS
from local.template.validation import problems_of, validate

PROJECT = Path(__file__).parents[2]


def test_the_template_holds_against_every_rule(text: str, judges: Judges) -> None:
    _, problems = validate(text, judges)
    assert problems == []


def test_only_http_and_the_timer_are_on_by_default(text: str) -> None:
    template = read_template(text)
    evaluation = with_defaults(template)
    triggers = {name for (_, name), resource in template.resources() if evaluation.holds(resource.get("Condition", ""))}
    assert triggers == {"HttpTriggerOfSend", "TimerTriggerOfResend", "NoSweepAlert"}


def test_with_everything_on_all_conditions_hold(text: str) -> None:
    template = read_template(text)
    assert all(with_everything(template).holds(name) for name in template.section("Conditions"))


@pytest.mark.parametrize("name", [name for name, trigger in TRIGGERS.items() if trigger.resource is None])
def test_a_trigger_that_the_template_leaves_out_has_a_reason(name: str) -> None:
    assert TRIGGERS[name].why_not


def test_every_pattern_and_payload_is_json(text: str) -> None:
    template = read_template(text)
    for _, resource in template.resources("ALIYUN::FC3::Trigger"):
        config = with_defaults(template).value(resource["Properties"]["TriggerConfig"])
        assert isinstance(json.loads(config.get("eventRuleFilterPattern", "{}")), dict)


def test_a_trigger_without_a_sample_is_caught(text: str, judges: Judges) -> None:
    _, problems = validate(text, replace(judges, samples=judges.samples - {"smq_queue"}))
    assert any("expected a sample events/smq_queue.json" in problem for problem in problems)


def test_a_sample_without_a_trigger_is_caught(text: str, judges: Judges) -> None:
    _, problems = validate(text, replace(judges, samples=judges.samples | {"oss"}))
    assert any("events/oss.json" in problem for problem in problems)


def test_a_trigger_that_the_table_lacks_is_caught(text: str, judges: Judges, monkeypatch: pytest.MonkeyPatch) -> None:
    without = {name: trigger for name, trigger in TRIGGERS.items() if name != "kafka"}
    monkeypatch.setattr("local.template.rules.triggers.TRIGGERS", without)
    _, problems = validate(text, judges)
    assert any("expected the trigger kafka" in problem for problem in problems)


def test_a_heading_that_the_runbook_lacks_is_caught(text: str, judges: Judges) -> None:
    _, problems = validate(text, replace(judges, runbook=judges.runbook - {"daily-limit"}))
    assert any("DailyLimitAlert" in problem and "one of its headings" in problem for problem in problems)


@pytest.fixture
def code(tmp_path: Path) -> Path:
    """Return a copy of the client and of small functions, to be changed."""
    client = tmp_path / "resource_directory" / "client.py"
    client.parent.mkdir()
    client.write_text((PROJECT / "functions" / "resource_directory" / "client.py").read_text())
    calls = "client.send_phone_verification_for_message_contact()"
    entry = "def handler(event, context): ...\ndef initialize(context): ...\n"
    (tmp_path / "send_phone_verification.py").write_text(f"{entry}{calls}\n")
    (tmp_path / "work.py").write_text(f"{calls}\nclient.list_message_contact_verifications()\n")
    (tmp_path / "resend_pending_verifications.py").write_text(f"from work import sweep\n{entry}")
    return tmp_path


def test_an_operation_that_no_role_is_said_to_need_is_caught(text: str, judges: Judges, code: Path) -> None:
    client = code / "resource_directory" / "client.py"
    client.write_text(client.read_text() + '\ndef delete_contact(self): self._call("DeleteMessageContact", {})\n')
    _, problems = validate(text, replace(judges, code=Code(code)))
    assert any("expected delete_contact both in the client" in problem for problem in problems)


def test_an_operation_that_a_handler_calls_no_more_is_caught(text: str, judges: Judges, code: Path) -> None:
    (code / "work.py").write_text("client.send_phone_verification_for_message_contact()\n")
    _, problems = validate(text, replace(judges, code=Code(code)))
    assert any("resend_pending_verifications to call list_message" in problem for problem in problems)


def test_an_operation_is_found_in_the_modules_that_a_handler_leads_to(judges: Judges, code: Path) -> None:
    assert "list_message_contact_verifications" in Code(code).attributes_reached("resend_pending_verifications")
    assert "list_message_contact_verifications" not in Code(code).attributes_reached("send_phone_verification")
    assert judges.code.client_actions == Code(code).client_actions


def test_a_handler_with_other_arguments_is_caught(text: str, judges: Judges, code: Path) -> None:
    (code / "send_phone_verification.py").write_text("def handler(event): ...\ndef initialize(context): ...\n")
    _, problems = validate(text, replace(judges, code=Code(code)))
    assert any("SendFunction.Properties.Handler: expected a function" in problem for problem in problems)


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        ("Parameters: [", "not YAML"),
        ("- a list", "line 1: the template must be a mapping"),
        ("", "line 1: the template must be a mapping"),
        ("Resources:\n  A: {}\n  A: {}\n", "line 3: Resources.A is there twice"),
        ("Resources:\n  A: &a {}\n  B: *a\n", "line 2: Resources.B is there twice, by & and"),
        ("Resources:\n  A: &a x\n  B: *a\n", "line 2: Resources.B is there twice, by & and"),
        ("Resources:\n  [A]: {}\n", "line 2: Resources has a key that is no text"),
    ],
)
def test_what_cannot_be_read_says_where(broken: str, says: str, judges: Judges) -> None:
    with pytest.raises(MalformedTemplate, match=f"^{says}"):
        read_template(broken)
    assert validate(broken, judges)[1]


@pytest.mark.parametrize("empty", ["Resources: {A: }", "Resources: []", "Resources: {A: {Type: 5}}", "Outputs: {O: x}"])
def test_a_template_of_odd_shapes_has_problems_and_no_crash(empty: str, judges: Judges) -> None:
    _, problems = validate(empty, judges)
    assert problems


ODD = [5, "x", [], {}, None, {"Ref": []}, [{}], {"Fn::GetAtt": ["LogStore", {}]}, {"Fn::Sub": "${LogStore.}"}]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(position=st.integers(min_value=0, max_value=1_000_000), odd=st.sampled_from(ODD))
def test_no_odd_value_in_any_place_crashes_a_rule(judges: Judges, position: int, odd: object) -> None:
    text = (PROJECT / "template.yml").read_text()
    template = read_template(text)
    paths = [path for path in template.lines if path]
    *way, last = paths[position % len(paths)]
    changed = copy.deepcopy(template.data)
    place = changed
    for step in way:
        place = place[step]  # type: ignore[index]
    place[last] = odd  # type: ignore[index]
    problems_of(Subject(Template(text, changed, template.lines), judges))


def test_a_condition_that_depends_on_itself_is_caught(text: str, judges: Judges) -> None:
    _, problems = validate(text.replace("Fn::Equals: [true, {Ref: HttpPublic}]", "Fn::Not: HttpPublicOn"), judges)
    assert problems == ["Conditions: expected none that depends on itself, and no value so deep"]


def test_the_command_says_what_it_checked(text: str, tmp_path: Path) -> None:
    path = tmp_path / "template.yml"
    path.write_text(text)
    result = CliRunner().invoke(main, [str(path)])
    assert (result.exit_code, result.stderr) == (0, "")
    assert "resources of 18 types hold against" in result.stdout


def test_the_command_lists_every_problem_with_its_line_and_fails(text: str, tmp_path: Path) -> None:
    path = tmp_path / "template.yml"
    path.write_text(text.replace("AutoSplit", "AutoSplits", 1).replace("authType: function", "authType: anonymous", 1))
    result = CliRunner().invoke(main, [str(path)])
    assert result.exit_code == 1
    assert result.stdout == ""
    line = text[: text.index("AutoSplit")].count("\n") + 1
    assert f"template.yml: line {line}: Resources.LogStore.Properties.AutoSplits: expected one of" in result.stderr
    assert "Resources.HttpTriggerOfSend.Properties.TriggerConfig.authType: expected function" in result.stderr


def test_the_command_says_when_it_cannot_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreadable(_: Path) -> Judges:
        raise MetadataUnreadable("the wheel ros-cdk-fc3 is missing")

    monkeypatch.setattr("local.template.__main__.judges_of", unreadable)
    result = CliRunner().invoke(main)
    assert (result.exit_code, result.stderr) == (1, "Error: the wheel ros-cdk-fc3 is missing\n")


def test_the_module_runs_as_a_command() -> None:
    done = subprocess.run([sys.executable, "-m", "local.template"], cwd=PROJECT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("template.yml: ")
