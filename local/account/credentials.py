"""Chooses the credentials that a command works with.

The order: the profile or ECS role that was asked for, else the environment, else OpenID Connect, else the current
profile. The SDK's own default chain is not used: it also asks the metadata service of ECS, and so could work as an
identity that was not meant.

Source of variables and files: the vendor's page "Manage access credentials" of the SDK for Python.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alibabacloud_credentials.client import Client
from alibabacloud_credentials.provider import (
    CLIProfileCredentialsProvider,
    EcsRamRoleCredentialsProvider,
    OIDCRoleArnCredentialsProvider,
    StaticAKCredentialsProvider,
    StaticSTSCredentialsProvider,
)

from local.account import AccountError
from local.account.target import Target

_KEY_ID, _SECRET = "ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET"
_TOKEN = "ALIBABA_CLOUD_SECURITY_TOKEN"  # noqa: S105 -- the variable's name
_OIDC = ("ALIBABA_CLOUD_ROLE_ARN", "ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "ALIBABA_CLOUD_OIDC_TOKEN_FILE")
_WAYS = f"""\
There are no credentials. Give them in one of these ways:
  PROFILE=NAME, a profile of ~/.aliyun/config.json
  {_KEY_ID} and {_SECRET}, with {_TOKEN} where they are temporary
  {", ".join(_OIDC)}
  ECS_ROLE=NAME on an ECS instance with that role"""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Credentials for the SDKs, and where they are from."""

    client: Client
    source: str


def choose_credentials(target: Target, environ: Mapping[str, str]) -> Chosen:
    """Return the credentials to work with; none is fetched yet.

    Raises:
        AccountError: there are none, or the profile is not there.

    """
    file = Path(environ.get("HOME") or Path.home()) / ".aliyun" / "config.json"
    if target.ecs_role:
        return Chosen(_ecs_role(target.ecs_role), f"the ECS role {target.ecs_role}")
    if target.profile:
        return _of_profile(file, target.profile)
    if environ.get(_KEY_ID) and environ.get(_SECRET):
        return Chosen(_of_environment(environ), "the environment")
    if all(environ.get(name) for name in _OIDC):
        return Chosen(_oidc(environ), "OpenID Connect")
    current = _document(file).get("current")
    if not current:
        raise AccountError(_WAYS)
    chosen = _of_profile(file, str(current))
    if _mode(file, str(current)) == "EcsRamRole":
        raise AccountError(
            f"The current profile, {current}, is the role of an ECS instance. If it is meant: PROFILE={current}"
        )
    return chosen


def _of_profile(file: Path, name: str) -> Chosen:
    mode = _mode(file, name)
    provider = CLIProfileCredentialsProvider(profile_name=name, profile_file=str(file))
    return Chosen(Client(provider=provider), f"the profile {name} ({mode})")


def _mode(file: Path, name: str) -> str:
    profiles = [each for each in _document(file).get("profiles") or [] if isinstance(each, dict)]
    for profile in profiles:
        if profile.get("name") == name:
            return str(profile.get("mode"))
    there = ", ".join(sorted(str(profile.get("name")) for profile in profiles)) or "none"
    raise AccountError(
        f"There is no profile {name} in {file}; there are: {there}. "
        "docs/deploy.md, Credentials, has the other ways, and `aliyun configure` makes a profile."
    )


def _document(file: Path) -> dict[str, Any]:
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):  # the message may repeat what is there
        raise AccountError(f"{file} cannot be read as JSON.") from None
    return document if isinstance(document, dict) else {}


def _of_environment(environ: Mapping[str, str]) -> Client:
    # From the mapping: the SDK's own provider reads the environment when it is imported.
    pair = {"access_key_id": environ[_KEY_ID], "access_key_secret": environ[_SECRET]}
    if token := environ.get(_TOKEN):
        return Client(provider=StaticSTSCredentialsProvider(**pair, security_token=token))
    return Client(provider=StaticAKCredentialsProvider(**pair))


def _oidc(environ: Mapping[str, str]) -> Client:
    role, provider, token_file = (environ[name] for name in _OIDC)
    return Client(
        provider=OIDCRoleArnCredentialsProvider(
            role_arn=role, oidc_provider_arn=provider, oidc_token_file_path=token_file
        )
    )


def _ecs_role(name: str) -> Client:
    # Without its thread, which outlives the command.
    return Client(provider=EcsRamRoleCredentialsProvider(role_name=name, async_update_enabled=False))
