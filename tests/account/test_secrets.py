"""No secret is shown: not in an error, an event, an output, a log of the SDKs, or a trace."""

import base64
import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest

from local.account.secrets import NOT_SHOWN, Secrets
from tests.account.conftest import Project
from tests.account.stub_cloud import StubCloud
from tests.account.stub_services import ServiceError
from tests.integration.vendor import VENDOR_WARNINGS

pytestmark = [VENDOR_WARNINGS, pytest.mark.xdist_group("account")]

ROOT = Path(__file__).parents[2]
KEY = "a secret; of 'thirty-two' bytes, or \\ more+/=&ä"
STORE = "rediss://app:S3cret%23Pa55@store.example.com:6379/0"
PARAMETERS = {"CooldownHashKey": KEY, "CooldownStoreUrl": STORE}
FORMS = [
    KEY,
    quote(KEY, safe=""),
    quote(quote(KEY, safe=""), safe=""),
    json.dumps(KEY),
    KEY.encode().hex(),
    base64.b64encode(KEY.encode()).decode(),
    KEY[:20],
    "S3cret%23Pa55",
]


@pytest.fixture
def secretive(project: Project) -> Project:
    """Return a project that deploys with two secrets."""
    file = project.folder / "secrets.json"
    file.write_text(json.dumps(PARAMETERS))
    project.environ["PARAMETERS_FILE"] = str(file)
    return project


def shows_nothing(output: str) -> bool:
    """Tell whether a text is free of the secrets, in any form, and of parts of them."""
    return not any(form in output or form[:16] in output for form in (*FORMS, "local-secret", "rediss"))


def test_they_are_given_to_the_service_and_shown_nowhere(secretive: Project, cloud: StubCloud) -> None:
    result = secretive.deploy()
    assert result.exit_code == 0
    assert {name: cloud.ros.stacks[0].parameters[name] for name in PARAMETERS} == PARAMETERS
    assert shows_nothing(result.output)
    changed = secretive.deploy(PARAMETERS="CooldownHashKey='another secret of thirty-two bytes'")
    assert "  CooldownHashKey: set to the value that was given" in changed.stdout
    assert "another secret" not in changed.output
    assert shows_nothing(changed.output)


@pytest.mark.parametrize("operation", ["PreviewStack", "CreateStack"])
def test_a_broken_connection_does_not_show_the_url(secretive: Project, cloud: StubCloud, operation: str) -> None:
    """The SDK's exception holds the whole URL, and the parameters are in it."""
    cloud.broken = {operation: 1}
    result = secretive.deploy()
    assert f"ROS {operation} got no usable answer" in result.stderr
    assert shows_nothing(result.output)
    assert "Parameters" not in result.stderr


@pytest.mark.parametrize("form", FORMS)
def test_an_error_that_repeats_one_is_shown_without_its_text(secretive: Project, cloud: StubCloud, form: str) -> None:
    cloud.ros.errors["CreateStack"] = ServiceError(400, "StackValidationFailed", f"The value {form} is too short.")
    result = secretive.deploy()
    assert f"ROS CreateStack was refused (400 StackValidationFailed): {NOT_SHOWN}" in result.stderr
    assert shows_nothing(result.output)


def test_what_is_said_of_a_signature_is_not_shown(secretive: Project, cloud: StubCloud) -> None:
    said = "server CanonicalRequest is [POST\n/\nParameters.1.ParameterKey=CooldownHashKey]"
    cloud.ros.errors["PreviewStack"] = ServiceError(400, "SignatureDoesNotMatch", said)
    result = secretive.deploy()
    assert "was refused (400 SignatureDoesNotMatch)\n" in result.stderr
    assert "Canonical" not in result.output


def test_events_reasons_and_outputs_that_repeat_one_are_not_shown(secretive: Project, cloud: StubCloud) -> None:
    cloud.ros.failing = {"SendFunction": f"COOLDOWN_HASH_KEY={KEY} is not allowed"}
    cloud.ros.outputs["Odd"] = STORE
    result = secretive.deploy()
    assert result.exit_code == 1
    assert f"SendFunction (ALIYUN::FC3::Function): {NOT_SHOWN}" in result.stderr
    assert shows_nothing(result.output)
    cloud.ros.failing = {}
    cloud.ros.stacks.clear()
    result = secretive.deploy()
    assert f"  Odd: {NOT_SHOWN}" in result.stdout
    assert shows_nothing(result.output)


def test_the_sdks_do_not_log_the_url_even_when_told_to(secretive: Project, cloud: StubCloud) -> None:
    """DEBUG=sdk has them print every request; the process has nothing around its streams that would keep a log away."""
    cloud.broken = {"CreateStack": 1}
    command = [sys.executable, "-W", "ignore", "-m", "local.account.deploy", "--template", str(secretive.template)]
    environ = {**os.environ, **secretive.environ, "DEBUG": "sdk"}
    ran = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, check=False, text=True)
    assert ran.returncode == 1
    assert shows_nothing(ran.stdout + ran.stderr)
    assert "HTTP/1.1" not in ran.stdout + ran.stderr
    assert ran.stderr.startswith("Error: ROS CreateStack got no usable answer")


@pytest.mark.parametrize("text", ["", "a text", "no secret of any kind"])
def test_a_text_without_one_is_shown_as_it_is(text: str) -> None:
    assert Secrets([KEY, "", STORE]).safe(text) == text


def test_a_text_is_shown_on_one_line_without_control_characters_and_passwords_of_urls() -> None:
    said = "one\n\x1b[2Jtwo rediss://app:unknown@host:6379/0 https://host/a@b"
    assert Secrets().safe(said) == "one [2Jtwo rediss://****@host:6379/0 https://host/a@b"


def test_a_short_secret_hides_every_text_that_has_it() -> None:
    assert Secrets(["abc"]).safe("x abc x") == NOT_SHOWN
    assert Secrets(["abc"]).safe("x ab x") == "x ab x"
