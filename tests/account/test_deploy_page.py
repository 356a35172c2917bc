"""`docs/deploy.md`: its policy is held against the template's resource types, its costs against the defaults."""

import fnmatch
import json
import re
import sys
from typing import Any

import pytest

from local.account.deploy import main as deploy
from local.account.target import VARIABLES
from local.template.document import read_template
from local.template.evaluation import PSEUDO_VALUES, defaults_of
from tests.account.conftest import OUR_TEMPLATE, ROOT
from tests.docs.tables import names_in, rows

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PAGE = ROOT / "docs" / "deploy.md"
TEMPLATE = read_template(OUR_TEMPLATE.read_text())
ACCOUNT, REGION = PSEUDO_VALUES["ALIYUN::TenantId"], PSEUDO_VALUES["ALIYUN::Region"]
PROJECT = f"acs:log:{REGION}:{ACCOUNT}:project/phone-verification-{ACCOUNT}"
QUEUE = f"acs:mns:{REGION}:{ACCOUNT}:/queues/phone-verification-dead-letters"
ROLE = f"acs:ram::{ACCOUNT}:role/phone-verification-send-{REGION}"
POLICY = f"acs:ram::{ACCOUNT}:policy/phone-verification-vpc-{REGION}"

NEEDED: dict[str, tuple[list[str], str]] = {
    # for each type: the actions that create, read, change and delete it, and what they are done to
    "ALIYUN::FC3::Function": (["fc:CreateFunction", "fc:GetFunction", "fc:UpdateFunction", "fc:DeleteFunction"], "*"),
    "ALIYUN::FC3::Trigger": (["fc:CreateTrigger", "fc:GetTrigger", "fc:UpdateTrigger", "fc:DeleteTrigger"], "*"),
    "ALIYUN::FC3::ConcurrencyConfig": (["fc:PutConcurrencyConfig", "fc:DeleteConcurrencyConfig"], "*"),
    "ALIYUN::FC3::AsyncInvokeConfig": (["fc:PutAsyncInvokeConfig", "fc:DeleteAsyncInvokeConfig"], "*"),
    "ALIYUN::RAM::Role": (["ram:CreateRole", "ram:GetRole", "ram:AttachPolicyToRole", "ram:PassRole"], ROLE),
    "ALIYUN::RAM::ManagedPolicy": (["ram:CreatePolicy", "ram:CreatePolicyVersion", "ram:DeletePolicy"], POLICY),
    "ALIYUN::SLS::Project": (["log:CreateProject", "log:GetProject", "log:DeleteProject"], PROJECT),
    "ALIYUN::SLS::Logstore": (["log:CreateLogStore", "log:UpdateLogStore"], f"{PROJECT}/logstore/functions"),
    "ALIYUN::SLS::Index": (["log:CreateIndex", "log:UpdateIndex"], f"{PROJECT}/logstore/functions"),
    "ALIYUN::SLS::Dashboard": (
        ["log:CreateDashboard", "log:DeleteDashboard"],
        f"{PROJECT}/dashboard/phone-verification",
    ),
    "ALIYUN::SLS::Alert": (["log:CreateJob", "log:UpdateJob"], f"{PROJECT}/job/dead-letter"),
    "ALIYUN::MNS::Queue": (["mns:CreateQueue", "mns:SetQueueAttributes", "mns:DeleteQueue"], QUEUE),
    "ALIYUN::ROS::Sleep": ([], "*"),  # the service's own
    **{
        f"{where}::APIG::{kind}": (["apig:CreateHttpApi", "apig:ListEnvironments"], "*")
        for where, kinds in {
            "ALIYUN": "Service HttpApi Route ApiAttachment Consumer ConsumerAuthorizationRule Domain",
            "DATASOURCE": "Environments",
        }.items()
        for kind in kinds.split()
    },
}


def statements() -> list[dict[str, Any]]:
    """Return the statements of the page's one policy, with an account and a bucket in the places that are named."""
    (text,) = re.findall(r"```json\n(.*?)```", PAGE.read_text(), re.DOTALL)
    policy = json.loads(text.replace("ACCOUNT", ACCOUNT).replace("BUCKET", "code-of-ours"))
    assert policy["Version"] == "1"
    found: list[dict[str, Any]] = policy["Statement"]
    return found


def many(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def allows(action: str, resource: str) -> bool:
    """Tell whether the policy allows it, by the rules for its wildcards."""
    return any(
        any(fnmatch.fnmatchcase(action, pattern) for pattern in many(each["Action"]))
        and any(resource == pattern or fnmatch.fnmatchcase(resource, pattern) for pattern in many(each["Resource"]))
        for each in statements()
    )


@pytest.mark.parametrize("kind", sorted({str(resource["Type"]) for _, resource in TEMPLATE.resources()}))
def test_the_policy_allows_what_each_type_of_resource_needs(kind: str) -> None:
    assert kind in NEEDED, f"say in NEEDED of {__name__} and in the policy of docs/deploy.md what {kind} needs"
    actions, resource = NEEDED[kind]
    assert [action for action in actions if not allows(action, resource)] == []


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        *(
            (f"ros:{name}", "*")
            for name in ("ListStacks", "GetStack", "ValidateTemplate", "PreviewStack", "CreateStack")
        ),
        *((f"ros:{name}", "*") for name in ("UpdateStack", "ListStackEvents", "DeleteStack")),
        ("resourcemanager:GetResourceDirectory", "*"),
        *(
            (f"oss:{name}", "acs:oss:*:*:code-of-ours")
            for name in ("GetBucketInfo", "GetBucketPolicyStatus", "PutBucket")
        ),
        ("oss:PutBucketPublicAccessBlock", "acs:oss:*:*:code-of-ours"),
        ("oss:PutObject", "acs:oss:*:*:code-of-ours/phone-verification/x.zip"),
        ("oss:GetObject", "acs:oss:*:*:code-of-ours/phone-verification/x.zip"),
        ("fc:InvokeFunction", "*"),
        ("log:GetLogStoreLogs", f"{PROJECT}/logstore/functions"),
        ("mns:GetQueueAttributes", QUEUE),
        ("ram:CreateServiceLinkedRole", "*"),
    ],
)
def test_the_policy_allows_what_the_commands_call(action: str, resource: str) -> None:
    assert allows(action, resource)


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("ram:CreateRole", f"acs:ram::{ACCOUNT}:role/admin"),
        ("ram:CreateUser", "*"),
        ("oss:PutObject", "acs:oss:*:*:another/phone-verification/x.zip"),
        ("oss:PutBucketAcl", "acs:oss:*:*:code-of-ours"),
        ("log:DeleteProject", f"acs:log:{REGION}:{ACCOUNT}:project/audit"),
        ("mns:ReceiveMessage", QUEUE),
        ("resourcemanager:SendPhoneVerificationForMessageContact", "*"),
    ],
)
def test_the_policy_allows_no_more_than_that(action: str, resource: str) -> None:
    assert not allows(action, resource)


def test_the_table_of_variables_lists_every_variable() -> None:
    documented = [name.partition("=")[0] for names, _ in rows(PAGE, "variable") for name in names_in(names)]
    options = [option.envvar for option in deploy.params if getattr(option, "envvar", None)]
    assert sorted(documented) == sorted([*VARIABLES, *map(str, options)])


def test_the_example_file_can_be_read_and_sets_parameters_that_exist() -> None:
    (text,) = re.findall(r"```toml\n(.*?)```", PAGE.read_text(), re.DOTALL)
    document = tomllib.loads(text)
    assert document.pop("parameters").keys() <= TEMPLATE.section("Parameters").keys()
    assert {name.upper() for name in document} <= set(VARIABLES)


def test_the_cost_of_the_functions_is_that_of_the_templates_defaults() -> None:
    """When defaults change, the row of Function Compute in docs/deploy.md has to."""
    defaults = defaults_of(TEMPLATE)
    size = (f"{defaults['Cpu']}", f"{defaults['MemorySize']} MB")
    (row,) = [row for row in rows(ROOT / "docs" / "performance.md", "vCPU") if tuple(row[:2]) == size]
    (item,) = [item for item in rows(PAGE, "item") if item[0] == "Function Compute"]
    assert f"{size[0]} vCPU and {size[1]}" in item[1]
    assert item[3] == f"{float(row[4]) + float(row[5]):.3f}"
