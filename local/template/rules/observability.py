"""What happens is written down, found again, and told to somebody who finds in the runbook what to do."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from local.template.document import at, listed, mapping
from local.template.problems import Path, Problem
from local.template.shapes import kind_problem
from local.template.subject import Subject

ALERTS: Mapping[str, str] = {
    # What each alert's query has to look for.
    "dead-letter": "hasFunctionError: true",
    "event-given-up": "message.event_id",
    "misconfigured": "FunctionMisconfigured",
    "daily-limit": "SendValidateCodeExceedsLimitForAccount",
    "unknown-outcomes": "message.outcome: unknown",
    "store-down": "CooldownStoreUnavailable",
    "no-sweep": '"sweep finished"',
    "initializer": "FC Initialize End",
}
HOURS_WITHOUT_A_SWEEP = 26
RETENTION_DAYS = 30

_OUR_FIELD = re.compile(r"message\.(\w+)")
_OUR_VALUE = re.compile(r'message\.(?:message|code|outcome): (?:"([^"]+)"|(\w+))')
_PLATFORMS_FIELD = re.compile(r"\b([a-z]+[A-Z]\w*)\b")


def log_store(subject: Subject) -> Iterator[Problem]:
    """Check that lines are kept for as long as a parameter says, a month by default."""
    for path, resource in subject.template.resources("ALIYUN::SLS::Logstore"):
        if subject.by_default.value(at(resource, "Properties", "TTL")) != RETENTION_DAYS:
            yield Problem((*path, "Properties", "TTL"), f"expected {RETENTION_DAYS} days by default")


def dashboard(subject: Subject) -> Iterator[Problem]:
    """Check that every chart asks the log store something; the metadata leaves charts free-form."""
    names = [at(item, "Properties", "LogstoreName") for _, item in subject.template.resources("ALIYUN::SLS::Logstore")]
    for path, resource in subject.template.resources("ALIYUN::SLS::Dashboard"):
        path = (*path, "Properties", "Charts")
        for position, chart in enumerate(listed(at(resource, "Properties", "Charts"))):
            if at(chart, "search", "logstore") not in names:
                yield Problem((*path, position, "search", "logstore"), "expected the name of the log store")
            for key in ("query", "start", "end"):
                if problem := kind_problem(at(chart, "search", key), "string"):
                    yield Problem((*path, position, "search", key), problem)


def index(subject: Subject) -> Iterator[Problem]:
    """Check that the index is about fields that the code writes, and queries about indexed fields and real values."""
    ours, platforms = _indexed(subject)
    words = subject.judges.code.words
    for path, name in ours.items():
        if name not in words:
            yield Problem(path, f"expected a field that the code logs, found {name}")
    for path, _ in subject.template.resources("ALIYUN::SLS::Index"):
        for name in sorted(subject.judges.code.logged_fields - set(ours.values())):
            yield Problem((*path, "Properties", "KeyIndices"), f"expected the field {name}, which the code logs")
    for path, query in _queries(subject):
        for field in sorted(set(_OUR_FIELD.findall(query)) - set(ours.values())):
            yield Problem(path, f"expected a field of the index, found message.{field}")
        for field in sorted(set(_PLATFORMS_FIELD.findall(re.sub(r'"[^"]*"|message\.\S+ \w+', "", query))) - platforms):
            yield Problem(path, f"expected a field of the index, found {field}")
        for quoted, bare in _OUR_VALUE.findall(query):
            if (quoted or bare) not in words:
                yield Problem(path, f"expected a value that the code logs, found {quoted or bare}")


def alerts(subject: Subject) -> Iterator[Problem]:
    """Check that there is an alert for each thing that somebody must know, which is on and names its section."""
    found: dict[str, Path] = {}
    for path, resource in subject.template.resources("ALIYUN::SLS::Alert"):
        path = (*path, "Properties", "Detail")
        detail = at(resource, "Properties", "Detail")
        name = str(at(detail, "Name"))
        found[name] = path
        configuration = mapping(at(detail, "Configuration"))
        if at(detail, "State") != "Enabled":
            yield Problem((*path, "State"), "expected Enabled")
        query = str(subject.by_default.value(at(configuration, "QueryList", 0, "Query")))
        if ALERTS.get(name, "") not in query:
            yield Problem((*path, "Configuration", "QueryList", 0, "Query"), f"expected to look for {ALERTS[name]}")
        path = (*path, "Configuration")
        if at(configuration, "PolicyConfiguration", "ActionPolicyId") != {"Ref": "AlertActionPolicy"}:
            yield Problem((*path, "PolicyConfiguration", "ActionPolicyId"), "expected Ref: AlertActionPolicy")
        if at(configuration, "Dashboard") != {"Fn::GetAtt": ["Dashboard", "DashboardName"]}:
            yield Problem((*path, "Dashboard"), "expected the dashboard of this stack")
        yield from _store(configuration, path)
        yield from _section(subject, configuration, path)
        if name == "no-sweep":
            yield from _patience(detail, path)
    for name in sorted(ALERTS.keys() ^ found.keys()):
        yield Problem(
            found.get(name, ("Resources",)), f"expected the alert {name} both here and in rules/observability.py"
        )


def _indexed(subject: Subject) -> tuple[dict[Path, str], set[str]]:
    """Return our fields by their place, and the names of the platform's."""
    ours: dict[Path, str] = {}
    platforms: set[str] = set()
    for path, resource in subject.template.resources("ALIYUN::SLS::Index"):
        path = (*path, "Properties", "KeyIndices")
        for position, key in enumerate(listed(at(resource, "Properties", "KeyIndices"))):
            platforms.add(str(at(key, "Name")))
            for number, field in enumerate(listed(at(key, "JsonKeyIndices"))):
                place = (*path, position, "JsonKeyIndices", number)
                ours[place] = str(at(field, "Name"))
    return ours, platforms


def _queries(subject: Subject) -> Iterator[tuple[Path, str]]:
    for path, resource in subject.template.resources("ALIYUN::SLS::Alert"):
        steps = ("Properties", "Detail", "Configuration", "QueryList")
        for position, item in enumerate(listed(at(resource, *steps))):
            yield (*path, *steps, position, "Query"), str(subject.by_default.value(at(item, "Query")))
    for path, resource in subject.template.resources("ALIYUN::SLS::Dashboard"):
        for position, chart in enumerate(listed(at(resource, "Properties", "Charts"))):
            yield (*path, "Properties", "Charts", position, "search", "query"), str(at(chart, "search", "query"))


def _store(configuration: Mapping[str, Any], path: Path) -> Iterator[Problem]:
    wanted = {"Project": ["LogProject", "Name"], "Store": ["LogStore", "LogstoreName"]}
    for position, query in enumerate(listed(at(configuration, "QueryList"))):
        for key, value in wanted.items():
            if at(query, key) != {"Fn::GetAtt": value}:
                yield Problem((*path, "QueryList", position, key), f"expected Fn::GetAtt: {value}")


def _section(subject: Subject, configuration: Mapping[str, Any], path: Path) -> Iterator[Problem]:
    named = [at(item, "Value") for item in listed(at(configuration, "Annotations")) if at(item, "Key") == "runbook"]
    page, _, anchor = str(named[0]).partition("#") if len(named) == 1 else ("", "", "")
    if page != "docs/runbook.md" or anchor not in subject.judges.runbook:
        yield Problem((*path, "Annotations"), "expected one annotation runbook: docs/runbook.md#(one of its headings)")


def _patience(detail: Any, path: Path) -> Iterator[Problem]:
    """Check how far the alert looks back, how often, and at how many such looks in a row it fires."""
    times = [at(detail, "Configuration", "QueryList", 0, "Start"), at(detail, "Schedule", "Interval")]
    hours = [re.fullmatch(r"-?([0-9]+)h", str(time)) for time in times]
    looks = at(detail, "Configuration", "Threshold")
    if not hours[0] or not hours[1] or not isinstance(looks, int):
        yield Problem(path, "expected Start and Interval in hours, and a Threshold")
    elif int(hours[0][1]) + int(hours[1][1]) * (looks - 1) != HOURS_WITHOUT_A_SWEEP:
        yield Problem(path, f"expected Start, Interval and Threshold to make {HOURS_WITHOUT_A_SWEEP} hours")
