"""What the rules look at: the template, what the vendor says of it, and what of our code it has to fit."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from local.template.code import Code
from local.template.document import Template
from local.template.evaluation import Evaluation, with_defaults, with_everything
from local.template.metadata import Metadata
from local.template.problems import Problem
from local.template.sdk_models import SdkModels


@dataclass(frozen=True)
class Judges:
    """What a template is judged by, the same for every template.

    `samples` are the names of the files in `events/`, without their ends, `runbook` the anchors of the runbook's page.
    """

    metadata: Metadata
    models: SdkModels
    code: Code
    samples: frozenset[str]
    runbook: frozenset[str]


@dataclass(frozen=True)
class Subject:
    """A template before its judges."""

    template: Template
    judges: Judges

    @cached_property
    def by_default(self) -> Evaluation:
        """The template as it is when nobody says anything."""
        return with_defaults(self.template)

    @cached_property
    def with_everything(self) -> Evaluation:
        """The template with every switch on."""
        return with_everything(self.template)


Rule = Callable[[Subject], Iterator[Problem]]


def judges_of(project: Path) -> Judges:
    """Return the judges of the project at that path.

    Raises:
        MetadataUnreadable: the SDK's models are not installed.

    """
    return Judges(
        metadata=Metadata(),
        models=SdkModels(),
        code=Code(project / "functions"),
        samples=frozenset(path.stem for path in (project / "events").glob("*.json")),
        runbook=frozenset(_anchors(project / "docs" / "runbook.md")),
    )


def _anchors(page: Path) -> Iterator[str]:
    """Yield the anchors of a page's headings, as code hosts form them: `## Daily limit` is `#daily-limit`."""
    if page.exists():
        for heading in re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE):
            yield re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-")
