"""Every test of the template fails when the template, or the code it has to fit, changes in one place."""

import inspect
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from local.template.document import read_template
from tests.template.mutations import access_mutations, function_mutations, operation_mutations, trigger_mutations
from tests.template.mutations.code_changes import CODE_CHANGES, CodeChange
from tests.template.mutations.mutation import Mutation, Table, cases, label
from tests.template.mutations.odd_values import odd_values, positions, with_odd_value
from tests.template.our_template import OurTemplate

MUTATIONS: Table = {
    **function_mutations.MUTATIONS,
    **trigger_mutations.MUTATIONS,
    **access_mutations.MUTATIONS,
    **operation_mutations.MUTATIONS,
}

TemplateTest = Callable[..., None]


def template_tests() -> Iterator[TemplateTest]:
    """Yield the tests of the template: those in the files of the folder above."""
    for path in sorted(Path(__file__).parents[1].glob("test_*.py")):
        module = import_module(f"tests.template.{path.stem}")
        yield from (test for name, test in vars(module).items() if name.startswith("test_"))


def run(test: TemplateTest, request: pytest.FixtureRequest, **changed: Any) -> None:
    """Call a test with its fixtures, and with other values for those in `changed`."""
    names = inspect.signature(test).parameters
    test(**{name: changed[name] if name in changed else request.getfixturevalue(name) for name in names})


@pytest.mark.parametrize(("test", "mutation"), cases(MUTATIONS), ids=label)
def test_a_broken_template_fails_the_test_with_line_and_place(
    test: TemplateTest, mutation: Mutation, template: OurTemplate, request: pytest.FixtureRequest
) -> None:
    broken = OurTemplate(mutation.apply_to(template.template))
    with pytest.raises(AssertionError) as failure:
        run(test, request, template=broken)
    assert mutation.is_found_in(first_line(failure.value))


@pytest.mark.parametrize(
    ("test", "change"), [(test, change) for test, changes in CODE_CHANGES.items() for change in changes]
)
def test_code_that_the_template_does_not_fit_fails_the_test(
    test: TemplateTest, change: CodeChange, request: pytest.FixtureRequest
) -> None:
    changed = change.change(request.getfixturevalue(change.fixture))
    with pytest.raises(AssertionError) as failure:
        run(test, request, **{change.fixture: changed})
    assert change.says in first_line(failure.value)


@pytest.mark.parametrize(
    "mutation",
    [
        Mutation("Site", "Default: China", "Default: Elsewhere", "", ""),
        Mutation("SmqTopicTriggerOfSend", "SmqTopicTriggerOfSend:", "Topic:", "", ""),
        Mutation("InVpc", "  InVpc:", "  Idle: {'Fn::Not': InVpc}\n\n  InVpc:", "", ""),
        Mutation("SmqTopicRole", "      Tags:\n", "", "", ""),
    ],
    ids=["value", "name", "item more", "line less"],
)
def test_an_item_that_is_read_alone_is_what_it_is_in_the_whole_template(
    template: OurTemplate, mutation: Mutation
) -> None:
    alone, whole = mutation.apply_to(template.template), read_template(mutation.apply(template.template.text))
    assert (alone.text, alone.data, alone.lines) == (whole.text, whole.data, whole.lines)


def test_every_test_is_broken_by_a_mutation_or_a_change_of_the_code() -> None:
    assert set(template_tests()) == {*MUTATIONS, *CODE_CHANGES}


@settings(max_examples=20, deadline=None)
@given(position=positions, odd=odd_values)
def test_no_odd_value_in_any_place_crashes_a_test(
    template: OurTemplate, request: pytest.FixtureRequest, position: int, odd: object
) -> None:
    changed = OurTemplate(with_odd_value(template.template, position, odd))
    for test in MUTATIONS:
        with suppress(AssertionError):
            run(test, request, template=changed)


def first_line(error: BaseException) -> str:
    """Return the message of an assertion, without the details that pytest adds."""
    return str(error).partition("\n")[0]
