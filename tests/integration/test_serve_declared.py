"""What is served is what the template declares and the folder of the functions holds."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from local.instances.instance import CODE_PATH
from local.serve.declared import TEMPLATE, NotServable, read_declared
from tests.clouds import RESEND, SECONDS, SEND, serving
from tests.handlers import REQUEST
from tests.probes import write_function

THIRD = """
Resources:
  ThirdFunction:
    Type: ALIYUN::FC3::Function
    Properties:
      FunctionName: third
      Handler: report_verified_contacts.handler
      InstanceLifecycleConfig:
        Initializer:
          Handler: report_verified_contacts.initialize
          Timeout: 7
      Timeout: 30
"""


def changed(folder: Path, change: Callable[[str], str]) -> Path:
    """Write the template with a change into a folder, and return it."""
    template = folder / "template.yml"
    template.write_text(change(TEMPLATE.read_text()))
    return template


def with_a_third(text: str) -> str:
    return text.replace("\nResources:\n", THIRD)


def with_(new: str, *, instead_of: str) -> Callable[[str], str]:
    return lambda text: text.replace(instead_of, new)


def without(line: str) -> Callable[[str], str]:
    return lambda text: text.replace(f"{line}\n", "")


def test_each_function_is_declared_by_the_template() -> None:
    declared = read_declared(TEMPLATE, CODE_PATH)
    send, resend = declared.functions.values()
    assert (send.name, send.timeout, send.initializer_timeout, send.retries) == (SEND, 60, 20, 2)
    assert (resend.name, resend.timeout, resend.initializer_timeout, resend.retries) == (RESEND, 60, 20, 0)
    assert (send.takes_dead_letters, resend.takes_dead_letters) == (True, False)
    assert declared.http_function == SEND


def test_a_third_function_is_served_as_soon_as_its_file_and_its_resource_are_there(tmp_path: Path) -> None:
    code_path = shutil.copytree(CODE_PATH, tmp_path / "functions")
    write_function(code_path, "return {'you said': event.decode()}", name="report_verified_contacts")
    with serving(code_path, template=changed(tmp_path, with_a_third)) as cloud:
        sent = requests.post(cloud.endpoints["http_trigger"], json=REQUEST, timeout=SECONDS)
        assert sent.status_code == 200
        answer = cloud.invoke("hello", function="report_verified_contacts")
        assert json.loads(answer["Payload"]) == {"you said": "hello"}
        third = {"Name": "report_verified_contacts", "Retries": 3, "Instances": 1}
        assert third in cloud.see("state")["Functions"]


def test_a_file_that_the_template_does_not_declare_is_passed_over(tmp_path: Path) -> None:
    for name in (SEND, RESEND, "typing_extensions"):
        write_function(tmp_path, "pass", name=name)
    assert list(read_declared(TEMPLATE, tmp_path).functions) == [SEND, RESEND]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (with_a_third, r"ThirdFunction .* report_verified_contacts\.py; there are: resend.*py, send.*py"),
        (without("      TriggerType: timer"), "type timer"),
        (without("      TriggerType: http"), "type http"),
        (without("      Timeout: 60"), "SendFunction: Timeout must be a whole number from 1"),
        (
            lambda text: text.replace("      Timeout: 60", "      Timeout: soon"),
            "SendFunction: Timeout must be a whole",
        ),
        (with_("payload: {DryRun: true}", instead_of="payload: ''"), "payload must be text"),
        (with_(f"{SEND}.", instead_of=f"{RESEND}."), "a second function"),
        (lambda text: text.replace("0 0 1 * * *", "daily"), "cronExpression"),
        (lambda _: "Resources: [", "not YAML"),
    ],
    ids=[
        "no code",
        "no timer",
        "no http",
        "no time limit",
        "a bad time limit",
        "an object as payload",
        "twice",
        "no schedule",
        "no yaml",
    ],
)
def test_a_template_that_cannot_be_served_is_told_why(tmp_path: Path, change: Callable[[str], str], says: str) -> None:
    with pytest.raises(NotServable, match=says):
        read_declared(changed(tmp_path, change), CODE_PATH)
