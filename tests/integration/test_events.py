"""The function invoked with events: what is done, what fails, and what the failure says."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fcapi.errors import EmptyEvent, EventFailed, EventRejected, MalformedEvent, TooManyDeliveries, UnrecognizedEvent
from fcapi.testing import PythonVersion
from local.emulator.server import Emulator
from tests.handlers import CONTACT_ID, REQUEST, RUNTIMES, LocalFunction, http_event

INVALID = {**REQUEST, "PhoneNumber": "86-139****1234"}
UNKNOWN = {**REQUEST, "ContactId": "c-unknown"}
NO_WINDOW = {"EVENT_COOLDOWN_SECONDS": "0"}


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_a_direct_event_is_sent_and_its_result_says_so(
    function: LocalFunction, emulator: Emulator, runtime: PythonVersion
) -> None:
    invoked = function(REQUEST, runtime)
    (message,) = emulator.directory.messages()
    assert invoked.result == {"Results": [{"Status": "sent", "ContactId": CONTACT_ID, "RequestId": message.request_id}]}


def test_fields_that_a_request_does_not_have_are_the_senders_in_an_event(
    function: LocalFunction, emulator: Emulator
) -> None:
    assert function({**REQUEST, "Note": "for the record"}).error is None
    assert len(emulator.directory.messages()) == 1


def test_every_delivery_of_a_list_is_tried_and_has_its_own_line(emulator: Emulator) -> None:
    invoked = LocalFunction(emulator.url, NO_WINDOW)([INVALID, REQUEST, UNKNOWN, REQUEST])
    assert [line["outcome"] for line in invoked.lines[:-1]] == ["rejected", "sent", "rejected", "sent"]
    assert [line["delivery_index"] for line in invoked.lines[:-1]] == [0, 1, 2, 3]
    assert {line["batch_size"] for line in invoked.lines[:-1]} == {4}
    assert len(emulator.directory.messages()) == 2


@pytest.mark.parametrize(
    ("deliveries", "kind", "message"),
    [
        (
            [INVALID],
            EventRejected,
            '1 of 1 deliveries not done: {"position": 0, "code": "InvalidParameter.PhoneNumber"}',
        ),
        (
            [REQUEST, UNKNOWN],
            EventRejected,
            '1 of 2 deliveries not done: {"position": 1, "code": "EntityNotExists.Contact"}',
        ),
    ],
)
def test_an_event_that_no_retry_can_help_is_rejected_naming_each_failure(
    function: LocalFunction, deliveries: list[object], kind: type[EventFailed], message: str
) -> None:
    invoked = function(deliveries)
    assert type(invoked.error) is kind
    assert str(invoked.error) == message
    assert invoked.lines[-1]["message"] == "event failed"
    assert (invoked.lines[-1]["code"], invoked.lines[-1]["reason"]) == (kind.code, message)


def test_a_batch_ends_at_the_daily_limit_and_fails_so_that_a_retry_may_finish_it() -> None:
    with Emulator(daily_limit=1) as limited:
        invoked = LocalFunction(limited.url, NO_WINDOW)([REQUEST, REQUEST, REQUEST, INVALID])
    assert [line.get("code") for line in invoked.lines] == [
        None,
        "SendValidateCodeExceedsLimitForAccount",
        "NotAttempted",
        "NotAttempted",
        "EventFailed",
    ]
    assert [line["attempts"] for line in invoked.lines[:-1]] == [1, 1, 0, 0]
    assert type(invoked.error) is EventFailed


def test_a_batch_ends_at_a_misconfiguration(emulator: Emulator) -> None:
    invoked = LocalFunction(emulator.url, credentials=None)([REQUEST, REQUEST])
    assert [line["code"] for line in invoked.lines] == ["FunctionMisconfigured", "NotAttempted", "EventFailed"]


def test_a_batch_ends_when_another_attempt_would_not_fit_the_time_limit(
    function: LocalFunction, emulator: Emulator
) -> None:
    invoked = function([REQUEST, REQUEST], timeout=10)  # below the 13 seconds of one attempt
    assert [line["outcome"] for line in invoked.lines[:-1]] == ["sent", "failed"]
    assert invoked.lines[1]["code"] == "NotAttempted"
    assert len(emulator.directory.messages()) == 1


def test_nothing_is_attempted_without_time_for_it(function: LocalFunction, emulator: Emulator) -> None:
    invoked = function(http_event(), timeout=1)
    assert (invoked.result["statusCode"], invoked.body["Code"]) == (503, "NotAttempted")
    assert invoked.body["Message"] == "No time was left for the request."
    assert invoked.line["attempts"] == 0
    assert emulator.directory.messages() == []


def test_the_failures_named_are_at_most_100_and_8_kilobytes(function: LocalFunction) -> None:
    invoked = function([{"ContactId": CONTACT_ID}] * 100)
    text = str(invoked.error)
    assert text.startswith("100 of 100 deliveries not done:")
    assert len(text.encode()) <= 8 * 1024
    assert '"position": 99' in text


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        (b"", UnrecognizedEvent),
        (b"hello topic", UnrecognizedEvent),
        (b"\xff\xfe", UnrecognizedEvent),
        (b'{"ContactId": "c-1"', UnrecognizedEvent),
        (b'{"ContactId": "c-1", "ContactId": "c-2"}', UnrecognizedEvent),
        ({"contact": CONTACT_ID}, UnrecognizedEvent),
        ([7, [REQUEST]], UnrecognizedEvent),
        ("text", UnrecognizedEvent),
        (None, UnrecognizedEvent),
        ({"requestContext": {"condition": "x"}, "requestPayload": '"\ud800"'}, UnrecognizedEvent),
        ([], EmptyEvent),
        ([REQUEST] * 101, TooManyDeliveries),
    ],
)
def test_what_is_not_an_event_is_refused_whole(
    function: LocalFunction, emulator: Emulator, event: Any, kind: type[EventRejected]
) -> None:
    invoked = function(event)
    assert type(invoked.error) is kind
    assert isinstance(invoked.error, EventRejected)
    assert invoked.line["code"] == kind.code == kind.__name__
    assert emulator.directory.messages() == []


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (b"", "The event cannot be read (not JSON); known are invoke_api, http, api_gateway, "),
        (b"\xff\xfe", "The event cannot be read (not UTF-8); known are invoke_api, http, api_gateway, "),
        ([0] * 32_769, "The event cannot be read (more than 32768 values); known are invoke_api, http, api_gateway, "),
        ([7, [REQUEST]], "The event is a list without an object in it."),
        ({"contact": CONTACT_ID}, "The event is not of a known trigger; known are invoke_api, http, api_gateway, "),
        ([], "The event is an empty list."),
    ],
)
def test_an_event_that_is_none_is_told_why(function: LocalFunction, event: Any, reason: str) -> None:
    assert str(function(event).error).startswith(reason)


@pytest.mark.parametrize(
    ("broken", "field"),
    [
        ({"headers": [1]}, "headers"),
        ({"headers": {"13900001234": 7}}, "headers"),
        ({"queryParameters": {"13900001234": 7}}, "queryParameters"),
        ({"body": {"ContactId": "c-1"}}, "body"),
        ({"isBase64Encoded": "perhaps"}, "isBase64Encoded"),
        ({"requestContext": {"http": {}}}, "requestContext.http.method"),
    ],
)
def test_a_broken_envelope_is_refused_by_the_name_of_its_field(
    function: LocalFunction, broken: dict[str, object], field: str
) -> None:
    error = function({**http_event(), **broken}).error
    assert isinstance(error, MalformedEvent)
    assert str(error) == f"The http event's {field} is missing or of the wrong type."


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
FIELDS = st.sampled_from(["ContactId", "PhoneNumber", "version", "requestContext", "body", "headers"])
ALMOST_EVENTS = st.dictionaries(FIELDS, JSON_VALUES) | st.lists(st.dictionaries(FIELDS, JSON_VALUES))
ANY_EVENT = st.one_of(
    st.binary(),
    JSON_VALUES.map(json.dumps).map(str.encode),
    ALMOST_EVENTS.map(json.dumps).map(str.encode),
    st.text().map(http_event).map(json.dumps).map(str.encode),
    st.builds(http_event, JSON_VALUES).map(json.dumps).map(str.encode),
    st.fixed_dictionaries({"ContactId": JSON_VALUES, "PhoneNumber": JSON_VALUES}).map(json.dumps).map(str.encode),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=300)
@given(event=ANY_EVENT)
def test_any_bytes_get_a_clean_reply_or_a_clean_refusal(function: LocalFunction, event: bytes) -> None:
    invoked = function(event)
    if invoked.error is not None:
        assert isinstance(invoked.error, EventRejected)
    elif "statusCode" in invoked.result:
        assert 400 <= invoked.result["statusCode"] < 500
        assert set(invoked.body) - {"Hint"} == {"Code", "Message", "RequestId"}
    assert invoked.lines


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(
    number=st.from_regex(r"[1-9][0-9]{0,2}-[0-9]{7,15}", fullmatch=True),
    place=st.sampled_from(["PhoneNumber", "ContactId", "Other", "headers", "query", "text", "direct", "key"]),
)
def test_a_number_leaves_the_function_nowhere_in_full(emulator: Emulator, number: str, place: str) -> None:
    event: dict[str, Any] = {
        "PhoneNumber": http_event({"ContactId": CONTACT_ID, "PhoneNumber": number}),
        "ContactId": http_event({"ContactId": number, "PhoneNumber": number}),
        "Other": http_event({**REQUEST, "Other": number}),
        "headers": http_event(headers={"Content-Type": number, "Traceparent": number}),
        "query": http_event(query={"PhoneNumber": number, number: number}),
        "text": http_event(f"{number} is no JSON"),
        "direct": {"ContactId": CONTACT_ID, "PhoneNumber": number},
        "key": {"ContactId": number, number: number},
    }[place]
    never_shown = (number, number.partition("-")[2])
    function = LocalFunction(emulator.url, {"LOG_LEVEL": "DEBUG"}, never_shown=never_shown)
    assert function(event).lines
