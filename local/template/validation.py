"""Holds a template against all rules."""

from collections.abc import Sequence

from local.template.document import MalformedTemplate, read_template
from local.template.problems import Problem, dotted
from local.template.rules import (
    events,
    exposure,
    functions,
    observability,
    permissions,
    properties,
    references,
    structure,
    triggers,
)
from local.template.subject import Judges, Rule, Subject

RULES: Sequence[Rule] = (
    structure.sections,
    structure.resources,
    structure.parameters,
    structure.conditions,
    structure.outputs,
    references.functions,
    references.targets,
    references.reachable,
    properties.vendors_metadata,
    properties.trigger_configs,
    functions.handlers,
    functions.runtimes,
    functions.cpu_and_memory,
    functions.environment,
    functions.logs,
    functions.network,
    functions.attempts_fit,
    triggers.samples,
    triggers.switches,
    triggers.targets,
    triggers.eventbridge,
    triggers.topics,
    events.asynchronous,
    events.event_age,
    events.reserved_concurrency,
    permissions.reach,
    permissions.function_roles,
    permissions.trigger_roles,
    permissions.breadth,
    exposure.http,
    exposure.api,
    exposure.secrets,
    exposure.sites,
    exposure.outputs,
    exposure.code,
    observability.log_store,
    observability.dashboard,
    observability.index,
    observability.alerts,
)


def problems_of(subject: Subject) -> list[Problem]:
    """Return what the rules find, in the order of the template, nothing twice."""
    found = dict.fromkeys(problem for rule in RULES for problem in rule(subject))
    return sorted(found, key=lambda problem: subject.template.line_of(problem.path))


def validate(text: str, judges: Judges) -> tuple[Subject | None, list[str]]:
    """Return the template that a text is, and a line for each problem: its line in the text, its place, what is wrong.

    Raises:
        MetadataUnreadable: the vendor's metadata is not installed, or not of the form that is understood.

    """
    try:
        subject = Subject(read_template(text), judges)
        problems = problems_of(subject)
    except MalformedTemplate as error:
        return None, [str(error)]
    except RecursionError:
        return None, ["Conditions: expected none that depends on itself, and no value so deep"]
    return subject, [
        f"line {subject.template.line_of(problem.path)}: {dotted(problem.path)}: {problem.message}"
        for problem in problems
    ]
