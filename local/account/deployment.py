"""What is deployed, and to where."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from local.account import DeployError
from local.account.aliyun_commands import Command, Stack, Word, numbered_parameters, template_body
from local.account.stack_parameters import Parameter


@dataclass(frozen=True, slots=True)
class Deployment:
    """A package and a template, on their way to `stack` by way of `bucket`, with the values given for parameters."""

    stack: Stack
    bucket: str
    package: Path
    template: Path
    runtime: str
    parameters: list[Parameter]
    values: Mapping[str, str]

    @property
    def key(self) -> str:
        """The package's name in the bucket: its hash, so that an upload never replaces other code."""
        return f"phone-verification/{hashlib.sha256(self.package.read_bytes()).hexdigest()}.zip"

    def upload(self) -> Command:
        """Return the command that uploads the package."""
        return self.stack.upload(self.package, self.bucket, self.key)

    def create(self) -> Command:
        """Return the command that creates the stack."""
        return self.stack.create(template_body(self.template), self._arguments())

    def update(self, stack_id: Word) -> Command:
        """Return the command that updates the stack of this id."""
        return self.stack.update(stack_id, template_body(self.template), self._arguments())

    def check_required(self) -> None:
        """Check that a new stack would have a value for each parameter.

        Raises:
            DeployError: one without a default has none.

        """
        given = self._all_values()
        if missing := [each.name for each in self.parameters if each.required and each.name not in given]:
            raise DeployError(
                f"A new stack needs a value for {', '.join(missing)}: make deploy PARAMETERS='NAME=VALUE …'"
            )

    def _arguments(self) -> list[Word]:
        return numbered_parameters(self._all_values(), [each.name for each in self.parameters if each.secret])

    def _all_values(self) -> dict[str, str]:
        ours = {"CodeBucket": self.bucket, "CodeObject": self.key, "Runtime": self.runtime}
        return {**self.values, **ours}
