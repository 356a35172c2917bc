"""What cannot be meant is told before anything is asked of the account, with what is allowed: exit code 2."""

import os
import subprocess
import sys

import pytest

from tests.account.conftest import OUR_TEMPLATE, SHORT_TEMPLATE, Project, package_for
from tests.account.stub_cloud import StubCloud
from tests.integration.vendor import VENDOR_WARNINGS

pytestmark = [VENDOR_WARNINGS, pytest.mark.xdist_group("account")]

SECRET = "a secret; of 'thirty-two' bytes, or more"
TEMPLATE = """\
ROSTemplateFormatVersion: '2015-09-01'
Parameters:
  CodeBucket: {Type: String}
  CodeObject: {Type: String}
  Runtime: {Type: String, Default: python3.12}
  Receiver: {Type: String, MinLength: 2, MaxLength: 4}
  Pattern: {Type: String, Default: abc, AllowedPattern: '^[a-z]+$'}
  Least: {Type: Number, Default: 3, MinValue: 2}
  Most: {Type: Number, Default: 3, MaxValue: 4}
  Between: {Type: Number, Default: 3, MinValue: 2, MaxValue: 4}
  Choice: {Type: Number, Default: 0.1, AllowedValues: [0.1, 0.25]}
  Switch: {Type: Boolean, Default: true}
  Word: {Type: String, Default: 'false', AllowedValues: ['false', 'true']}
  Key: {Type: String, NoEcho: true, Default: '', MaxLength: 4}
Resources: {}
"""


@pytest.fixture
def small(project: Project) -> Project:
    """Return the project with a template of few parameters."""
    project.template = project.folder / "template.yml"
    project.template.write_text(TEMPLATE)
    return project


def refused(project: Project, cloud: StubCloud, **variables: str) -> str:
    """Return what the command says of a call that is wrong."""
    result = project.deploy(**variables)
    assert result.exit_code == 2, result.output
    assert cloud.calls == []
    assert SECRET not in result.output
    return result.stderr


@pytest.mark.parametrize("missing", ["STACK", "REGION", "BUCKET"])
def test_a_variable_that_is_not_set_is_named(project: Project, cloud: StubCloud, missing: str) -> None:
    assert f"Not set: {missing}." in refused(project, cloud, **{missing: ""})


@pytest.mark.parametrize("variable", ["STACK", "BUCKET", "PROFILE", "ECS_ROLE"])
def test_a_name_that_cannot_be_one_is_refused(project: Project, cloud: StubCloud, variable: str) -> None:
    said = refused(project, cloud, **{variable: "--endpoint=evil.example.com"})
    assert f"{variable} is not valid: it must be " in said
    assert "evil" not in said


def test_an_unknown_region_is_told_with_the_known_ones_and_the_likely_one(project: Project, cloud: StubCloud) -> None:
    said = refused(project, cloud, REGION="cn-hangzou")
    assert "Did you mean cn-hangzhou?" in said
    assert "ap-southeast-1, ap-southeast-2" in said


def test_a_runtime_that_the_region_does_not_offer_is_told_with_one_that_it_does(
    project: Project, cloud: StubCloud
) -> None:
    said = refused(project, cloud, REGION="ap-southeast-1", RUNTIME="python3.12")
    assert "python3.12 is not offered in ap-southeast-1; use RUNTIME=python3.10." in said


def test_a_new_stack_does_not_get_a_runtime_that_its_region_has_not(project: Project, cloud: StubCloud) -> None:
    cloud.oss.region, cloud.oss.location = "ap-southeast-1", "oss-ap-southeast-1"
    result = project.deploy(REGION="ap-southeast-1")
    assert result.exit_code == 2
    assert "python3.12 is not offered in ap-southeast-1; use RUNTIME=python3.10." in result.stderr
    assert "PreviewStack" not in cloud.calls
    project.package.write_bytes(package_for("python3.10"))
    assert project.deploy(REGION="ap-southeast-1", RUNTIME="python3.10").exit_code == 0


def test_an_unknown_runtime_is_refused(project: Project, cloud: StubCloud) -> None:
    assert "RUNTIME must be one of python3.12, python3.10" in refused(project, cloud, RUNTIME="python3.9")


def test_parameters_are_held_against_our_template_and_all_faults_are_told(project: Project, cloud: StubCloud) -> None:
    project.template = OUR_TEMPLATE
    expected = {
        "HttpPublic=maybe": "HttpPublic must be true or false.",
        "ReservedConcurrency=101": "ReservedConcurrency must be a number 1 to 100.",
        "Site=Mars": "Site must be one of China, International.",
        "NamePrefix=A": "NamePrefix must be text of 3 to 18 characters that matches ^[a-z]",
        "HttpPublik=true": "HttpPublik is not a parameter: did you mean HttpPublic?",
        "Nothing=true": "Nothing is not a parameter: the template has NamePrefix, ",
        "CodeObject=x": "CodeObject follows from what is deployed; give BUCKET, RUNTIME or CODE_OBJECT instead.",
        "CooldownHashkey=x": "did you mean CooldownHashKey?",
    }
    said = refused(project, cloud, PARAMETERS=" ".join(expected))
    assert len(said.splitlines()) == len(expected)
    for told in expected.values():
        assert told in said


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("CooldownStoreUrl=redis.example.com:6379", "CooldownStoreUrl must be a URL like rediss://user:password@host"),
        ("CooldownStoreUrl=rediss://:pass%word@r.example.com", "with %25 for a % in the password."),
        (
            "CooldownStorePlaintext=false CooldownStoreUrl=redis://r.example.com",
            "CooldownStoreUrl must be a rediss:// URL: redis:// is for loopback addresses, or with Cooldown",
        ),
        ("CooldownHashKey=short", "CooldownHashKey must be at least 32 bytes."),
    ],
)
def test_a_store_that_the_functions_would_refuse_is_refused(
    project: Project, cloud: StubCloud, given: str, told: str
) -> None:
    project.template = OUR_TEMPLATE
    said = refused(project, cloud, PARAMETERS=given)
    assert told in said
    assert "example.com" not in said


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (
            "CooldownStoreUrl=rediss://r.example.com",
            "CooldownHashKey must be given, where there is a CooldownStoreUrl.",
        ),
        (
            f"CooldownStoreUrl=redis://r.example.com CooldownHashKey={'k' * 32}",
            "redis:// is for loopback addresses, or with CooldownStorePlaintext=true.",
        ),
    ],
)
def test_a_new_stack_is_refused_a_store_that_lacks_something(
    project: Project, cloud: StubCloud, given: str, told: str
) -> None:
    project.template = OUR_TEMPLATE
    result = project.deploy(PARAMETERS=given)
    assert (result.exit_code, told in result.stderr) == (2, True), result.output
    assert "PreviewStack" not in cloud.calls


@pytest.mark.parametrize("name", ["deploy", "smoke"])
def test_a_call_is_checked_without_the_sdks(project: Project, name: str) -> None:
    code = f"import sys\nfrom local.account.{name} import main\nmain(standalone_mode=False)\n"
    code += "assert not [name for name in sys.modules if name.startswith(('alibabacloud', 'Tea'))]"
    environ = {**os.environ, **project.environ}
    command = [sys.executable, "-c", code, "--check"]
    ran = subprocess.run(command, cwd=project.folder, env=environ, capture_output=True, check=False, text=True)
    assert (ran.returncode, ran.stderr) == (0, "")
    command = [sys.executable, "-m", f"local.account.{name}", "--check"]
    environ["STACK"] = environ["REGION"] = ""
    ran = subprocess.run(command, cwd=project.folder, env=environ, capture_output=True, check=False, text=True)
    assert (ran.returncode, ran.stderr.splitlines()[-1][:30]) == (2, "Error: Not set: STACK, REGION.")


@pytest.mark.parametrize(
    ("good", "bad", "allowed"),
    [
        ("Receiver=abcd", "Receiver=a", "text of 2 to 4 characters"),
        ("Pattern=a", "Pattern=1", "text that matches ^[a-z]+$"),
        ("Pattern=a", "Pattern='a\n'", "text that matches ^[a-z]+$"),
        ("Least=2", "Least=1", "a number at least 2"),
        ("Most=-1", "Most=5", "a number at most 4"),
        ("Between=2.5", "Between=4.5", "a number 2 to 4"),
        ("Choice=0.25", "Choice=0.2", "one of 0.1, 0.25"),
        ("Choice=0.10", "Choice=x", "one of 0.1, 0.25"),
        ("Switch=false", "Switch=yes", "true or false"),
        ("Word=true", "Word=True", "one of false, true"),
        ("Key=abcd", "Key=abcde", "text of at most 4 characters"),
        ("Least=2", "Least=nan", "a number at least 2"),
        ("Least=2", "Least=1e9", "a number at least 2"),
    ],
)
def test_each_kind_of_limit_is_checked(small: Project, cloud: StubCloud, good: str, bad: str, allowed: str) -> None:
    assert f"{bad.partition('=')[0]} must be {allowed}." in refused(small, cloud, PARAMETERS=bad)
    # What is good gets as far as the next check.
    assert "This is not a terminal" in refused(small, cloud, PARAMETERS=good, YES="")


@pytest.mark.parametrize(
    ("parameters", "said"),
    [("AlertReceiver", "word 1 is not NAME=VALUE"), ("Site='x", "a quotation mark or backslash is left open")],
)
def test_words_that_are_no_parameters_are_told(project: Project, cloud: StubCloud, parameters: str, said: str) -> None:
    assert said in refused(project, cloud, PARAMETERS=parameters)


def test_a_new_stack_needs_what_has_no_default(small: Project, cloud: StubCloud) -> None:
    small.template.write_text(SHORT_TEMPLATE.read_text().replace("Default: contacts", ""))
    result = small.deploy()
    assert result.exit_code == 2
    assert "A new stack needs a value for SmqTopicName: make deploy PARAMETERS='NAME=VALUE …'" in result.stderr
    assert "PreviewStack" not in cloud.calls


@pytest.mark.parametrize("content", ["[" * 100_000, "[]", "{", '{"Site": ["a"]}', '{"Site": null}', None])
def test_a_file_that_is_no_object_of_values_is_refused(project: Project, cloud: StubCloud, content: str | None) -> None:
    file = project.folder / "parameters.json"
    if content is not None:
        file.write_text(content)
    assert "PARAMETERS_FILE" in refused(project, cloud, PARAMETERS_FILE=str(file))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("stack = ", "cannot be read as TOML"),
        ("stak = 'x'", "unknown stak. It may set stack, region,"),
        ("stack = 1", "stack must be text in quotes"),
        ("parameters = 'x'", "parameters must be a table"),
        ("[parameters]\nSite = ['a']", "Site must be text, a number, true or false"),
    ],
)
def test_a_deploy_toml_that_cannot_be_meant_is_refused(
    project: Project, cloud: StubCloud, content: str, said: str
) -> None:
    (project.folder / "deploy.toml").write_text(content)
    assert said in refused(project, cloud)


@pytest.mark.parametrize("content", ["", "[]", "Parameters: [", "Resources: {}", "Parameters: {Site: {Type: String}}"])
def test_what_is_no_template_of_this_project_is_refused(project: Project, cloud: StubCloud, content: str) -> None:
    project.template = project.folder / "template.yml"
    project.template.write_text(content)
    assert "template" in refused(project, cloud)


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"PROFILE": "a", "ECS_ROLE": "b"}, "PROFILE and ECS_ROLE are both set"),
        ({"CODE_OBJECT": "phone-verification/x.zip", "PACKAGE": ""}, "CODE_OBJECT must be phone-verification/HASH.zip"),
        ({"CODE_OBJECT": f"phone-verification/{'0' * 64}.zip"}, "PACKAGE and CODE_OBJECT are both set"),
        ({"ENDPOINT_URL": "http://evil.example.com"}, "must be http://127.0.0.1:PORT"),
        ({"ENDPOINT_URL_ROS": "https://127.0.0.1:1"}, "must be http://127.0.0.1:PORT"),
        ({"ENDPOINT_URL": "http://a:b@127.0.0.1:1"}, "must be http://127.0.0.1:PORT"),
        ({"YES": ""}, "YES=1 deploys without asking, DRY_RUN=1 only looks"),
        ({"YES": "maybe"}, "not a valid boolean"),
    ],
)
def test_variables_that_contradict_or_cannot_be_meant_are_refused(
    project: Project, cloud: StubCloud, variables: dict[str, str], said: str
) -> None:
    assert said in refused(project, cloud, **variables)
