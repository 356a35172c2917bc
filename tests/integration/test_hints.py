"""The field Hint of a refusal: how its caller mends the request. It is the function's own, and repeats no input."""

import json
from typing import Any

import pytest

from local.emulator.server import Emulator
from tests.handlers import CONTACT_ID, EXAMPLE_IN_HINT, PHONE_NUMBER, REQUEST, LocalFunction, http_event
from tests.integration.test_http_endpoint import BY_THE_API, LOCALLY, REFUSALS

CONTACT_ID_FORM = "ContactId must be 1 to 64 visible ASCII characters, like c-qL4HqKONzOM7abcd."
AS_TEXT = "Send it as text, in double quotes."
WHOLE = "Send it whole: what is masked with * cannot be verified."

HINTS: list[tuple[str, Any, str]] = [
    ("a bare number", {**REQUEST, "PhoneNumber": "13900001234"}, EXAMPLE_IN_HINT),
    ("a number with a plus", {**REQUEST, "PhoneNumber": "+8613900001234"}, EXAMPLE_IN_HINT),
    ("a JSON number", {**REQUEST, "PhoneNumber": 13900001234}, f"{EXAMPLE_IN_HINT} {AS_TEXT}"),
    ("a masked number", {**REQUEST, "PhoneNumber": "86-139****1234"}, f"{EXAMPLE_IN_HINT} {WHOLE}"),
    ("a contact with a blank", {**REQUEST, "ContactId": "c- "}, CONTACT_ID_FORM),
    ("a contact as a number", {**REQUEST, "ContactId": 7}, f"{CONTACT_ID_FORM} {AS_TEXT}"),
    ("a masked contact", {**REQUEST, "ContactId": "c-qL4H****"}, f"{CONTACT_ID_FORM} {WHOLE}"),
    ("an empty object", {}, "The body has neither ContactId nor PhoneNumber."),
    ("no contact", {"PhoneNumber": PHONE_NUMBER}, "The body has no ContactId."),
    ("no number", {"ContactId": CONTACT_ID}, "The body has no PhoneNumber."),
    ("a null", {**REQUEST, "PhoneNumber": None}, "PhoneNumber is null."),
    ("an empty text", {**REQUEST, "ContactId": ""}, "ContactId is empty."),
    (
        "another case",
        {"contactId": CONTACT_ID, "phone_number": PHONE_NUMBER},
        "Names are case-sensitive: write ContactId and PhoneNumber.",
    ),
    (
        "another style",
        {"contact-id": CONTACT_ID, "PHONE-NUMBER": PHONE_NUMBER},
        "Names are case-sensitive: write ContactId and PhoneNumber.",
    ),
    ("one of another case", {**REQUEST, "PHONENUMBER": ""}, "Names are case-sensitive: write PhoneNumber."),
    ("another field", {**REQUEST, "Action": "x"}, "Leave out every field but these two."),
    (
        "an e-mail address",
        {"ContactId": CONTACT_ID, "EmailAddress": "zhang.san@example.com"},
        "Leave out EmailAddress: the timer of resend_pending_verifications has e-mail addresses verified.",
    ),
    (
        "an e-mail address of another case",
        {**REQUEST, "email_address": "zhang.san@example.com"},
        "Leave out EmailAddress: the timer of resend_pending_verifications has e-mail addresses verified.",
    ),
    ("a list", [REQUEST], "Send one object, which begins with { and ends with }."),
    ("no body", "", "It is empty."),
    ("a comma too many", '{\n "ContactId": "c-1",\n}', "It is no JSON from line "),
    ("a key twice", '{"ContactId":"c-1","ContactId":"c-2"}', "Name each field once."),
    ("a number of 5,000 digits", f'{{"ContactId":{"9" * 5000}}}', "Each value must be text, in double quotes."),
    ("half a character", "\ud800", "Encode the text as UTF-8."),
]


@pytest.mark.parametrize(("body", "hint"), [row[1:] for row in HINTS], ids=[row[0] for row in HINTS])
def test_a_hint_says_what_is_right(function: LocalFunction, body: object, hint: str) -> None:
    told = function(http_event(body)).body["Hint"]
    assert told.startswith(hint) if hint.endswith(" ") else told == hint


OF_THE_REST = {
    "another method": "Send the fields in the JSON body of a POST.",
    "no content type": "Send the header Content-Type: application/json, and the body in UTF-8.",
    "a large body": "Send only the fields that a request has.",
    "no base64": "Encode the body, or set isBase64Encoded to false.",
    "a number in the URL": "Take it out of the URL, which ends in access logs.",
}


@pytest.mark.parametrize(
    ("event", "hint"), [(row[1], OF_THE_REST[row[0]]) for row in REFUSALS if row[0] in OF_THE_REST]
)
def test_a_hint_says_what_is_right_beside_the_body(function: LocalFunction, event: dict[str, Any], hint: str) -> None:
    assert function(event).body["Hint"] == hint


def test_broken_json_is_told_by_its_place(function: LocalFunction) -> None:
    assert function(http_event('{\n  "ContactId" "c-1"}')).body["Hint"] == "It is no JSON from line 2, column 15 on."


@pytest.mark.parametrize("event", [row[1] for row in REFUSALS] + [http_event(body) for body, _ in LOCALLY])
def test_each_refusal_of_the_functions_own_has_a_hint_that_is_the_same_for_any_value(
    function: LocalFunction, event: dict[str, Any]
) -> None:
    """The hint is searched for every piece of the body that is no name of a field."""
    invoked = function(event)
    assert list(invoked.body) == ["Code", "Message", "RequestId", "Hint"]
    hint = invoked.body["Hint"].replace(EXAMPLE_IN_HINT, "").replace(CONTACT_ID_FORM, "")
    for value in ("13900001234", "139****", "qL4H", "c-1", "gbk", "Delete", "Action", "\xff", "9999", "yyy"):
        assert value not in hint
    assert hint.isascii()
    assert "Hint" not in json.dumps(invoked.lines)


@pytest.mark.parametrize("body", [body for body, _ in BY_THE_API])
def test_what_the_api_refused_has_no_hint(function: LocalFunction, emulator: Emulator, body: object) -> None:
    assert list(function(http_event(body)).body) == ["Code", "Message", "RequestId"]
    assert emulator.directory.messages() == []


def test_a_failure_that_a_caller_cannot_mend_has_no_hint(emulator: Emulator) -> None:
    invoked = LocalFunction(emulator.url, credentials=None)(http_event())
    assert list(invoked.body) == ["Code", "Message", "RequestId"]
