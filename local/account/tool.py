"""Runs the vendor's command line tool: shows each command first, and turns its failures into what to do."""

import json
import shutil
import subprocess
from collections.abc import Callable
from typing import Any

from local.account import DeployError
from local.account.aliyun_commands import Command

MAX_ERROR_CHARACTERS = 2000


class ToolFailed(DeployError):
    """A command ended with an error; the message is the tool's own."""


class Tool:
    """`aliyun` on the PATH; `show` gets each command before it runs."""

    def __init__(self, show: Callable[[str], None]) -> None:
        if shutil.which("aliyun") is None:
            raise DeployError(
                "The command line tool aliyun is not installed. The vendor's page Install Alibaba Cloud CLI says how.\n"
                "To see the commands without it: make deploy DRY_RUN=1"
            )
        self._show = show

    def run(self, command: Command) -> str:
        """Show `command`, run it, and return what it printed.

        Raises:
            ToolFailed: it ended with an error.

        """
        self._show(f"$ {command}")
        return self.run_quietly(command)

    def run_quietly(self, command: Command) -> str:
        """Run a command that was shown before."""
        ran = subprocess.run(command.arguments, capture_output=True, check=False, encoding="utf-8")  # noqa: S603 -- as shown
        if ran.returncode:
            said = ran.stderr.strip() or ran.stdout.strip() or f"exit code {ran.returncode}"
            for secret in command.secrets:
                said = said.replace(secret, "****")
            raise ToolFailed(said[:MAX_ERROR_CHARACTERS])
        return ran.stdout


def parsed(output: str) -> dict[str, Any]:
    """Return the JSON object that a command of the API printed.

    Raises:
        ToolFailed: it printed something else.

    """
    try:
        document = json.loads(output)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise ToolFailed(
            "The tool did not print a JSON object. Set the profile's output format to json: aliyun configure"
        )
    return document
