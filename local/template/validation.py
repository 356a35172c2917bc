"""Checks a template against all rules."""

from collections.abc import Sequence

from local.template.document import MalformedTemplate, read_template
from local.template.problems import Problem
from local.template.rules import interface, properties, references, structure
from local.template.subject import Rule, Subject, VendorData

RULES: Sequence[Rule] = (
    structure.sections,
    structure.resources,
    structure.parameters,
    structure.conditions,
    structure.outputs,
    interface.groups,
    interface.labels,
    interface.pickers,
    references.functions,
    references.targets,
    references.reachable,
    references.removals,
    properties.vendors_metadata,
    properties.trigger_configs,
)


def problems_of(subject: Subject) -> list[Problem]:
    """Return the problems that the rules find, in the order of the template, each once."""
    found = dict.fromkeys(problem for rule in RULES for problem in rule(subject))
    return sorted(found, key=lambda problem: subject.template.line_of(problem.path))


def validate(text: str, vendor: VendorData) -> tuple[Subject | None, list[str]]:
    """Return the template in `text`, and one line for each problem: its line in the text, its place, the message.

    The template is None where the text is not one that can be read.

    Raises:
        MetadataUnreadable: the vendor's metadata is not installed, or has a form that its reader does not know.

    """
    try:
        subject = Subject(read_template(text), vendor)
        problems = problems_of(subject)
    except MalformedTemplate as error:
        return None, [str(error)]
    except RecursionError:
        return None, ["expected no value that is nested so deeply"]
    return subject, [subject.template.locate(problem.path, problem.message) for problem in problems]
