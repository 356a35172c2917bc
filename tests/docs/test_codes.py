"""The one list of Codes is held against every place that lists Codes: HTTP table, OpenAPI, emulator, fault matrix."""

from collections.abc import Iterable

import pytest

from local.emulator.errors import STATUS_AND_MESSAGE
from local.openapi.refusals import REFUSALS
from resource_directory.errors import (
    SEND_EMAIL_VERIFICATION,
    SEND_PHONE_VERIFICATION,
    AnswerLost,
    NotAttempted,
    NotConnected,
    RequestRefused,
    ResourceDirectoryError,
    UnusableAnswer,
    error_of_code,
)
from tests.docs.codes import error_types, errors_of_the_api, refusals_of, replies
from tests.docs.tables import DOCS, names_in, rows
from tests.faults.faults import FAULTS

ERRORS = list(errors_of_the_api())
OF_BOTH = [*ERRORS, *refusals_of(SEND_EMAIL_VERIFICATION)]
FURTHER = {"Throttling.User", "Throttling.Api"}
"""More specific Codes of the API that the documents list; the client knows their family."""

WITHOUT_ANSWER = (NotAttempted, NotConnected, AnswerLost)
"""Errors that stand for no answer of the API."""


def each(errors: Iterable[ResourceDirectoryError]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("error", list(errors), ids=lambda error: f"{type(error).__name__}-{error.code}")


def test_the_http_table_lists_every_reply_with_its_status_and_outcome() -> None:
    listed = {
        (int(status), code, outcome.strip("`") or None)
        for status, codes, _, outcome in rows(DOCS / "http-api.md", "status")
        for code in names_in(codes)
    }
    assert {row for row in listed if row[1] not in FURTHER} == replies()


def test_openapi_lists_every_reply_under_its_status() -> None:
    listed = {(status, code) for status, refusal in REFUSALS.items() for code in refusal.codes}
    assert {row for row in listed if row[1] not in FURTHER} == {(status, code) for status, code, _ in replies()}


@pytest.mark.parametrize("code", sorted(FURTHER))
def test_a_further_code_is_of_a_known_family(code: str) -> None:
    assert not isinstance(error_of_code(SEND_PHONE_VERIFICATION, code), UnusableAnswer)


@pytest.mark.parametrize("kind", sorted(error_types(), key=str), ids=str)
def test_a_code_leads_to_every_type_of_error(kind: type[ResourceDirectoryError]) -> None:
    assert kind in {type(error) for error in OF_BOTH}


@each(error for error in OF_BOTH if not isinstance(error, WITHOUT_ANSWER))
def test_the_emulator_can_answer_with_every_error(error: ResourceDirectoryError) -> None:
    known = {code: row for code, row in STATUS_AND_MESSAGE.items() if f"{code}.".startswith(f"{error.code}.")}
    assert known
    if isinstance(error, RequestRefused):
        assert known[error.code] == (error.http_status, error.message)


@each(error for error in ERRORS if not isinstance(error, NotAttempted))  # a matter of the time left, not a fault
def test_the_fault_matrix_tries_every_error(error: ResourceDirectoryError) -> None:
    """A more specific Code will do if it leads to the same type of error."""
    tried = {fault.expected.upstream_code or fault.expected.code for fault in FAULTS} - {None}
    of_family = {code for code in tried if str(code).startswith(f"{error.code}.")}
    assert error.code in tried or type(error) in {
        type(error_of_code(SEND_PHONE_VERIFICATION, str(code))) for code in of_family
    }
