"""Every trigger: the payloads that the vendor publishes, with a request in them, and what is refused of others.

`tests/data/events` holds the payloads of the vendor's documentation, templates and samples, and captured ones, each
with its message replaced by a request; of `inferred_…` the shape itself is inferred.
"""

import base64
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fcapi.errors import EventRejected, MalformedEvent, TooManyDeliveries, UnrecognizedEvent
from fcapi.events.triggers import TRIGGER_NAMES
from local.emulator.contacts import Details
from local.emulator.server import Emulator
from tests.handlers import CONTACT_ID, PHONE_NUMBER, REQUEST, LocalFunction, http_event

PAYLOADS = Path(__file__).parents[1] / "data" / "events"
OTHER = {"ContactId": "c-5gsZAGtbCdGduDFa", "PhoneNumber": "86-13900005678"}
EVENTS = Path(__file__).parents[2] / "events"


@pytest.fixture(autouse=True)
def other_contact(emulator: Emulator) -> None:
    """Put in a second contact, so that a batch can be for two."""
    emulator.directory.add(
        Details("Security", "security@example.com", OTHER["PhoneNumber"], "Other", ("SecurityMessage",)),
        OTHER["ContactId"],
    )


def texted(emulator: Emulator) -> list[dict[str, str]]:
    return [
        {"ContactId": message.contact_id, "PhoneNumber": message.target} for message in emulator.directory.messages()
    ]


def encoded(request: object, *, padded: bool = True) -> str:
    text = base64.b64encode(json.dumps(request).encode()).decode()
    return text if padded else text.rstrip("=")


PUBLISHED = [
    # payload, the trigger that it is recognised as, whom it texts
    ("http_trigger_v1_request.json", "http", [REQUEST]),
    ("http_trigger_v1_captured_api_invoke.json", "invoke_api", [REQUEST]),
    ("api_gateway_classic_request.json", "api_gateway", [REQUEST]),
    ("api_gateway_classic_request_base64.json", "api_gateway", [REQUEST]),
    ("kafka_trigger_batch_fc3.json", "kafka", [REQUEST, OTHER]),
    ("mns_queue_trigger_batch_fc3.json", "smq_queue", [REQUEST, OTHER]),
    ("mns_queue_via_eventbridge_single.json", "smq_queue", [REQUEST]),
    ("rocketmq_trigger_batch_fc3.json", "rocketmq", [REQUEST, OTHER]),
    ("rabbitmq_trigger_batch_fc3.json", "rabbitmq", [REQUEST, OTHER]),
    ("mns_topic_json_no_attributes.json", "smq_topic", [REQUEST]),
    ("mns_topic_json_with_attributes.json", "smq_topic", [REQUEST]),
    ("mns_topic_stream_with_attributes.json", "smq_topic", [REQUEST]),
    ("mns_topic_stream_no_attributes.txt", "direct", [REQUEST]),
    ("eventbridge_cloudevent_single_overview.json", "eventbridge", [REQUEST]),
    ("eventbridge_resourcemanager_resourceshare.json", "eventbridge", [REQUEST]),
    ("eventbridge_scheduled_event.json", "eventbridge", [REQUEST]),
    ("inferred_actiontrail_addmessagecontact.json", "actiontrail", [REQUEST]),
    ("timer.json", "timer", [REQUEST]),
    ("async_destination_failure.json", "destination", [REQUEST]),
    ("async_destination_fc3_doc.json", "destination", [REQUEST]),
    ("async_destination_of_queue_batch.json", "destination", [REQUEST, OTHER]),
]


@pytest.mark.parametrize(("payload", "trigger", "whom"), PUBLISHED)
def test_a_published_payload_texts_whom_its_message_names(
    function: LocalFunction, emulator: Emulator, payload: str, trigger: str, whom: list[dict[str, str]]
) -> None:
    invoked = function((PAYLOADS / payload).read_bytes())
    assert invoked.error is None
    assert texted(emulator) == whom
    assert {line["trigger"] for line in invoked.lines} == {trigger}
    assert [line["outcome"] for line in invoked.lines] == ["sent"] * len(whom)


def test_every_published_payload_is_tried_and_every_trigger_has_one() -> None:
    assert {path.name for path in PAYLOADS.iterdir()} == {payload for payload, _, _ in PUBLISHED}
    assert {trigger for _, trigger, _ in PUBLISHED} == set(TRIGGER_NAMES)


def sample(trigger: str) -> Any:
    return json.loads((EVENTS / f"{trigger}.json").read_text())


MESSAGES = [
    (json.dumps(REQUEST), 1),
    (f" \n{json.dumps(REQUEST)}\n", 1),
    (REQUEST, 1),
    (encoded(REQUEST), 1),
    (encoded(REQUEST, padded=False), 1),
    (json.dumps([REQUEST, OTHER]), 2),
    ([REQUEST, OTHER], 2),
    (encoded([REQUEST, OTHER]), 2),
]


@pytest.mark.parametrize(("message", "count"), MESSAGES)
@pytest.mark.parametrize(
    ("trigger", "field"),
    [("smq_queue", "messageBody"), ("rocketmq", "body"), ("kafka", "value"), ("rabbitmq", "body")],
)
@pytest.mark.parametrize("as_list", [True, False])
def test_a_queues_message_may_be_text_or_parsed_or_base64_alone_or_in_a_batch(
    function: LocalFunction, emulator: Emulator, trigger: str, field: str, message: object, count: int, as_list: bool
) -> None:
    (event,) = sample(trigger)
    event["data"][field] = message
    invoked = function([event] if as_list else event)
    assert invoked.error is None
    assert texted(emulator) == [REQUEST, OTHER][:count]
    assert {line["event_id"] for line in invoked.lines} == {event["id"]}
    assert {line["correlation_id"] for line in invoked.lines} == {event["id"]}


@pytest.mark.parametrize(("message", "count"), MESSAGES)
@pytest.mark.parametrize(
    ("trigger", "field"), [("eventbridge", "data"), ("smq_topic", "Message"), ("timer", "payload")]
)
def test_any_other_message_may_be_so_too(
    function: LocalFunction, emulator: Emulator, trigger: str, field: str, message: object, count: int
) -> None:
    assert function({**sample(trigger), field: message}).error is None
    assert texted(emulator) == [REQUEST, OTHER][:count]


def test_an_event_that_is_base64_as_a_whole_is_read(function: LocalFunction, emulator: Emulator) -> None:
    """As SMQ's STREAM format passes on what a client of SMQ encoded."""
    assert function(encoded(REQUEST).encode()).error is None
    assert texted(emulator) == [REQUEST]


@pytest.mark.parametrize(
    "message", ["hello topic", "", "{", "null", "[]", [], None, 7, encoded("text"), encoded([7]), ["text"]]
)
def test_a_message_that_is_no_request_is_rejected_and_the_rest_of_its_batch_is_sent(
    function: LocalFunction, emulator: Emulator, message: object
) -> None:
    (good,), (bad,) = sample("kafka"), sample("kafka")
    bad["data"]["value"] = message
    invoked = function([bad, good])
    assert isinstance(invoked.error, EventRejected)
    entry = f'{{"position": 0, "event_id": "{bad["id"]}", "code": "MalformedRequestBody"}}'
    assert str(invoked.error) == f"1 of 2 deliveries not done: {entry}"
    assert texted(emulator) == [REQUEST]


@pytest.mark.parametrize(
    ("trigger", "broken", "field"),
    [
        ("smq_queue", {"data": {"messageId": "1"}}, "data.messageBody"),
        ("kafka", {"data": {"body": "{}"}}, "data.value"),
        ("rocketmq", {"data": "text"}, "data.body"),
        ("rabbitmq", {"id": 7}, "id"),
        ("smq_queue", {"traceparent": ["13900001234"]}, "traceparent"),
        ("api_gateway", {"httpMethod": None}, "httpMethod"),
        ("api_gateway", {"headers": {"13900001234": 7}}, "headers"),
        ("api_gateway", {"queryParameters": ["13900001234"]}, "queryParameters"),
        ("api_gateway", {"isBase64Encoded": "perhaps"}, "isBase64Encoded"),
        ("timer", {"triggerTime": "soon"}, "triggerTime"),
        ("smq_topic", {"MessageId": {}}, "MessageId"),
        ("destination", {"requestContext": {"condition": "", "requestId": 7}}, "requestContext.requestId"),
        ("invoke_api", {"body": {}}, "body"),
    ],
)
def test_a_broken_envelope_names_its_trigger_and_field(
    function: LocalFunction, trigger: str, broken: dict[str, object], field: str
) -> None:
    event = sample(trigger)
    event = {**(event[0] if isinstance(event, list) else event), **broken}
    error = function(event).error
    assert isinstance(error, MalformedEvent)
    assert str(error) == f"The {trigger} event's {field} is missing or of the wrong type."


def test_a_list_of_several_triggers_is_logged_by_its_first_item(function: LocalFunction) -> None:
    (kafka,), (queue,) = sample("kafka"), sample("smq_queue")
    assert {line["trigger"] for line in function([kafka, queue]).lines} == {"kafka"}


def test_a_broken_event_in_a_batch_is_refused_alone(function: LocalFunction, emulator: Emulator) -> None:
    (good,), (bad,) = sample("kafka"), sample("kafka")
    del bad["data"]
    invoked = function([good, bad])
    reason = "The kafka event's data is missing or of the wrong type."
    assert f'"code": "MalformedEvent", "reason": "{reason}"' in str(invoked.error)
    assert [line.get("reason") for line in invoked.lines[:-1]] == [None, reason]
    assert texted(emulator) == [REQUEST]


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (7, "UnrecognizedEvent"),
        ({"specversion": "1.0", "type": "alikafka:Topic:Message"}, "UnrecognizedEvent"),
        (http_event(), "UnrecognizedEvent"),
    ],
)
def test_an_item_that_is_not_of_the_lists_trigger_is_refused_alone(
    function: LocalFunction, emulator: Emulator, bad: object, code: str
) -> None:
    (good,) = sample("kafka")
    invoked = function([bad, good])
    assert f'{{"position": 0, "code": "{code}", "reason": "The item is not of a trigger' in str(invoked.error)
    assert [line["trigger"] for line in invoked.lines[:-1]] == ["kafka", "kafka"]
    assert texted(emulator) == [REQUEST]


@pytest.mark.parametrize(
    ("bad", "code"),
    [(7, "MalformedRequestBody"), ({}, "MissingParameter.ContactId"), (http_event(), "MissingParameter.ContactId")],
)
def test_an_item_of_a_list_of_requests_that_is_not_one_is_refused_alone(
    function: LocalFunction, emulator: Emulator, bad: object, code: str
) -> None:
    invoked = function([bad, REQUEST])
    assert f'{{"position": 0, "code": "{code}"}}' in str(invoked.error)
    assert texted(emulator) == [REQUEST]


@pytest.mark.parametrize("trigger", ["smq_queue", "rocketmq", "kafka", "rabbitmq", "eventbridge"])
def test_a_dead_letter_in_a_message_is_opened(function: LocalFunction, emulator: Emulator, trigger: str) -> None:
    event = sample(trigger)
    event = event[0] if isinstance(event, list) else event
    field = {"smq_queue": "messageBody", "kafka": "value", "eventbridge": None}.get(trigger, "body")
    letter = {**sample("destination"), "requestPayload": json.dumps(http_event())}
    if field is None:
        event["data"] = letter
    else:
        event["data"][field] = encoded(letter)
    invoked = function([event])
    assert invoked.error is None
    assert texted(emulator) == [REQUEST]
    assert invoked.result["Results"][0]["Status"] == "sent"  # not a reply over HTTP, which nobody would read


def test_a_request_within_a_dead_letter_has_the_id_of_the_letter(function: LocalFunction) -> None:
    letter = {**sample("destination"), "requestPayload": json.dumps(REQUEST)}
    assert function(letter).line["event_id"] == letter["requestContext"]["requestId"]


@pytest.mark.parametrize("request_id", ["1-65dd9ece-12345678-123456784203", "1-64f7449a-127fbe39cd76815967335000"])
def test_a_dead_letter_can_be_joined_to_the_run_that_it_is_of(function: LocalFunction, request_id: str) -> None:
    letter = {**sample("destination"), "requestPayload": json.dumps(REQUEST)}
    letter["requestContext"]["requestId"] = request_id
    line = function(letter).line
    assert (line["event_id"], line["correlation_id"]) == (request_id, request_id)
    letter["requestPayload"] = json.dumps({"ContactId": CONTACT_ID})
    assert f'"event_id": "{request_id}"' in str(function(letter).error)


def test_an_event_that_has_the_number_for_its_id_is_logged_without_it(function: LocalFunction) -> None:
    for number in ("139/0000/1234", "sms_139_0000_1234", "abcdef13900001234abcdef0", "86-13900001234"):
        event = {**sample("eventbridge"), "id": number, "data": REQUEST}
        line = function(event).line
        assert "13900001234" not in re.sub("[^0-9]", "", line["event_id"] + line["correlation_id"])
        error = function({**event, "data": {**REQUEST, "ContactId": ""}}).error
        assert "13900001234" not in re.sub("[^0-9]", "", str(error))


def test_a_dead_letter_of_a_dead_letter_is_opened_to_a_depth(function: LocalFunction, emulator: Emulator) -> None:
    event: object = REQUEST
    for _ in range(4):
        event = [
            {**sample("smq_queue")[0], "data": {"messageBody": {**sample("destination"), "requestPayload": event}}}
        ]
    assert function(event).error is None
    assert texted(emulator) == [REQUEST]
    for _ in range(4):
        event = [
            {**sample("smq_queue")[0], "data": {"messageBody": {**sample("destination"), "requestPayload": event}}}
        ]
    error = function(event).error
    assert isinstance(error, UnrecognizedEvent)
    assert str(error) == "The event lies in more than 16 envelopes."


def test_an_unrecognized_dead_letter_is_refused_by_its_code(function: LocalFunction) -> None:
    error = function({**sample("destination"), "requestPayload": "hello topic"}).error
    assert isinstance(error, UnrecognizedEvent)


def test_more_deliveries_than_an_invocation_takes_are_refused_wherever_they_lie(
    function: LocalFunction, emulator: Emulator
) -> None:
    (event,) = sample("kafka")
    event["data"]["value"] = [REQUEST] * 51
    assert isinstance(function([event, event]).error, TooManyDeliveries)
    assert isinstance(function([event] * 101).error, TooManyDeliveries)
    assert isinstance(function({**sample("destination"), "requestPayload": [REQUEST] * 101}).error, TooManyDeliveries)
    assert texted(emulator) == []


def test_a_trace_parent_is_the_correlation_id(function: LocalFunction) -> None:
    trace = "0af7651916cd43dd8448eb211c80319c"
    parent = f"00-{trace}-b7ad6b7169203331-01"
    assert function({**sample("eventbridge"), "traceparent": parent}).line["correlation_id"] == trace
    refused = function({**sample("eventbridge"), "traceparent": parent, "data": "no JSON"}).lines[0]
    assert (refused["code"], refused["correlation_id"]) == ("MalformedRequestBody", trace)
    gateway = sample("api_gateway")
    gateway["headers"]["TraceParent"] = parent
    assert function(gateway).line["correlation_id"] == trace


def test_a_field_of_a_dead_letter_makes_no_dead_letter(function: LocalFunction, emulator: Emulator) -> None:
    assert function({**REQUEST, "requestPayload": "{}"}).line["trigger"] == "direct"
    assert texted(emulator) == [REQUEST]


def test_invoke_api_is_an_http_request_on_any_other_domain(function: LocalFunction, emulator: Emulator) -> None:
    event = sample("invoke_api")
    event["body"] = json.dumps([REQUEST])
    event["headers"]["Content-Type"] = "application/json"
    event["requestContext"]["domainName"] = "verify.example.com"
    invoked = function(event)
    assert invoked.result["statusCode"] == 400
    assert invoked.line["trigger"] == "http"
    assert texted(emulator) == []


@pytest.mark.parametrize("as_base64", [True, "true", False, "false"])
def test_a_gateways_body_is_decoded_when_it_says_so(
    function: LocalFunction, emulator: Emulator, as_base64: object
) -> None:
    body = encoded(REQUEST) if as_base64 in (True, "true") else json.dumps(REQUEST)
    assert function({**sample("api_gateway"), "body": body, "isBase64Encoded": as_base64}).result["statusCode"] == 200
    assert texted(emulator) == [REQUEST]


@pytest.mark.parametrize(
    ("body", "query", "status", "code"),
    [
        ("", REQUEST, 200, None),
        (None, REQUEST, 200, None),
        ({"ContactId": CONTACT_ID}, {"PhoneNumber": PHONE_NUMBER, "trace": "1"}, 200, None),
        (REQUEST, {"ContactId": CONTACT_ID}, 200, None),
        (REQUEST, {"ContactId": "c-other"}, 400, "ConflictingParameter"),
        (REQUEST, {"PhoneNumber": "86-13900005678"}, 400, "ConflictingParameter"),
        ("", {}, 400, "MissingParameter.ContactId"),
        ({**REQUEST, "Note": "x"}, {}, 400, "UnknownParameter"),
        ("no JSON", {}, 400, "MalformedRequestBody"),
    ],
)
def test_a_gateway_may_map_fields_to_its_query(
    function: LocalFunction, emulator: Emulator, body: Any, query: dict[str, str], status: int, code: str | None
) -> None:
    text = body if isinstance(body, str) or body is None else json.dumps(body)
    invoked = function({**sample("api_gateway"), "body": text, "queryParameters": query, "isBase64Encoded": False})
    assert (invoked.result["statusCode"], invoked.body.get("Code")) == (status, code)
    assert texted(emulator) == ([REQUEST] if status == 200 else [])


def test_a_gateways_event_may_lack_a_body(function: LocalFunction, emulator: Emulator) -> None:
    without_body = {name: value for name, value in sample("api_gateway").items() if name != "body"}
    assert function({**without_body, "queryParameters": REQUEST}).result["statusCode"] == 200
    assert texted(emulator) == [REQUEST]


def test_what_has_no_source_is_no_cloudevent(function: LocalFunction, emulator: Emulator) -> None:
    """It is then a request like any other, with fields that its sender has for itself."""
    invoked = function({"specversion": "1.0", "type": "order.created", "id": "1", **REQUEST})
    assert invoked.line["trigger"] == "direct"
    assert texted(emulator) == [REQUEST]


def test_a_gateways_request_need_not_say_that_it_is_json_but_must_be_a_post(function: LocalFunction) -> None:
    assert function({**sample("api_gateway"), "headers": None}).result["statusCode"] == 200
    other_type = {**sample("api_gateway"), "headers": {"CONTENT-TYPE": "text/plain"}}
    assert function(other_type).result["statusCode"] == 415
    get = function({**sample("api_gateway"), "httpMethod": "GET"})
    assert (get.result["statusCode"], get.result["headers"]["Allow"]) == (405, "POST")


@pytest.mark.parametrize("name", ["X-Fc-Invocation-Type", "x-fc-invocation-type"])
def test_an_http_request_that_nobody_waits_for_fails_like_an_event(
    function: LocalFunction, emulator: Emulator, name: str
) -> None:
    headers = {"Content-Type": "application/json", name: "Async"}
    assert isinstance(function(http_event({"ContactId": CONTACT_ID}, headers=headers)).error, EventRejected)
    assert function(http_event(headers=headers)).result["Results"][0]["Status"] == "sent"
    gateway = {**sample("api_gateway"), "headers": headers, "body": "{}", "isBase64Encoded": False}
    assert isinstance(function(gateway).error, EventRejected)
    assert texted(emulator) == [REQUEST]


def record(**changed: object) -> dict[str, Any]:
    """Return the audit record of the sample, with fields of it changed."""
    event: dict[str, Any] = sample("actiontrail")
    event["data"] = {**event["data"], **changed}
    return event


UPDATE = {"eventName": "UpdateMessageContact", "responseElements": {"RequestId": "R"}}


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"requestParameters": json.dumps(REQUEST), "responseElements": json.dumps({"Contact": REQUEST})},
        {"requestParameters": None, "requestParameterJson": json.dumps(REQUEST)},
        {**UPDATE, "requestParameters": REQUEST},
        {**UPDATE, "requestParameters": REQUEST, "errorCode": ""},
    ],
)
def test_the_record_of_a_new_number_has_it_verified(
    function: LocalFunction, emulator: Emulator, changed: dict[str, object]
) -> None:
    invoked = function(record(**changed))
    assert invoked.error is None
    assert texted(emulator) == [REQUEST]
    assert invoked.result["Results"][0]["ContactId"] == CONTACT_ID
    assert (invoked.line["contact_id"], invoked.line["phone_number"]) == (CONTACT_ID, "86-139****1234")


REASONS = {
    "OtherEvent": "The record is of neither AddMessageContact nor UpdateMessageContact.",
    "FailedCall": "The call that the record is of failed.",
    "NoPhoneNumber": "The record names no phone number.",
    "MaskedPhoneNumber": "The record hides the phone number.",
    "NoContactId": "The record names no contact.",
}


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"eventName": "DeleteMessageContact"}, "OtherEvent"),
        ({"eventName": None}, "OtherEvent"),
        ({"errorCode": "InvalidParameter.Name"}, "FailedCall"),
        ({"requestParameters": {"Name": "Operations"}}, "NoPhoneNumber"),
        ({"requestParameters": "not JSON"}, "NoPhoneNumber"),
        ({"requestParameters": '{"PhoneNumber": "\ud800"}'}, "NoPhoneNumber"),
        ({"requestParameters": {"PhoneNumber": "86-139****1234"}}, "MaskedPhoneNumber"),
        ({"responseElements": None}, "NoContactId"),
        ({"responseElements": {"Contact": {"ContactId": "c-qL4HqKONzOM7****"}}}, "NoContactId"),
        ({**UPDATE, "requestParameters": {"PhoneNumber": PHONE_NUMBER}}, "NoContactId"),
    ],
)
def test_any_other_record_is_ignored_and_says_why(
    function: LocalFunction, emulator: Emulator, changed: dict[str, object], code: str
) -> None:
    invoked = function(record(**changed))
    assert invoked.error is None
    (result,) = invoked.result["Results"]
    assert result["Status"] == invoked.line["outcome"] == "ignored"
    assert result["Reason"] == REASONS[code]
    assert (invoked.line["code"], invoked.line["level"]) == (code, "INFO")
    assert texted(emulator) == []


WRAPPINGS: dict[str, Callable[[object], object]] = {
    "text": json.dumps,
    "base64": encoded,
    "unpadded": lambda value: encoded(value, padded=False),
    "parsed": lambda value: value,
    "topic": lambda value: {**sample("smq_topic"), "Message": value},
    "kafka": lambda value: [{**sample("kafka")[0], "data": {"value": value}}],
    "queue": lambda value: {**sample("smq_queue")[0], "data": {"messageBody": value}},
    "bus": lambda value: {**sample("eventbridge"), "data": value},
    "letter": lambda value: {**sample("destination"), "requestPayload": value},
    "list": lambda value: [value],
    "timer": lambda value: {**sample("timer"), "payload": value},
}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=200)
@given(wrappings=st.lists(st.sampled_from(sorted(WRAPPINGS)), max_size=8))
def test_whatever_a_request_is_wrapped_in_it_is_sent_once_or_cleanly_refused(
    emulator: Emulator, wrappings: list[str]
) -> None:
    emulator.directory.reset()
    value: object = REQUEST
    for wrapping in wrappings:
        value = WRAPPINGS[wrapping](value)
    invoked = LocalFunction(emulator.url)(value)
    assert invoked.error is None or isinstance(invoked.error, EventRejected)
    assert texted(emulator) == ([REQUEST] if invoked.error is None else [])


LETTERS = ["letter", "kafka", "queue", "bus"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)
@given(
    message=st.sampled_from(["text", "base64", "unpadded", "parsed", "list"]),
    envelope=st.sampled_from(["topic", "kafka", "queue", "bus", "timer"]),
    carriers=st.lists(st.sampled_from(LETTERS[1:]), max_size=3),
    as_text=st.booleans(),
)
def test_a_request_in_any_envelope_and_that_in_dead_letters_is_sent(
    emulator: Emulator, message: str, envelope: str, carriers: list[str], as_text: bool
) -> None:
    emulator.directory.reset()
    event = WRAPPINGS[envelope](WRAPPINGS[message](REQUEST))
    for carrier in carriers:
        event = WRAPPINGS[carrier](WRAPPINGS["letter"](json.dumps(event) if as_text else event))
    assert LocalFunction(emulator.url)(event).error is None
    assert texted(emulator) == [REQUEST]
