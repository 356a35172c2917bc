"""The commands of a deployment, each with the text of it that may be shown.

Source: the vendor's pages "Stack operations" (Alibaba Cloud CLI for Resource Orchestration Service), "UpdateStack",
"Configure credentials" and "cp" and "stat" of ossutil, which the tool has as `aliyun oss`.
"""

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

MASK = "'****'"


@dataclass(frozen=True, slots=True)
class Word:
    """An argument, and how it is shown where that is not as a shell would take it."""

    value: str
    shown: str | None = None


@dataclass(frozen=True, slots=True)
class Command:
    """What is run; its text tells no secret."""

    words: tuple[Word, ...]

    @property
    def secrets(self) -> list[str]:
        """The values that are not shown."""
        return [word.value for word in self.words if word.shown == MASK and word.value]

    @property
    def arguments(self) -> list[str]:
        """The program and what it is given."""
        return [word.value for word in self.words]

    def __str__(self) -> str:
        return " ".join(word.shown or shlex.quote(word.value) for word in self.words)


@dataclass(frozen=True, slots=True)
class Stack:
    """Where a deployment goes: a stack of a region, by a profile of the command line tool."""

    name: str
    region: str
    profile: str

    def identity(self) -> Command:
        """Ask whom the profile signs in as."""
        return _command("sts GetCallerIdentity", _options({"profile": self.profile, "region": self.region}))

    def bucket(self, bucket: str) -> Command:
        """Ask whether the bucket is there."""
        return _command("oss stat", [Word(f"oss://{bucket}")], self._oss)

    def upload(self, archive: Path, bucket: str, key: str) -> Command:
        """Put the package there; what has its name has its bytes, since the name is their hash."""
        return _command("oss cp", [Word(str(archive)), Word(f"oss://{bucket}/{key}"), Word("--force")], self._oss)

    def find(self) -> Command:
        """List the stacks of this name: one, or none."""
        return _command("ros ListStacks", self._where, _options({"StackName.1": self.name}))

    def create(self, template: Word, parameters: Iterable[Word]) -> Command:
        """Create the stack."""
        options = {"StackName": self.name, "TimeoutInMinutes": "30"}
        return _command("ros CreateStack", self._where, _options(options), _template(template), parameters)

    def update(self, stack_id: Word, template: Word, parameters: Iterable[Word]) -> Command:
        """Update the stack; a parameter that is not given keeps its value."""
        options = {"TimeoutInMinutes": "30", "UsePreviousParameters": "true"}
        which = [Word("--StackId"), stack_id]
        return _command("ros UpdateStack", self._where, which, _options(options), _template(template), parameters)

    def get(self, stack_id: Word) -> Command:
        """Ask for the stack's status and outputs."""
        return _command("ros GetStack", self._where, [Word("--StackId"), stack_id])

    def delete(self, stack_id: Word) -> Command:
        """Delete the stack and all that it made."""
        return _command("ros DeleteStack", self._where, [Word("--StackId"), stack_id])

    @property
    def _where(self) -> list[Word]:
        return _options({"profile": self.profile, "RegionId": self.region})

    @property
    def _oss(self) -> list[Word]:
        # Left to itself, it would take the endpoint without a scheme, and that is plain http.
        endpoint = f"https://oss-{self.region}.aliyuncs.com"
        return _options({"profile": self.profile, "region": self.region, "endpoint": endpoint})


def template_body(template: Path) -> Word:
    """Return the template's text as an argument, shown as a shell would read it."""
    return Word(template.read_text(encoding="utf-8"), f'"$(cat {shlex.quote(str(template))})"')


def numbered_parameters(values: Mapping[str, str], secrets: Iterable[str]) -> list[Word]:
    """Return the arguments that set the stack's parameters; the values of `secrets` are not shown."""
    hidden = set(secrets)
    words = []
    for number, (name, value) in enumerate(sorted(values.items()), start=1):
        words += _options({f"Parameters.{number}.ParameterKey": name})
        words += [Word(f"--Parameters.{number}.ParameterValue"), Word(value, MASK if name in hidden else None)]
    return words


def _command(operation: str, *parts: Iterable[Word]) -> Command:
    return Command((Word("aliyun"), *map(Word, operation.split()), *(word for part in parts for word in part)))


def _options(options: Mapping[str, str]) -> list[Word]:
    return [word for name, value in options.items() for word in (Word(f"--{name}"), Word(value))]


def _template(template: Word) -> list[Word]:
    return [Word("--TemplateBody"), template]
