"""`make smoke`: against a stub cloud whose functions `fcapi serve` runs, and against `fcapi serve` itself."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.account.conftest import OUTPUTS, Project
from tests.account.stub_cloud import Answer, StubCloud
from tests.clouds import Served, serving
from tests.handlers import CONTACT_ID, PHONE_NUMBER
from tests.integration.vendor import VENDOR_WARNINGS

pytestmark = [VENDOR_WARNINGS, pytest.mark.xdist_group("account")]

TEMPLATE = (Path(__file__).parents[2] / "template.yml").read_text()


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serving(signed=True) as served:
        yield served


@pytest.fixture
def stack(project: Project, cloud: StubCloud, served: Served) -> Project:
    """Have a stack be there whose functions and HTTP trigger are served."""
    cloud.ros.add_stack(TEMPLATE, {})
    cloud.ros.outputs = {**OUTPUTS, "HttpPublicUrl": served.endpoints["http_trigger"] + "/"}
    cloud.functions.lines_from = lambda: list(served.lines)
    project.environ["ENDPOINT_URL_FC"] = served.endpoints["invoke_api"]
    return project


def findings(output: str) -> dict[str, Any]:
    return {each["check"]: each for each in map(json.loads, output.splitlines()) if "check" in each}


def report(output: str) -> dict[str, str]:
    return {each["question"]: each["answer"] for each in json.loads(output.splitlines()[-1])["report"]}


def test_a_stack_that_is_alive_and_closed_passes(stack: Project, cloud: StubCloud, served: Served) -> None:
    contact = {"ContactId": "c-smoke", "PhoneNumber": "86-13900005678"}
    requests.post(served.url("_emulator/contacts"), json=contact, timeout=20).raise_for_status()
    before = len(served.texts())
    result = stack.smoke(JSON="1", CONTACT="c-smoke", NUMBER="86-13900005678")
    found = findings(result.stdout)
    assert {check: each["result"] for check, each in found.items()} == {
        "function 2, dry run": "ok",
        "function 1, a refusal": "ok",
        "unsigned POST to HttpPublicUrl": "ok",
        "one text": "ok",
        "log lines": "ok",
        "queue of DeadLetterQueueName": "ok",
        "queue of ParkedQueueName": "ok",
    }
    assert result.exit_code == 0
    assert found["function 1, a refusal"]["detail"] == "400 UnknownParameter, as documented"
    assert found["unsigned POST to HttpPublicUrl"]["detail"] == "refused by the platform: 400 MissingRequiredHeader"
    assert len(served.texts()) == before + 1
    assert "86-139****5678 was texted, RequestId " in found["one text"]["detail"]
    assert not {"CreateStack", "UpdateStack"} & set(cloud.calls)


def test_what_is_inferred_is_answered_as_a_report_without_names(stack: Project, cloud: StubCloud) -> None:
    answered = report(stack.smoke(JSON="1").stdout)
    assert answered["In which field of a log entry does a function's line lie?"] == "message"
    assert answered["What form has it?"] == "parts of 1-8-8-12 characters"
    assert answered["Is the request id that InvokeFunction answers the one in the function's log lines?"] == "yes"
    assert [answer for question, answer in answered.items() if "ListMessageContactVerifications" in question] == ["yes"]
    assert [answer for question, answer in answered.items() if ":SendPhone" in question] == ["not checked"]
    cloud.functions.field_name = "content"
    answered = report(stack.smoke(JSON="1").stdout)
    assert answered["In which field of a log entry does a function's line lie?"] == "content"


def test_people_get_a_line_for_each_check_and_what_to_do(stack: Project, cloud: StubCloud) -> None:
    cloud.queues.counts = {"phone-verification-dead-letters": (1, 1, 1)}
    result = stack.smoke()
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert re.fullmatch(r"ok +function 2, dry run: \d pending, it would send \d", lines[0])
    at = next(number for number, line in enumerate(lines) if "DeadLetterQueueName" in line)
    assert lines[at].endswith("3 messages")
    assert "docs/runbook.md#dead-letters" in lines[at + 1]
    assert any(line.startswith("failed") and "ParkedQueueName" in line and "QueueNotExist" in line for line in lines)
    assert any(line.startswith("not checked here one text") for line in lines)


OPEN = "OPEN TO EVERYBODY"


@pytest.mark.parametrize(
    ("answer", "result", "detail"),
    [
        (Answer(403, b'{"Code": "AccessDenied"}'), "ok", "refused by the platform: 403 AccessDenied"),
        (Answer(401, b"no JSON"), "ok", "refused by the platform: 401"),
        (Answer(200, b'{"RequestId": "x"}'), "failed", OPEN),
        (Answer(400, b'{"Code": "UnknownParameter"}'), "failed", OPEN),
        (Answer(400, b'{"Code": "MissingParameter.ContactId"}'), "failed", OPEN),
        (Answer(415, b'{"Code": "UnsupportedMediaType"}'), "failed", OPEN),
        (Answer(500, b'{"Code": "FunctionMisconfigured"}'), "failed", OPEN),
        (Answer(400, b'{"Code": "MissingRequiredHeader"}'), "ok", "refused by the platform: 400"),
        (Answer(503, b'{"Code": "ServiceUnavailable"}'), "failed", "neither refused nor answered"),
        (Answer(502, b"{}", {"X-Fc-Error-Type": "UnhandledInvocationError"}), "failed", OPEN),
        (Answer(404, b'{"Code": "NotFound"}'), "failed", "404 NotFound: neither refused nor answered"),
        (Answer(302, b"", {"Location": "https://example.com/"}), "failed", "302"),
    ],
)
def test_an_url_that_lets_an_unsigned_request_in_fails_loudly(
    project: Project, cloud: StubCloud, answer: Answer, result: str, detail: str
) -> None:
    cloud.ros.add_stack(TEMPLATE, {})
    cloud.open_urls = {"/gateway": answer}
    cloud.ros.outputs = {"ApiUrl": f"{cloud.url}/gateway", **OUTPUTS}
    ran = project.smoke("--patience", "0", JSON="1")
    found = findings(ran.stdout)["unsigned POST to ApiUrl"]
    assert found["result"] == result
    assert detail in found["detail"]
    assert ran.exit_code == 1


def test_a_gateway_whose_url_is_not_known_does_not_pass(project: Project, cloud: StubCloud) -> None:
    cloud.ros.add_stack(TEMPLATE, {})
    cloud.ros.outputs = {"ApiRouteId": "hr-1", **OUTPUTS}
    check = "unsigned POST to the gateway"
    found = findings(project.smoke("--patience", "0", JSON="1").stdout)[check]
    assert (found["result"], found["detail"]) == ("failed", "its URL is not known")
    assert "GATEWAY_URL=" in found["todo"]
    cloud.open_urls = {"/gateway": Answer(401, b"{}")}
    given = project.smoke("--patience", "0", JSON="1", GATEWAY_URL=f"{cloud.url}/gateway")
    assert findings(given.stdout)[check]["result"] == "ok"
    cloud.ros.outputs["ApiUrl"] = f"{cloud.url}/gateway"
    assert check not in findings(project.smoke("--patience", "0", JSON="1").stdout)


def test_an_url_that_cannot_be_reached_is_not_taken_for_a_closed_one(project: Project, cloud: StubCloud) -> None:
    cloud.ros.add_stack(TEMPLATE, {})
    cloud.ros.outputs = {"HttpUrl": "http://127.0.0.1:1/", **OUTPUTS}
    found = findings(project.smoke("--patience", "0", JSON="1").stdout)["unsigned POST to HttpUrl"]
    assert found["result"] == "not checked here"


def test_a_function_that_fails_is_told_with_what_to_do(project: Project, cloud: StubCloud) -> None:
    cloud.ros.add_stack(TEMPLATE, {})
    error = b'{"errorType": "EventFailed", "errorMessage": "FunctionMisconfigured"}'
    cloud.functions.invoke_function = lambda _, __, ___: (error, [], True)
    result = project.smoke("--patience", "0", JSON="1", CONTACT=CONTACT_ID, NUMBER=PHONE_NUMBER)
    found = findings(result.stdout)
    assert result.exit_code == 1
    for check in ("function 2, dry run", "function 1, a refusal", "one text"):
        assert (found[check]["result"], found[check]["detail"]) == ("failed", "it failed: EventFailed")
        assert found[check]["todo"]


def test_the_platforms_own_entries_are_reported_by_their_fields(project: Project, cloud: StubCloud) -> None:
    cloud.ros.add_stack(TEMPLATE, {})
    answered = report(project.smoke("--patience", "0", JSON="1").stdout)
    fields = answered["Which fields has the platform's own entry for an invocation?"]
    assert fields == "functionName, hasFunctionError, invocationType, requestId"


def test_a_function_that_answers_otherwise_fails(project: Project, cloud: StubCloud) -> None:
    cloud.ros.add_stack(TEMPLATE, {})
    reply = json.dumps({"statusCode": 500, "body": '{"Code": "FunctionMisconfigured"}'}).encode()
    cloud.functions.invoke_function = lambda _, __, ___: (reply, [], False)
    found = findings(project.smoke("--patience", "0", JSON="1", CONTACT=CONTACT_ID, NUMBER=PHONE_NUMBER).stdout)
    assert found["function 1, a refusal"]["detail"] == "500 FunctionMisconfigured"
    assert found["one text"]["detail"] == "500 FunctionMisconfigured"
    assert found["function 2, dry run"]["result"] == "failed"


def test_missing_log_lines_fail_and_late_ones_are_waited_for(stack: Project, cloud: StubCloud) -> None:
    cloud.functions.looks_until_seen = 1
    assert findings(stack.smoke("--look-every", "0", JSON="1").stdout)["log lines"]["result"] == "ok"
    cloud.functions.lines_from = list
    found = findings(stack.smoke("--patience", "0", JSON="1").stdout)["log lines"]
    assert found["result"] == "failed"
    assert "no line within" in found["detail"]
    assert "function 1, a refusal" in found["detail"]


def test_a_stack_that_does_not_name_its_log_store_is_told(stack: Project, cloud: StubCloud) -> None:
    del cloud.ros.outputs["LogStoreName"]
    found = findings(stack.smoke("--patience", "0", JSON="1").stdout)["log lines"]
    assert (found["result"], found["detail"]) == ("failed", "The outputs of the stack name no log store.")


def test_a_second_text_within_the_window_is_told_as_none(stack: Project) -> None:
    for _ in range(2):
        result = stack.smoke(JSON="1", CONTACT=CONTACT_ID, NUMBER=PHONE_NUMBER)
    assert "nothing was sent now" in findings(result.stdout)["one text"]["detail"]


def test_a_stack_that_is_not_there_is_told(project: Project) -> None:
    result = project.smoke()
    assert result.exit_code == 1
    assert "There is no stack phone-verification in cn-hangzhou" in result.stderr


def test_an_older_stack_without_an_output_is_told(project: Project, cloud: StubCloud) -> None:
    cloud.ros.add_stack(TEMPLATE, {})
    cloud.ros.outputs = {}
    found = findings(project.smoke("--patience", "0", JSON="1").stdout)
    assert "name no function of resend_pending_verifications.py" in found["function 2, dry run"]["detail"]
    assert found["unsigned POST"]["detail"] == "the stack has no URL"
    assert found["log lines"]["result"] == "not checked here"


@pytest.mark.parametrize(
    "variables", [{"CONTACT": CONTACT_ID}, {"NUMBER": PHONE_NUMBER}, {"SERVE": "http://example.com"}]
)
def test_a_call_that_cannot_be_meant_is_wrong(project: Project, cloud: StubCloud, variables: dict[str, str]) -> None:
    assert project.smoke(**variables).exit_code == 2
    assert cloud.calls == []


def test_what_is_served_on_a_laptop_is_checked_as_far_as_it_goes(project: Project, served: Served) -> None:
    result = project.smoke(SERVE=served.endpoints["invoke_api"], JSON="1", ENDPOINT_URL="")
    found = findings(result.stdout)
    assert result.exit_code == 0, result.output
    assert {check: each["result"] for check, each in found.items()} == {
        "function 2, dry run": "ok",
        "function 1, a refusal": "ok",
        "unsigned POST to http trigger": "ok",
        "one text": "not checked here",
        "log lines": "ok",
        "queues": "not checked here",
    }
    assert '"report"' not in result.stdout  # a laptop says nothing of the cloud


def test_a_trigger_that_is_served_open_on_purpose_is_not_checked(project: Project) -> None:
    with serving() as served:
        found = findings(project.smoke(SERVE=served.endpoints["invoke_api"], JSON="1").stdout)
    assert found["unsigned POST"]["result"] == "not checked here"
    assert "--signed" in found["unsigned POST"]["detail"]


def test_a_laptop_on_which_nothing_is_served_is_told(project: Project) -> None:
    result = project.smoke(SERVE="http://127.0.0.1:1")
    assert result.exit_code == 1
    assert "make serve" in result.stderr
