"""The alerts of template.yml, as an operator gets them."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from local.template.document import at, listed, read_template
from local.template.evaluation import with_defaults

TEMPLATE = Path(__file__).parents[2] / "template.yml"


class Alert(NamedTuple):
    """An alert: its name, title and description, the section of the runbook, and its query, on one line."""

    name: str
    title: str
    description: str
    runbook: str
    query: str


def read_alerts(template: Path = TEMPLATE) -> Iterator[Alert]:
    """Yield the alerts of a template, with its parameters' defaults."""
    values = with_defaults(read_template(template.read_text(encoding="utf-8")))
    for path, _ in values.template.resources("ALIYUN::SLS::Alert"):
        detail = at(values.properties(str(path[1])), "Detail")
        annotations = {each["Key"]: each["Value"] for each in listed(at(detail, "Configuration", "Annotations"))}
        query = str(at(detail, "Configuration", "QueryList", 0, "Query"))
        yield Alert(
            str(at(detail, "Name")),
            annotations["title"],
            annotations["desc"],
            annotations["runbook"],
            " ".join(query.split()),
        )
