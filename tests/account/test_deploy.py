"""`make deploy` against a stub cloud: what it does, in which order, and what it tells."""

import json

import pytest

from tests.account.conftest import OUR_TEMPLATE, SHORT_TEMPLATE, Project, key_of, package_for
from tests.account.stub_cloud import ACCOUNT, StubCloud
from tests.account.stub_services import ServiceError
from tests.integration.vendor import VENDOR_WARNINGS

pytestmark = [VENDOR_WARNINGS, pytest.mark.xdist_group("account")]

TEMPLATE = SHORT_TEMPLATE.read_text()
KEY = key_of(package_for("python3.12"))
LOOKS = ["GetCallerIdentity", "ListStacks", "GetResourceDirectory", "GetBucketInfo", "GetBucketPolicyStatus"]
CHANGES = {"PutBucket", "PutBucketPublicAccessBlock", "PutObject", "CreateStack", "UpdateStack"}


def deployed(cloud: StubCloud, **parameters: str) -> None:
    """Have the stack be there, as an earlier deployment left it."""
    given = {"CodeBucket": "code-of-ours", "CodeObject": KEY, "Runtime": "python3.12", "ReservedConcurrency": "10"}
    cloud.ros.add_stack(TEMPLATE, {**given, **parameters})


def test_a_new_stack_is_created_of_the_package_under_its_hash(project: Project, cloud: StubCloud) -> None:
    result = project.deploy(PARAMETERS="Site=China LogRetentionDays=60")
    assert result.exit_code == 0, result.output
    assert cloud.calls[: len(LOOKS)] == LOOKS
    assert [call for call in cloud.calls if call in CHANGES] == ["PutObject", "CreateStack"]
    assert cloud.oss.objects == {KEY: package_for("python3.12")}
    stack = cloud.ros.stacks[0]
    assert stack.template == TEMPLATE
    assert {name: stack.parameters[name] for name in ("CodeBucket", "CodeObject", "Runtime", "LogRetentionDays")} == {
        "CodeBucket": "code-of-ours",
        "CodeObject": KEY,
        "Runtime": "python3.12",
        "LogRetentionDays": "60",
    }


def test_it_tells_who_where_and_what_then_events_outputs_and_what_comes_next(
    project: Project, cloud: StubCloud
) -> None:
    output = project.deploy(PROFILE="", NO_COLOR="1").stdout
    for told in (
        f"Account     {ACCOUNT}, the directory's management account, by the environment",
        "Bucket      code-of-ours: private, blocks public access, in cn-hangzhou",
        "Stack       phone-verification: not there yet; it will be created",
        "  add      SendFunction",
        "CREATE_COMPLETE          SendFunction",
        "Done        phone-verification is CREATE_COMPLETE",
        "  DeadLetterQueueName: phone-verification-dead-letters",
        "Alerts      go to the action policy sls.builtin (AlertActionPolicy); it tells nobody until",
        "| REGION=cn-hangzhou .venv/bin/fcapi invoke --remote phone-verification -",
        "make smoke STACK=phone-verification REGION=cn-hangzhou",
    ):
        assert told in output
    resources = len(cloud.ros.stacks[0].resources())
    assert f"Changes     {resources} to add" in output


def test_our_own_template_is_deployed(project: Project, cloud: StubCloud) -> None:
    project.template = OUR_TEMPLATE
    result = project.deploy(PARAMETERS="HttpPublic=true", NO_COLOR="1")
    assert result.exit_code == 0, result.output
    assert cloud.ros.stacks[0].template == OUR_TEMPLATE.read_text()
    assert "Alerts      go to the action policy" in result.stdout


def test_a_stack_that_is_there_is_updated_and_keeps_what_is_not_given(project: Project, cloud: StubCloud) -> None:
    deployed(cloud, CodeObject="phone-verification/" + "0" * 64 + ".zip", LogRetentionDays="90")
    result = project.deploy(PARAMETERS="HttpPublic=true")
    assert result.exit_code == 0, result.output
    assert [call for call in cloud.calls if call in CHANGES] == ["PutObject", "UpdateStack"]
    given = cloud.ros.last("UpdateStack")
    assert given["UsePreviousParameters"].lower() == "true"
    assert given["ReplacementOption"] == "Disabled"
    assert sorted(value for name, value in given.items() if name.endswith("Key")) == [
        *("CodeBucket", "CodeObject", "HttpPublic", "Runtime"),
    ]
    assert cloud.ros.stacks[0].parameters["LogRetentionDays"] == "90"
    assert f"  CodeObject: phone-verification/{'0' * 64}.zip -> {KEY}" in result.stdout
    assert "  HttpPublic: - -> true" in result.stdout
    assert "  modify   SendFunction" in result.stdout
    assert f"make deploy CODE_OBJECT=phone-verification/{'0' * 64}.zip" in result.stdout


def test_only_events_of_this_update_are_shown(project: Project, cloud: StubCloud) -> None:
    deployed(cloud, CodeObject="phone-verification/" + "0" * 64 + ".zip")
    output = project.deploy().stdout
    assert "UPDATE_COMPLETE          phone-verification" in output
    assert "CREATE_COMPLETE" not in output.partition("Uploaded")[2]


def test_an_update_that_changes_nothing_is_a_success(project: Project) -> None:
    assert project.deploy().exit_code == 0
    result = project.deploy()
    assert result.exit_code == 0, result.output
    assert "neither template nor parameters differ" in result.stdout
    assert "  DeadLetterQueueName: " in result.stdout


def test_a_dry_run_changes_nothing(project: Project, cloud: StubCloud) -> None:
    result = project.deploy(DRY_RUN="1", YES="", CREATE_BUCKET="1")
    assert result.exit_code == 0, result.output
    assert "nothing was changed" in result.stdout
    assert "  add      SendFunction" in result.stdout
    assert not CHANGES & set(cloud.calls)


def test_a_bucket_is_made_only_when_it_is_asked_for(project: Project, cloud: StubCloud) -> None:
    cloud.oss.name = ""
    refused = project.deploy()
    assert refused.exit_code == 1
    assert "There is no bucket code-of-ours. To have it made: make deploy CREATE_BUCKET=1" in refused.stderr
    assert not CHANGES & set(cloud.calls)
    assert "PreviewStack" not in cloud.calls
    dry = project.deploy(CREATE_BUCKET="1", DRY_RUN="1")
    assert "it will be created" in dry.stdout
    assert not CHANGES & set(cloud.calls)
    result = project.deploy(CREATE_BUCKET="1")
    assert result.exit_code == 0, result.output
    assert (cloud.oss.name, cloud.oss.acl, cloud.oss.block) == ("code-of-ours", "private", True)
    assert cloud.oss.objects == {KEY: package_for("python3.12")}


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ({"location": "oss-cn-shanghai"}, "is not in cn-hangzhou"),
        ({"acl": "public-read"}, "is not private"),
        ({"public_policy": True}, "has a policy that gives everybody access"),
        ({"block": False}, "does not block public access"),
        ({"owner": "6543210987654321"}, "belongs to another account"),
        ({"owner_is_another": True}, "belongs to another account"),
    ],
)
def test_a_bucket_that_is_not_safe_is_not_used(
    project: Project, cloud: StubCloud, fault: dict[str, object], told: str
) -> None:
    for name, value in fault.items():
        setattr(cloud.oss, name, value)
    result = project.deploy()
    assert result.exit_code == 1
    assert f"The bucket code-of-ours {told}" in result.stderr
    assert cloud.calls == LOOKS[: len(cloud.calls)]


def test_a_bucket_with_a_policy_for_some_is_used(project: Project, cloud: StubCloud) -> None:
    cloud.oss.public_policy = False
    assert project.deploy().exit_code == 0


def test_another_account_than_the_directorys_own_is_refused(project: Project, cloud: StubCloud) -> None:
    cloud.directory.master = "6543210987654321"
    result = project.deploy()
    assert result.exit_code == 1
    assert f"{ACCOUNT} is not the directory's management account; that is 6543210987654321." in result.stderr
    assert cloud.calls == LOOKS[:3]


def test_an_account_without_a_directory_is_refused(project: Project, cloud: StubCloud) -> None:
    cloud.directory.error = ServiceError(
        404, "EntityNotExists.ResourceDirectory", "The resource directory is not enabled."
    )
    result = project.deploy()
    assert result.exit_code == 1
    assert "has no Resource Directory" in result.stderr


def test_it_warns_where_the_directory_may_not_be_asked(project: Project, cloud: StubCloud) -> None:
    cloud.directory.error = ServiceError(403, "NoPermission", "You are not authorized.")
    result = project.deploy()
    assert result.exit_code == 0
    assert "warning: whether it is the management account may not be asked (403 NoPermission)" in result.stdout


@pytest.mark.parametrize(
    ("parameter", "value"), [("ReservedConcurrency", "20"), ("AlertActionPolicy", "ops"), ("SmqTopicName", "t")]
)
def test_what_cannot_be_changed_is_named_before_anything_happens_with_the_way_out(
    project: Project, cloud: StubCloud, parameter: str, value: str
) -> None:
    deployed(cloud, AlertActionPolicy="sls.builtin", SmqTopicName="contacts")
    result = project.deploy(PARAMETERS=f"{parameter}={value}")
    assert result.exit_code == 1
    assert f"Fixed       {parameter}: {cloud.ros.stacks[0].parameters[parameter]} -> {value};" in result.stdout
    assert "make deploy REPLACE=1" in result.stderr
    assert "PreviewStack" not in cloud.calls
    assert not CHANGES & set(cloud.calls)


def test_the_service_says_of_further_parameters_that_they_cannot_be_changed(project: Project, cloud: StubCloud) -> None:
    deployed(cloud, NamePrefix="phone-verification")
    cloud.ros.needs_replacement = ["NamePrefix"]
    result = project.deploy(PARAMETERS="NamePrefix=another")
    assert result.exit_code == 1
    assert "Fixed       NamePrefix: phone-verification -> another;" in result.stdout


def test_a_parameter_whose_description_says_that_it_cannot_be_changed_is_named(
    project: Project, cloud: StubCloud
) -> None:
    project.template = project.folder / "template.yml"
    said = "LogLevel: {Description: Cannot be changed later., "
    project.template.write_text(TEMPLATE.replace("LogLevel: {", said), encoding="utf-8")
    deployed(cloud, LogLevel="INFO")
    result = project.deploy(PARAMETERS="LogLevel=DEBUG")
    assert result.exit_code == 1
    assert "Fixed       LogLevel: INFO -> DEBUG; the service cannot change that in place\n" in result.stdout


def test_a_fixed_parameter_that_keeps_its_value_is_in_nobodys_way(project: Project, cloud: StubCloud) -> None:
    deployed(cloud)
    assert project.deploy(PARAMETERS="ReservedConcurrency=10 HttpPublic=true").exit_code == 0


def test_resources_are_made_anew_where_that_is_wanted(project: Project, cloud: StubCloud) -> None:
    deployed(cloud)
    cloud.ros.needs_replacement = ["ReservedConcurrency"]
    result = project.deploy(PARAMETERS="ReservedConcurrency=20", REPLACE="1")
    assert result.exit_code == 0, result.output
    assert "  replace  SendConcurrency" in result.stdout
    assert "Careful     deleted with what is in them: SendConcurrency" in result.stdout
    assert cloud.ros.last("UpdateStack")["ReplacementOption"] == "Enabled"


def test_what_a_new_template_makes_anew_or_removes_is_pointed_out(project: Project, cloud: StubCloud) -> None:
    deployed(cloud, SmqTopicTrigger="true", SmqTopicName="contacts", ReservedConcurrency="20")
    cloud.ros.needs_replacement = ["CodeObject"]  # by way of the concurrency, in the stub
    cloud.ros.stacks[0].parameters["CodeObject"] = "phone-verification/" + "0" * 64 + ".zip"
    result = project.deploy(PARAMETERS="SmqTopicTrigger=false", DRY_RUN="1")
    assert result.exit_code == 0, result.output
    assert "Careful     deleted with what is in them: SendConcurrency, SmqTopicTriggerOfSend" in result.stdout
    assert "needs REPLACE=1; without it the update fails" in result.stdout


def test_a_failure_names_each_resource_its_cause_and_what_to_do(project: Project, cloud: StubCloud) -> None:
    cloud.ros.failing = {
        "SendFunction": "project phone-verification-1234567890123456 does not exist",
        "SendRole": "You are not authorized to do this action. NoPermission",
        "SendConcurrency": "ReservedConcurrency exceeds the quota of 300",
    }
    result = project.deploy()
    assert result.exit_code == 1
    told = result.stderr.splitlines()
    assert told[0].endswith("The stack phone-verification is CREATE_ROLLBACK_COMPLETE. What failed:")
    assert "  SendFunction (ALIYUN::FC3::Function): project phone-verification-1234567890123456 does not exist" in told
    assert "    A log project takes a minute until functions may write to it. Run make deploy again." in told
    assert "    The credentials lack a permission: docs/deploy.md has the policy that they need." in told
    assert any("A quota is used up" in line for line in told)
    assert told[-1].startswith("https://ros.console.aliyun.com/cn-hangzhou/stacks/id-1")


def test_a_failed_update_is_a_failure_too(project: Project, cloud: StubCloud) -> None:
    deployed(cloud, CodeObject="phone-verification/" + "0" * 64 + ".zip")
    cloud.ros.failing = {"SendFunction": "This property is not allowed to be updated."}
    result = project.deploy()
    assert result.exit_code == 1
    assert "is ROLLBACK_COMPLETE" in result.stderr
    assert "REPLACE=1" in result.stderr


def test_a_stack_that_never_came_to_be_is_left_alone(project: Project, cloud: StubCloud) -> None:
    cloud.ros.add_stack(TEMPLATE, {}, status="CREATE_ROLLBACK_COMPLETE")
    result = project.deploy()
    assert result.exit_code == 1
    assert "is CREATE_ROLLBACK_COMPLETE: it never came to be" in result.stderr
    assert not CHANGES & set(cloud.calls)


def test_a_stack_that_is_at_work_is_watched_and_then_left_alone(project: Project, cloud: StubCloud) -> None:
    cloud.ros.add_stack(TEMPLATE, {}, status="UPDATE_IN_PROGRESS").afterwards = "UPDATE_COMPLETE"
    cloud.ros.stacks[0].looks = 1
    result = project.deploy("--look-every", "0")
    assert result.exit_code == 1
    assert "Run make deploy again" in result.stderr
    assert "UPDATE_COMPLETE          SendFunction" in result.stdout
    assert not CHANGES & set(cloud.calls)


def test_a_deleted_stack_of_that_name_is_none(project: Project, cloud: StubCloud) -> None:
    cloud.ros.add_stack(TEMPLATE, {}, status="DELETE_COMPLETE")
    assert project.deploy().exit_code == 0
    assert "CreateStack" in cloud.calls


def test_an_earlier_package_of_the_bucket_is_deployed_as_it_is(project: Project, cloud: StubCloud) -> None:
    deployed(cloud, Runtime="python3.10")
    old = key_of(package_for("python3.10"))
    cloud.oss.objects[old] = package_for("python3.10")
    result = project.deploy(CODE_OBJECT=old, PACKAGE="")
    assert result.exit_code == 0, result.output
    assert [call for call in cloud.calls if call in CHANGES] == ["UpdateStack"]
    assert cloud.ros.stacks[0].parameters["CodeObject"] == old
    assert cloud.ros.stacks[0].parameters["Runtime"] == "python3.10"


@pytest.mark.parametrize(
    ("content", "told"), [(None, "There is no phone-verification/"), (b"evil", "holds something else")]
)
def test_an_earlier_package_that_is_not_what_its_name_says_is_not_deployed(
    project: Project, cloud: StubCloud, content: bytes | None, told: str
) -> None:
    deployed(cloud)
    old = key_of(b"old")
    if content is not None:
        cloud.oss.objects[old] = content
    result = project.deploy(CODE_OBJECT=old, PACKAGE="")
    assert result.exit_code == 1
    assert told in result.stderr
    assert not CHANGES & set(cloud.calls)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (package_for("python3.10"), "was built for python3.10, not for python3.12. Give the other RUNTIME"),
        (package_for("python3.10", "python3.12"), "was built for python3.10, python3.12, not for python3.12"),
        (b"no archive", "is not a package: make package builds one."),
    ],
)
def test_a_package_of_another_runtime_is_not_deployed(
    project: Project, cloud: StubCloud, content: bytes, told: str
) -> None:
    deployed(cloud)
    cloud.oss.objects[key_of(content)] = content
    project.package.write_bytes(content)
    for variables in ({}, {"CODE_OBJECT": key_of(content), "PACKAGE": ""}):
        result = project.deploy(**variables)
        assert result.exit_code == 1
        assert told in result.stderr
    assert not CHANGES & set(cloud.calls)


def test_the_stacks_runtime_stays_where_none_is_given(project: Project, cloud: StubCloud) -> None:
    deployed(cloud, Runtime="python3.10")
    project.package.write_bytes(package_for("python3.10"))
    assert project.deploy(PARAMETERS="HttpPublic=true").exit_code == 0
    assert cloud.ros.stacks[0].parameters["Runtime"] == "python3.10"


def test_a_lost_answer_while_it_is_watched_is_asked_for_again(project: Project, cloud: StubCloud) -> None:
    cloud.broken = {"ListStackEvents": 2}
    result = project.deploy("--look-every", "0")
    assert result.exit_code == 0, result.output
    assert "CREATE_COMPLETE          SendFunction" in result.stdout


def test_a_refusal_is_told_with_code_request_id_and_what_to_do(project: Project, cloud: StubCloud) -> None:
    cloud.ros.errors["PreviewStack"] = ServiceError(
        403, "NoPermission", "You are not authorized to call ros:PreviewStack."
    )
    result = project.deploy()
    assert result.exit_code == 1
    assert (
        "ROS PreviewStack was refused (403 NoPermission): You are not authorized to call ros:PreviewStack."
        in result.stderr
    )
    assert "RequestId R-1" in result.stderr
    assert "docs/deploy.md has the policy" in result.stderr


@pytest.mark.parametrize("operation", [*LOOKS, "ValidateTemplate", "PreviewStack", "PutObject", "CreateStack"])
def test_a_broken_connection_is_told_as_one(project: Project, cloud: StubCloud, operation: str) -> None:
    cloud.broken = {operation: 1}
    result = project.deploy()
    assert result.exit_code == 1
    assert f"{operation} got no usable answer from 127.0.0.1:" in result.stderr
    assert ("Whether the service has begun is not known." in result.stderr) is (operation == "CreateStack")


def test_values_come_from_the_file_and_a_variable_wins(project: Project, cloud: StubCloud) -> None:
    (project.folder / "deploy.toml").write_text(
        'stack = "phone-verification"\nregion = "cn-shanghai"\nbucket = "code-of-ours"\n'
        "[parameters]\nHttpPublic = true\nLogRetentionDays = 60\nLogLevel = 'DEBUG'\n"
    )
    file = project.folder / "more.json"
    file.write_text(json.dumps({"LogRetentionDays": 90, "TimerTrigger": False}))
    result = project.deploy(STACK="", BUCKET="", PARAMETERS="LogLevel=INFO", PARAMETERS_FILE=str(file))
    assert result.exit_code == 0, result.output
    parameters = cloud.ros.stacks[0].parameters
    names = ("HttpPublic", "LogRetentionDays", "LogLevel", "TimerTrigger")
    assert [parameters[name] for name in names] == ["true", "90", "INFO", "false"]
