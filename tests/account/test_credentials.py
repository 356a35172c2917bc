"""Which credentials the commands work with: what was asked for, never those of a chain."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from local.account import AccountError
from local.account.credentials import choose_credentials
from local.account.target import Target
from tests.account.conftest import CREDENTIALS, Project
from tests.account.stub_cloud import StubCloud
from tests.integration.vendor import VENDOR_WARNINGS

pytestmark = [VENDOR_WARNINGS, pytest.mark.xdist_group("account")]

KEY, SECRET = CREDENTIALS.values()
GOOD = {"mode": "AK", "access_key_id": KEY, "access_key_secret": SECRET}
BAD = {"mode": "AK", "access_key_id": "LTAIwrong", "access_key_secret": "wrong"}
OIDC = {
    "ALIBABA_CLOUD_ROLE_ARN": "acs:ram::1234567890123456:role/deployer",
    "ALIBABA_CLOUD_OIDC_PROVIDER_ARN": "acs:ram::1234567890123456:oidc-provider/ci",
    "ALIBABA_CLOUD_OIDC_TOKEN_FILE": "/dev/null",
}


def configure(home: Path, current: str = "", **profiles: dict[str, Any]) -> None:
    """Write the configuration of the command line tool."""
    (home / ".aliyun").mkdir()
    listed = [{"name": name, **profile} for name, profile in profiles.items()]
    (home / ".aliyun" / "config.json").write_text(json.dumps({"current": current, "profiles": listed}))


def without_key(project: Project) -> Project:
    project.environ |= dict.fromkeys(CREDENTIALS, "")
    return project


def test_a_profile_that_is_asked_for_is_used_before_the_environment(project: Project, cloud: StubCloud) -> None:
    configure(project.folder, management=GOOD)
    project.environ |= {"ALIBABA_CLOUD_ACCESS_KEY_ID": "LTAIwrong", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "wrong"}
    result = project.deploy(PROFILE="management")
    assert result.exit_code == 0, result.output
    assert "by the profile management (AK)" in result.stdout
    assert "make smoke STACK=phone-verification REGION=cn-hangzhou PROFILE=management" in result.stdout
    assert "CreateStack" in cloud.calls


def test_temporary_credentials_send_their_token(project: Project) -> None:
    configure(project.folder, sso={**GOOD, "mode": "StsToken", "sts_token": "local-token"})
    assert project.deploy(PROFILE="sso").exit_code == 0
    result = project.deploy(ALIBABA_CLOUD_SECURITY_TOKEN="local-token")
    assert result.exit_code == 0, result.output


def test_the_environment_is_used_before_the_current_profile(project: Project) -> None:
    configure(project.folder, current="other", other=BAD)
    result = project.deploy()
    assert result.exit_code == 0
    assert "by the environment" in result.stdout


def test_the_current_profile_is_used_where_nothing_else_is_there(project: Project) -> None:
    configure(project.folder, current="management", management=GOOD)
    result = without_key(project).deploy()
    assert result.exit_code == 0
    assert "by the profile management (AK)" in result.stdout


def test_open_id_connect_is_used_before_the_current_profile(tmp_path: Path) -> None:
    configure(tmp_path, current="management", management=GOOD)
    chosen = choose_credentials(Target("s", "cn-hangzhou"), {"HOME": str(tmp_path), **OIDC})
    assert chosen.source == "OpenID Connect"


def test_the_role_of_a_machine_is_used_only_when_it_is_asked_for(tmp_path: Path) -> None:
    configure(tmp_path, current="machine", machine={"mode": "EcsRamRole", "ram_role_name": "deployer"})
    home = {"HOME": str(tmp_path)}
    with pytest.raises(AccountError, match="If it is meant: PROFILE=machine"):
        choose_credentials(Target("s", "cn-hangzhou"), home)
    asked = choose_credentials(Target("s", "cn-hangzhou", ecs_role="deployer"), home)
    assert asked.source == "the ECS role deployer"
    assert choose_credentials(Target("s", "cn-hangzhou", profile="machine"), home).source.endswith("(EcsRamRole)")


def test_without_any_the_ways_to_give_them_are_told(project: Project, cloud: StubCloud) -> None:
    result = without_key(project).deploy()
    assert result.exit_code == 1
    for way in ("PROFILE=NAME", "ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_OIDC_TOKEN_FILE", "ECS_ROLE=NAME"):
        assert way in result.stderr
    assert cloud.calls == []


def test_a_missing_profile_is_told_with_those_that_are_there(project: Project, cloud: StubCloud) -> None:
    configure(project.folder, one=GOOD, two=GOOD)
    result = project.deploy(PROFILE="management")
    assert result.exit_code == 1
    assert "There is no profile management" in result.stderr
    assert "there are: one, two." in result.stderr
    assert cloud.calls == []


@pytest.mark.parametrize("content", ["{", "[]", f'"{SECRET}"'])
def test_a_broken_configuration_is_told_without_what_is_in_it(project: Project, content: str) -> None:
    (project.folder / ".aliyun").mkdir()
    (project.folder / ".aliyun" / "config.json").write_text(content)
    result = project.deploy(PROFILE="management")
    assert result.exit_code == 1
    assert "config.json" in result.stderr


def test_a_profile_that_gives_none_is_told(project: Project) -> None:
    configure(project.folder, sso={"mode": "CloudSSO"}, odd={"mode": "Odd", "secret": SECRET})
    for profile in ("sso", "odd"):
        result = project.deploy(PROFILE=profile)
        assert result.exit_code == 1
        assert f"No credentials can be had from the profile {profile}" in result.stderr


def test_wrong_credentials_are_told_as_such(project: Project) -> None:
    configure(project.folder, wrong=BAD)
    result = project.deploy(PROFILE="wrong")
    assert result.exit_code == 1
    assert "STS GetCallerIdentity was refused (403 InvalidAccessKeyId.NotFound)" in result.stderr
    assert "These credentials are not valid, or this machine's clock is wrong." in result.stderr


def test_a_proxy_is_not_used_for_this_machine(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert project.deploy(DRY_RUN="1").exit_code == 0
    assert "HTTP_PROXY" not in os.environ or os.environ["HTTP_PROXY"]
