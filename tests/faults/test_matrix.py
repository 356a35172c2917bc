"""Every fault comes to what is expected of it, by each way in and with each store, and docs/faults.md says so."""

from collections.abc import Callable, Iterator
from functools import cache

import pytest

from fcapi.errors import EventFailed, EventRejected
from tests.faults.bench import CELLS, Answered, Logged, Observed, StoreName, Way, bench
from tests.faults.faults import FAULTS, Expected, Fault
from tests.faults.table import FILE, by_cell, document

# In one process, since the document is made of what the cells before it have seen.
pytestmark = pytest.mark.xdist_group("faults")

BY_NAME = {fault.name: fault for fault in FAULTS}
LEVELS = {"sent": "INFO", "rejected": "WARNING"}
DUPLICATE_LATER = Logged("INFO", "duplicate", None, None, 0)
UNKNOWN_LATER = Logged("ERROR", "unknown", "OutcomeUnknown", None, 0)

Observe = Callable[[str, Way, StoreName], Observed]


@pytest.fixture(scope="module")
def observe() -> Iterator[Observe]:
    """Return what tries a fault by its name, each cell once."""
    with bench() as shared:

        @cache
        def once(name: str, way: Way, store: StoreName) -> Observed:
            return shared.observe(BY_NAME[name], way, store)

        yield once


def answer_to(expected: Expected, way: Way) -> Answered:
    if way == "http":
        return Answered(str(expected.status), expected.code, expected.retry_after)
    if expected.outcome == "sent":
        return Answered("sent", None, None)
    error = EventRejected if expected.outcome == "rejected" else EventFailed
    return Answered(error.__name__, expected.code, None)


def asked_again(expected: Expected, way: Way) -> tuple[Answered, Logged, int]:
    """Return the answer, the line, and the texts of both times together."""
    http = way == "http"
    match expected.outcome:
        case "sent":
            return Answered("200", None, "50") if http else Answered("duplicate", None, None), DUPLICATE_LATER, 1
        case "unknown":
            blocked = ("409", "OutcomeUnknown", "50") if http else ("EventFailed", "OutcomeUnknown", None)
            return Answered(*blocked), UNKNOWN_LATER, expected.texts
        case _:
            answered = Answered("200" if http else "sent", None, None)
            return answered, Logged("INFO", "sent", None, None, expected.attempts_later), 1


@pytest.mark.parametrize("cell", CELLS, ids="-".join)
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_comes_to_what_is_expected_and_never_to_two_texts(
    observe: Observe, fault: Fault, cell: tuple[Way, StoreName]
) -> None:
    way, _ = cell
    expected = fault.expected
    answered_later, logged_later, texts_later = asked_again(expected, way)
    assert observe(fault.name, *cell) == Observed(
        answered=answer_to(expected, way),
        logged=Logged(
            LEVELS.get(expected.outcome, "ERROR"),
            expected.outcome,
            expected.code,
            expected.upstream_code,
            expected.attempts,
        ),
        waits=expected.waits,
        texts=expected.texts,
        answered_later=answered_later,
        logged_later=logged_later,
        texts_later=texts_later,
    )
    assert texts_later <= 1


def test_the_document_says_what_is_observed(observe: Observe) -> None:
    seen = {fault.name: by_cell([observe(fault.name, *cell) for cell in CELLS]) for fault in FAULTS}
    assert FILE.read_text(encoding="utf-8") == document(seen), "`make faults` brings it up to date"


def test_no_two_faults_have_one_name() -> None:
    assert len(BY_NAME) == len(FAULTS)
