"""Every trigger of the code is in the table of the template's triggers, and has a sample event."""

from tests.template.trigger_table import FURTHER_SAMPLES, IN_TEMPLATE, NOT_IN_TEMPLATE

TABLE = "tests/template/trigger_table.py"


def test_the_table_has_the_triggers_of_the_code(trigger_names: frozenset[str]) -> None:
    in_one_only = sorted(trigger_names ^ {*IN_TEMPLATE, *NOT_IN_TEMPLATE})
    assert not in_one_only, f"expected the trigger {', '.join(in_one_only)} both in {TABLE} and in the code"


def test_every_trigger_has_a_sample(samples: frozenset[str]) -> None:
    for name in (*IN_TEMPLATE, *NOT_IN_TEMPLATE):
        assert name in samples, f"expected a sample events/{name}.json of the trigger {name}"


def test_every_sample_is_of_a_trigger(samples: frozenset[str]) -> None:
    for name in sorted(samples - FURTHER_SAMPLES - {*IN_TEMPLATE, *NOT_IN_TEMPLATE}):
        assert name.startswith("refused_"), f"expected a trigger in {TABLE} for events/{name}.json"
