"""The encodings that senders put JSON into: base64 of every kind, a byte order mark, `data_base64` of CloudEvents."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import resend_pending_verifications
from fcapi.errors import MalformedEvent
from local.emulator.server import Emulator
from local.samples import SAMPLES
from tests.handlers import REQUEST, LocalFunction, http_event

MARK = "\ufeff"
BODY = json.dumps(REQUEST)
NOTED = json.dumps({**REQUEST, "Note": "??>>~~\u00ff\u00fe"}, ensure_ascii=False)
"""Its base64 has all characters in which the two alphabets differ."""

DECODERS: dict[str, Callable[[bytes], bytes]] = {
    "standard": base64.b64encode,
    "lines of MIME": base64.encodebytes,
    "lines that end as on Windows": lambda text: base64.encodebytes(text).replace(b"\n", b"\r\n"),
    "folded lines": lambda text: base64.encodebytes(text).replace(b"\n", b"\r\n "),
    "the alphabet for URLs": base64.urlsafe_b64encode,
    "unpadded": lambda text: base64.b64encode(text).rstrip(b"="),
    "the alphabet for URLs, unpadded": lambda text: base64.urlsafe_b64encode(text).rstrip(b"="),
}


def sample(trigger: str) -> Any:
    event = json.loads((SAMPLES / f"{trigger}.json").read_bytes())
    return event[0] if isinstance(event, list) else event


def with_message(message: str) -> list[object]:
    """Return an event of each trigger that has messages, with this message."""
    queues = [("smq_queue", "messageBody"), ("rocketmq", "body"), ("kafka", "value"), ("rabbitmq", "body")]
    others = [
        ("eventbridge", "data"),
        ("smq_topic", "Message"),
        ("timer", "payload"),
        ("destination", "requestPayload"),
    ]
    events: list[object] = [{**sample(trigger), field: message} for trigger, field in others]
    for trigger, field in queues:
        event = sample(trigger)
        events.append({**event, "data": {**event["data"], field: message}})
    return events


@pytest.fixture
def function(emulator: Emulator) -> LocalFunction:
    """Return function 1 as one instance for which each event is a new one."""
    return LocalFunction(emulator.url, {"EVENT_COOLDOWN_SECONDS": "0", "HTTP_COOLDOWN_SECONDS": "0"}).kept()


def texts_for(function: LocalFunction, emulator: Emulator, *events: object) -> int:
    """Return how many texts these events cause together."""
    emulator.directory.reset()
    for event in events:
        function(event)
    return len(emulator.directory.messages())


@pytest.mark.parametrize("text", [BODY, NOTED, MARK + BODY])
@pytest.mark.parametrize("decoder", DECODERS)
def test_a_message_may_be_base64_of_any_kind(
    function: LocalFunction, emulator: Emulator, decoder: str, text: str
) -> None:
    events = with_message(DECODERS[decoder](text.encode()).decode())
    assert texts_for(function, emulator, *events) == len(events)


@pytest.mark.parametrize("decoder", DECODERS)
def test_an_event_and_the_body_of_a_request_may_be_base64_of_any_kind(
    function: LocalFunction, emulator: Emulator, decoder: str
) -> None:
    encoded = DECODERS[decoder](BODY.encode())
    events = (encoded, http_event(encoded.decode(), isBase64Encoded=True))
    assert texts_for(function, emulator, *events) == 2


def test_a_body_in_lines_may_be_as_large_as_any_other(function: LocalFunction, emulator: Emulator) -> None:
    body = base64.encodebytes(BODY.encode().ljust(16 * 1024)).decode()
    assert texts_for(function, emulator, http_event(body, isBase64Encoded=True)) == 1
    body = base64.encodebytes(BODY.encode().ljust(16 * 1024 + 1)).decode()
    assert function(http_event(body, isBase64Encoded=True)).result["statusCode"] == 413


@pytest.mark.parametrize("text", [MARK + BODY, MARK + "\r\n" + BODY, MARK + base64.b64encode(BODY.encode()).decode()])
def test_a_byte_order_mark_may_stand_before_a_message_or_an_event(
    function: LocalFunction, emulator: Emulator, text: str
) -> None:
    events = [*with_message(text), text.encode()]
    assert texts_for(function, emulator, *events) == len(events)


def test_a_byte_order_mark_may_stand_before_the_body_of_a_request_and_json_in_an_audit_record(
    function: LocalFunction, emulator: Emulator
) -> None:
    encoded = base64.b64encode((MARK + BODY).encode()).decode()
    record = sample("actiontrail")
    data = {**record["data"], "eventName": "UpdateMessageContact", "requestParameters": MARK + BODY}
    events = (http_event(MARK + BODY), http_event(encoded, isBase64Encoded=True), {**record, "data": data})
    assert texts_for(function, emulator, *events) == 3


@pytest.mark.parametrize("payload", [MARK + '{"DryRun": true}', base64.b64encode(b'{"DryRun": true}').decode()])
def test_a_run_that_is_asked_to_be_dry_is_so_in_any_encoding(emulator: Emulator, payload: str) -> None:
    sweep = LocalFunction(emulator.url, module=resend_pending_verifications)
    assert sweep({**sample("timer"), "payload": payload}).result["DryRun"] is True
    assert emulator.directory.messages() == []


@pytest.mark.parametrize("data", [REQUEST, BODY, [REQUEST]])
@pytest.mark.parametrize("decoder", DECODERS)
def test_a_cloud_event_may_have_its_data_in_base64(
    function: LocalFunction, emulator: Emulator, decoder: str, data: object
) -> None:
    def encoded(data: object) -> dict[str, str]:
        return {"data_base64": DECODERS[decoder](json.dumps(data).encode()).decode()}

    bus, queue = sample("eventbridge"), sample("smq_queue")
    queue_data = {**queue["data"], "messageBody": data}
    del bus["data"], queue["data"]
    events = ({**bus, **encoded(data)}, {**queue, **encoded(queue_data)}, {**bus, "data": None, **encoded(data)})
    assert texts_for(function, emulator, *events) == 3


@pytest.mark.parametrize("encoded", ["no base64", "", base64.b64encode(b"no JSON").decode(), "\ud800", 7])
def test_data_in_base64_that_cannot_be_read_is_refused_by_its_name(
    function: LocalFunction, emulator: Emulator, encoded: object
) -> None:
    event = sample("eventbridge")
    del event["data"]
    error = function({**event, "data_base64": encoded}).error
    assert isinstance(error, MalformedEvent)
    assert "The eventbridge event's data_base64 is" in str(error)
    assert emulator.directory.messages() == []


def test_data_in_both_forms_is_refused(function: LocalFunction, emulator: Emulator) -> None:
    event = {**sample("eventbridge"), "data": REQUEST, "data_base64": base64.b64encode(BODY.encode()).decode()}
    assert isinstance(function(event).error, MalformedEvent)
    assert emulator.directory.messages() == []


@pytest.mark.parametrize(
    "message",
    [
        MARK + MARK + BODY,
        BODY + MARK,
        base64.b64encode(BODY.encode()).decode().replace("I", "I.", 1),
        base64.b64encode(NOTED.encode()).decode().replace("/", "_"),
        base64.b64encode(BODY.encode()).decode() * 2,
        BODY.encode("utf-16").decode("latin-1"),
    ],
)
def test_what_can_be_read_in_two_ways_is_not_read(function: LocalFunction, emulator: Emulator, message: str) -> None:
    assert texts_for(function, emulator, *with_message(message), message.encode()) == 0


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=100)
@given(
    note=st.text(),
    decoder=st.sampled_from(sorted(DECODERS)),
    ascii_only=st.booleans(),
    mark=st.booleans(),
)
@example(note="??>>~~", decoder="the alphabet for URLs, unpadded", ascii_only=True, mark=True)
def test_whatever_a_message_says_it_is_read_from_every_encoding(
    function: LocalFunction, emulator: Emulator, note: str, decoder: str, ascii_only: bool, mark: bool
) -> None:
    text = MARK * mark + json.dumps({**REQUEST, "Note": note}, ensure_ascii=ascii_only)
    try:
        encoded = DECODERS[decoder](text.encode()).decode()
    except UnicodeEncodeError:  # half of a character
        return
    assert texts_for(function, emulator, {**sample("eventbridge"), "data": encoded}) == 1
