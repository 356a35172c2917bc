"""There is an alert for everything that an operator must know, and it names the section of the runbook."""

import re
from collections.abc import Iterator, Mapping

from local.template.document import at
from tests.template.our_template import OurTemplate, Place, get_att

ALERTS: Mapping[str, str] = {
    # The text that each alert's query must have.
    "dead-letter": "hasFunctionError: true",
    "event-failed": "message.event_id",
    "misconfigured": "FunctionMisconfigured",
    "daily-limit": "SendValidateCodeExceedsLimitForAccount",
    "unknown-outcomes": "message.outcome: unknown",
    "store-down": "CooldownStoreUnavailable",
    "listing-failed": '"listing failed"',
    "no-sweep": "not message.code: *",
    "initializer": "FC Initialize End",
}
RUNBOOK = "docs/runbook.md"
MINUTES_WITHOUT_A_SWEEP = {
    # By the timer's cron expression: a day, or ten minutes, and some more for one run that fails.
    "0 0 1 * * *": 26 * 60,
    "0 */10 * * * *": 50,
}
EXECUTIONS = 3
"""How often function 1 is executed for one event: see MaxAsyncRetryAttempts."""


def alerts(template: OurTemplate) -> Iterator[tuple[str, Place]]:
    """Yield name and details of each alert."""
    for alert in template.properties("ALIYUN::SLS::Alert"):
        yield str(alert.at("Detail", "Name").value), alert.at("Detail")


def configurations(template: OurTemplate) -> list[Place]:
    """Return the configuration of each alert."""
    return [detail.at("Configuration") for _, detail in alerts(template)]


def minutes(text: object) -> int | None:
    """Return the minutes in a time of SLS, `-24h` or `10m`; None where it is something else."""
    found = re.fullmatch(r"-?([0-9]+)([hm])", str(text))
    return int(found[1]) * (60 if found[2] == "h" else 1) if found else None


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


def test_every_alert_says_what_is_at_stake_and_what_to_do_first(template: OurTemplate) -> None:
    for configuration in configurations(template):
        annotations = configuration.at("Annotations")
        texts = [item.at("Value").by_default for item in annotations.items() if item.at("Key").value == "desc"]
        message = annotations.expected("one annotation desc: At stake: ... First: ...")
        assert len(texts) == 1, message
        assert re.fullmatch(r"At stake: .{20,} First: .{20,}\.", str(texts[0])), message


def test_an_event_that_failed_as_often_as_it_is_tried_is_reported(template: OurTemplate) -> None:
    """By the event's own id: it is not published that a retry keeps the request id."""
    for name, detail in alerts(template):
        if name == "event-failed":
            query = detail.at("Configuration", "QueryList", 0, "Query")
            wanted = f"group by event_id, delivery having count(1) > {EXECUTIONS - 1}"
            assert str(query.value).endswith(wanted), query.expected(wanted)


def test_a_missing_sweep_is_reported_as_the_schedule_demands(template: OurTemplate) -> None:
    """The alert looks back from each check, and fires after so many checks in a row without a finished sweep."""
    for name, detail in alerts(template):
        if name == "no-sweep":
            for evaluation in (template.by_default, template.with_everything):
                timer = at(evaluation.properties("TimerTriggerOfResend"), "TriggerConfig", "cronExpression")
                start = minutes(evaluation.value(detail.at("Configuration", "QueryList", 0, "Start").value))
                interval = minutes(evaluation.value(detail.at("Schedule", "Interval").value))
                checks = detail.at("Configuration", "Threshold").value
                wanted = MINUTES_WITHOUT_A_SWEEP.get(str(timer))
                message = detail.expected(f"Start, Interval and Threshold to make {wanted} minutes for {timer}")
                assert isinstance(checks, int), message
                assert start is not None and interval is not None, message  # noqa: PT018 -- one message
                assert start + interval * (checks - 1) == wanted, message
