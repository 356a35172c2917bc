"""Which stack, where, and as whom: from make's variables or from `deploy.toml`."""

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.account import WrongCall
from local.account.regions import check_region
from local.account.values import texts

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FILE = Path("deploy.toml")
"""In the folder that a command runs in; git ignores it, since it may hold secrets."""

FOLDER = "phone-verification"
"""Of the bucket; packages are in it."""

VARIABLES = ("STACK", "REGION", "BUCKET", "PROFILE", "ECS_ROLE", "RUNTIME")
"""What the file may set, in lower case, besides the table `parameters`."""

_EXAMPLES = {
    "STACK": "STACK=phone-verification",
    "REGION": "REGION=cn-hangzhou",
    "BUCKET": "BUCKET=my-bucket",
}
_PATTERNS = {
    "STACK": ("[A-Za-z0-9][A-Za-z0-9_-]{0,254}", "letters, digits, - and _, at most 255, the first a letter or digit"),
    "BUCKET": ("[a-z0-9][a-z0-9-]{1,61}[a-z0-9]", "3 to 63 small letters, digits and -"),
    "PROFILE": (r"[^\s-]\S*", "the name of a profile"),
    "ECS_ROLE": (r"[A-Za-z0-9][A-Za-z0-9.@_-]*", "the name of a RAM role"),
}


@dataclass(frozen=True, slots=True)
class Target:
    """A stack of a region, and the credentials that are wanted: a profile, the role of an ECS instance, or neither."""

    stack: str
    region: str
    profile: str = ""
    ecs_role: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """What variables and file say together; a variable wins."""

    variables: Mapping[str, str]
    parameters: Mapping[str, str]

    def get(self, name: str) -> str:
        """Return a variable's value, empty where neither sets it.

        Raises:
            WrongCall: it cannot be meant.

        """
        value = self.variables.get(name, "")
        pattern, what = _PATTERNS.get(name, ("", ""))
        if value and pattern and not re.fullmatch(pattern, value):
            raise WrongCall(f"{name} is not valid: it must be {what}.")
        return value

    def need(self, *names: str) -> list[str]:
        """Return the values of variables that must be set.

        Raises:
            WrongCall: one is not, or cannot be meant.

        """
        if missing := [name for name in names if not self.variables.get(name)]:
            example = " ".join(_EXAMPLES[name] for name in missing)
            raise WrongCall(f"Not set: {', '.join(missing)}. Set each as a variable ({example}), or in {FILE}.")
        return [self.get(name) for name in names]

    def target(self) -> Target:
        """Return the stack that is meant.

        Raises:
            WrongCall: stack or region is not set, or one of them cannot be meant.

        """
        stack, region = self.need("STACK", "REGION")
        check_region(region)
        profile, ecs_role = self.get("PROFILE"), self.get("ECS_ROLE")
        if profile and ecs_role:
            raise WrongCall("PROFILE and ECS_ROLE are both set; take one of them.")
        return Target(stack, region, profile, ecs_role)


def read_given(environ: Mapping[str, str], file: Path = FILE) -> Given:
    """Return what the environment and a file say.

    Raises:
        WrongCall: the file is not as it should be; nothing in it is repeated, since it may hold secrets.

    """
    document = _read(file)
    parameters = document.pop("parameters", {})
    known = {name.lower(): name for name in VARIABLES}
    if unknown := sorted(set(document) - set(known)):
        raise WrongCall(
            f"{file}: unknown {', '.join(unknown)}. It may set {', '.join(known)} and the table parameters."
        )
    if wrong := sorted(name for name, value in document.items() if not isinstance(value, str)):
        raise WrongCall(f"{file}: {', '.join(wrong)} must be text in quotes.")
    if not isinstance(parameters, dict):
        raise WrongCall(f"{file}: parameters must be a table, [parameters].")
    from_file = {known[name]: value for name, value in document.items()}
    from_environment = {name: environ[name] for name in VARIABLES if environ.get(name)}
    if "PROFILE" in from_environment or "ECS_ROLE" in from_environment:
        from_file = {name: value for name, value in from_file.items() if name not in ("PROFILE", "ECS_ROLE")}
    return Given({**from_file, **from_environment}, texts(parameters, f"{file}: parameters"))


def _read(file: Path) -> dict[str, Any]:
    if not file.exists():
        return {}
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):  # the parser's message may repeat what is there
        raise WrongCall(f"{file} cannot be read as TOML. docs/deploy.md has an example.") from None
