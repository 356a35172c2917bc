"""Each alert fires when it should and stays silent when not: its query is run over lines that the code really wrote."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from local.template.document import read_template
from tests.integration.alert_scenes import SCENES, SCENES_OF_RUNS, Day, entries_of
from tests.integration.log_query import fires, rows_of
from tests.template.mutations.mutation import Mutation
from tests.template.our_template import OurTemplate
from tests.template.test_alerts import ALERTS, alerts

TEMPLATE = Path(__file__).parents[2] / "template.yml"

Scene = tuple[Callable[[Day], None], set[str]]

EACH = pytest.mark.parametrize(
    ("scene", "good_run"),
    [
        *(pytest.param(scene, True, id=name) for name, scene in SCENES.items()),
        *(pytest.param(scene, False, id=name) for name, scene in SCENES_OF_RUNS.items()),
    ],
)


@pytest.fixture(scope="module")
def text() -> str:
    """Return the text of the template."""
    return TEMPLATE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def template(text: str) -> OurTemplate:
    """Return the template."""
    return OurTemplate(read_template(text))


def fired(template: OurTemplate, entries: Sequence[Mapping[str, Any]]) -> set[str]:
    """Return the names of the alerts that fire."""
    names = set()
    for name, detail in alerts(template):
        configuration = detail.at("Configuration").by_default
        (query,) = configuration["QueryList"]
        (severity,) = configuration["SeverityConfigurations"]
        condition = severity["EvalCondition"]
        if fires(condition["Condition"], condition["CountCondition"], rows_of(query["Query"], entries)):
            names.add(name)
    return names


@EACH
def test_the_alerts_that_fire_are_those_of_the_scene(template: OurTemplate, scene: Scene, *, good_run: bool) -> None:
    happens, expected = scene
    assert fired(template, entries_of(happens, good_run=good_run, level="INFO")) == expected


def test_at_debug_no_more_alerts_fire_on_a_good_day(template: OurTemplate) -> None:
    happens, _ = SCENES["a good day"]
    entries = entries_of(happens, good_run=True, level="DEBUG")
    assert {entry["message"]["level"] for entry in entries if "message" in entry} >= {"DEBUG", "INFO"}
    assert fired(template, entries) == set()


BROKEN = {
    "a refused listing counts as a run": (
        "no-sweep",
        "NoSweepAlert",
        " and not message.code: *",
        "only a refused listing",
    ),
    "a dry run counts as a run": ("no-sweep", "NoSweepAlert", " and not message.dry_run: true", "only a dry run"),
    "no cluster": (
        "store-down",
        "StoreDownAlert",
        " or message.code: CooldownStoreNeedsProxyEndpoint",
        "a node of a cluster",
    ),
    "no failed listing": ("listing-failed", "ListingFailedAlert", '"listing failed"', "a lost listing"),
    "two executions": ("dead-letter", "DeadLetterAlert", "> 2", "a good day"),
    "any execution": ("event-failed", "EventFailedAlert", "> 2", "a good day"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_query_that_is_broken_is_noticed(text: str, name: str) -> None:
    alert, resource, part, scene = BROKEN[name]
    instead = {"> 2": "> 0", '"listing failed"': '"listing fails"'}.get(part, "")
    broken = OurTemplate(read_template(Mutation(resource, part, instead, "", "").apply(text)))
    happens, expected = {**SCENES, **SCENES_OF_RUNS}[scene]
    entries = entries_of(happens, good_run=scene in SCENES, level="INFO")
    assert fired(broken, entries) ^ expected == {alert}


def test_every_alert_has_a_scene() -> None:
    assert {name for _, expected in (*SCENES.values(), *SCENES_OF_RUNS.values()) for name in expected} == set(ALERTS)


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("text", {1, 2}),
        ('"one text"', {1}),
        ("m.kind: text", {1, 2}),
        ("m.kind: *", {1, 2, 3}),
        ("not m.kind: *", {4}),
        ("m.kind: text or m.kind: mail and m.number: 9", {1, 2}),
        ("(m.kind: text or m.kind: mail) and m.number: 3", {3}),
        ("m.kind: text and not m.number: 1", {2}),
        ('m.kind: "A TEXT"', {2}),
        ("m.on: true", {2}),
        ("m.kind: tex", set()),
    ],
)
def test_a_search_finds_what_sls_would(search: str, found: set[int]) -> None:
    entries: list[dict[str, Any]] = [
        {"m": {"kind": "one text", "number": 1}},
        {"m": {"kind": "a text", "number": 2, "on": True}},
        {"m": {"kind": "mail", "number": 3, "on": False}},
        {"m": {"number": 4}},
    ]
    rows = rows_of(f'{search} | select "m.number" as number, count(1) as n group by number', entries)
    assert {row["number"] for row in rows} == found


def test_rows_are_grouped_and_chosen_by_their_counts() -> None:
    entries = [{"name": name} for name in "aaabbc"]
    query = "name: * | select name, count(1) as times group by name having count(1) > 2 or name = 'c'"
    assert rows_of(query, entries) == [{"name": "a", "times": 3}, {"name": "c", "times": 1}]
    assert rows_of("name: d | select count(1) as times", entries) == [{"times": 0}]
    assert fires("times < 1", "", [{"times": 0}])
    assert not fires("", "__count__ > 0", [])


@pytest.mark.parametrize(
    "query",
    [
        "a and | select count(1)",
        "a b | select count(1)",
        "a: b~ | select count(1)",
        "a | select max(b) as b",
        "a | select b, count(1) as n",
        "a | select count(1) as n having n like 1",
    ],
)
def test_a_query_outside_of_what_is_understood_is_refused(query: str) -> None:
    with pytest.raises((AssertionError, IndexError)):
        rows_of(query, [{"a": "a"}])
