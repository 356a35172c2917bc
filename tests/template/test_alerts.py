"""There is an alert for everything that an operator must know, and it names the section of the runbook."""

import re
from collections.abc import Iterator, Mapping

from tests.template.our_template import OurTemplate, Place, get_att

ALERTS: Mapping[str, str] = {
    # The text that each alert's query must have.
    "dead-letter": "hasFunctionError: true",
    "event-given-up": "message.event_id",
    "misconfigured": "FunctionMisconfigured",
    "daily-limit": "SendValidateCodeExceedsLimitForAccount",
    "unknown-outcomes": "message.outcome: unknown",
    "store-down": "CooldownStoreUnavailable",
    "no-sweep": '"sweep finished"',
    "initializer": "FC Initialize End",
}
RUNBOOK = "docs/runbook.md"
HOURS_WITHOUT_A_SWEEP = 26


def alerts(template: OurTemplate) -> Iterator[tuple[str, Place]]:
    """Yield name and details of each alert."""
    for alert in template.properties("ALIYUN::SLS::Alert"):
        yield str(alert.at("Detail", "Name").value), alert.at("Detail")


def configurations(template: OurTemplate) -> list[Place]:
    """Return the configuration of each alert."""
    return [detail.at("Configuration") for _, detail in alerts(template)]


def hours(place: Place) -> int | None:
    """Return a number of hours, `-24h` or `2h`; None where the value is something else."""
    found = re.fullmatch(r"-?([0-9]+)h", str(place.value))
    return int(found[1]) if found else None


def test_every_alert_of_the_list_is_in_the_template(template: OurTemplate) -> None:
    found = dict(alerts(template))
    for name in ALERTS:
        assert name in found, template.at("Resources").expected(f"the alert {name}, which {__name__} lists")


def test_every_alert_of_the_template_is_in_the_list(template: OurTemplate) -> None:
    for name, detail in alerts(template):
        assert name in ALERTS, detail.expected(f"the alert {name} in the list of {__name__}, too")


def test_every_alert_is_enabled(template: OurTemplate) -> None:
    for _, detail in alerts(template):
        state = detail.at("State")
        assert state.value == "Enabled", state.expected("Enabled")


def test_every_alert_looks_for_its_sign(template: OurTemplate) -> None:
    for name, detail in alerts(template):
        query = detail.at("Configuration", "QueryList", 0, "Query")
        sign = ALERTS.get(name, "")
        assert sign in str(query.by_default), query.expected(f"to look for {sign}")


def test_every_alert_goes_to_the_action_policy_of_the_parameter(template: OurTemplate) -> None:
    for configuration in configurations(template):
        policy = configuration.at("PolicyConfiguration", "ActionPolicyId")
        assert policy.value == {"Ref": "AlertActionPolicy"}, policy.expected("Ref: AlertActionPolicy")


def test_every_alert_leads_to_the_dashboard(template: OurTemplate) -> None:
    for configuration in configurations(template):
        dashboard = configuration.at("Dashboard")
        wanted = get_att("Dashboard", "DashboardName")
        assert dashboard.value == wanted, dashboard.expected("the dashboard of this stack")


def test_every_alert_queries_the_log_store_of_the_stack(template: OurTemplate) -> None:
    wanted = {"Project": get_att("LogProject", "Name"), "Store": get_att("LogStore", "LogstoreName")}
    for configuration in configurations(template):
        for query in configuration.at("QueryList").items():
            for key, value in wanted.items():
                assert query.at(key).value == value, query.at(key).expected(value)


def test_every_alert_names_a_section_of_the_runbook(template: OurTemplate, runbook: frozenset[str]) -> None:
    links = {f"{RUNBOOK}#{anchor}" for anchor in runbook}
    for configuration in configurations(template):
        annotations = configuration.at("Annotations")
        named = [str(item.at("Value").value) for item in annotations.items() if item.at("Key").value == "runbook"]
        message = annotations.expected(f"one annotation runbook: {RUNBOOK}#(one of its headings)")
        assert len(named) == 1, message
        assert named[0] in links, message


def test_a_missing_sweep_is_reported_after_26_hours(template: OurTemplate) -> None:
    """The alert looks back from each check, and fires after so many checks in a row without a finished sweep."""
    for name, detail in alerts(template):
        if name == "no-sweep":
            configuration = detail.at("Configuration")
            start, interval = hours(configuration.at("QueryList", 0, "Start")), hours(detail.at("Schedule", "Interval"))
            checks = configuration.at("Threshold").value
            message = configuration.expected("Start and Interval in hours, and a Threshold")
            assert start is not None, message
            assert interval is not None, message
            assert isinstance(checks, int), message
            total = configuration.expected(f"Start, Interval and Threshold to make {HOURS_WITHOUT_A_SWEEP} hours")
            assert start + interval * (checks - 1) == HOURS_WITHOUT_A_SWEEP, total
