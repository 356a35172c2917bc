"""What of an event tries to be more than a value: judged by the bytes that the API is sent."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, quote

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import resend_pending_verifications
from tests.fuzz.mutations import SMUGGLED
from tests.handlers import CONTACT_ID, PHONE_NUMBER, REQUEST, LocalFunction, http_event
from tests.integration.raw_server import RawServer, http_answer, raw_server

SETTINGS = {"MAX_ATTEMPTS": "1", "HTTP_COOLDOWN_SECONDS": "0", "EVENT_COOLDOWN_SECONDS": "0", "HTTP_SENDS_PER_DAY": "0"}
SIGNED = "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-security-token;x-acs-signature-nonce;x-acs-version"
HEADERS = {*SIGNED.split(";"), "accept", "accept-encoding", "user-agent", "authorization", "content-length"}
HOSTILE = (
    *SMUGGLED,
    "&PhoneNumber=86-1",
    "=",
    "+",
    "%00",
    "%0d%0aHost:%20x",
    "\\",
    '"',
    "'",
    "&x-acs-version=2020-01-01",
)
NAMES = (
    "Action",
    "Version",
    "x-acs-action",
    "x-acs-version",
    "X-Acs-Version",
    "Host",
    "host",
    "AccessKeyId",
    "Signature",
)


@pytest.fixture(scope="module")
def server() -> Iterator[RawServer]:
    """Run an API that accepts everything, and lists nothing."""
    document = {"RequestId": "R", "TotalCount": 0, "ContactVerifications": []}
    with raw_server(lambda connection: connection.sendall(http_answer(json.dumps(document).encode()))) as running:
        yield running


@pytest.fixture
def function(server: RawServer) -> LocalFunction:
    """Return function 1, as one instance, with that server as its API."""
    return LocalFunction(server.url, SETTINGS, never_shown=()).kept()


def sent_for(server: RawServer, function: LocalFunction, event: object) -> list[bytes]:
    """Return the requests that an event caused."""
    server.received.clear()
    function(event)
    return list(server.received)


def judge(server: RawServer, request: bytes, contact_id: str, phone_number: str, action: str | None = None) -> None:
    """Hold that a request is the call of one operation, for this contact and this number, and nothing else."""
    query = f"ContactId={quote(contact_id, safe='-_.~')}&PhoneNumber={quote(phone_number, safe='-_.~')}"
    head, end, body = request.partition(b"\r\n\r\n")
    assert (end, body) == (b"\r\n\r\n", b"")
    request_line, *header_lines = head.decode("ascii").split("\r\n")
    assert request_line == f"POST /?{query} HTTP/1.1"
    assert parse_qsl(query) == [("ContactId", contact_id), ("PhoneNumber", phone_number)]
    judge_headers(server, header_lines, action or "SendPhoneVerificationForMessageContact")


def judge_headers(server: RawServer, lines: list[str], action: str) -> None:
    headers = [tuple(line.split(": ", 1)) for line in lines]
    by_name = {name.lower(): value for name, value in headers}
    assert len(by_name) == len(headers)
    assert by_name.keys() - {"connection"} == HEADERS
    assert by_name["host"] == f"127.0.0.1:{server.port}"
    assert (by_name["x-acs-action"], by_name["x-acs-version"]) == (action, "2022-04-19")
    assert by_name["content-length"] == "0"
    assert f"Credential=LTAIlocal,SignedHeaders={SIGNED},Signature=" in by_name["authorization"]


def in_each_envelope(contact_id: str, phone_number: str) -> list[object]:
    fields = {"ContactId": contact_id, "PhoneNumber": phone_number}
    gateway = {"httpMethod": "POST", "path": "/", "body": "", "queryParameters": fields}
    return [fields, http_event(fields), gateway, {"requestContext": {"condition": "x"}, "requestPayload": fields}]


PRINTABLE = st.text(
    st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters="*"), min_size=1, max_size=40
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60, derandomize=True)
@given(contact_id=PRINTABLE, phone_number=st.from_regex(r"[0-9]{1,4}-[0-9]{1,15}", fullmatch=True))
@example(contact_id="c-1&Action=DeleteMessageContact", phone_number=PHONE_NUMBER)
@example(contact_id="c-1?Action=DeleteMessageContact#", phone_number=PHONE_NUMBER)
@example(contact_id="c-1%26Action%3DDeleteMessageContact", phone_number=PHONE_NUMBER)
@example(contact_id="@127.0.0.1:1/", phone_number=PHONE_NUMBER)
@example(contact_id="../..;/", phone_number=PHONE_NUMBER)
def test_whatever_a_contact_id_is_made_of_it_stays_one_parameter(
    server: RawServer, function: LocalFunction, contact_id: str, phone_number: str
) -> None:
    for event in in_each_envelope(contact_id, phone_number):
        (request,) = sent_for(server, function, event)
        judge(server, request, contact_id, phone_number)


@pytest.mark.parametrize("hostile", [text for text in HOSTILE if not text.isascii() or not text.isprintable()])
def test_a_contact_id_with_an_end_of_line_is_never_sent(
    server: RawServer, function: LocalFunction, hostile: str
) -> None:
    for event in in_each_envelope(CONTACT_ID + hostile, PHONE_NUMBER):
        assert sent_for(server, function, event) == []


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_phone_number_with_anything_but_digits_is_never_sent(
    server: RawServer, function: LocalFunction, hostile: str
) -> None:
    for number in (PHONE_NUMBER + hostile, hostile + PHONE_NUMBER):
        for event in in_each_envelope(CONTACT_ID, number):
            assert sent_for(server, function, event) == []


def with_name(name: str) -> list[dict[str, Any]]:
    """Return events that have a member of that name wherever the event's sender may put one."""
    other = "DeleteMessageContact"
    gateway = {"httpMethod": "POST", "path": f"/?{name}={other}", "body": json.dumps(REQUEST)}
    event = {"specversion": "1.0", "type": "x", "source": "x", name: other, "data": {**REQUEST, name: other}}
    return [
        {**REQUEST, name: other},
        {name: other, **REQUEST, f"ContactId&{name}": other},
        http_event(query={name: other}),
        http_event(headers={"Content-Type": "application/json", name: other}),
        http_event(rawPath=f"/?{name}={other}"),
        {**http_event(), name: other, "endpoint": "127.0.0.1:1"},
        {**gateway, "queryParameters": {name: other}, "headers": {name: other}},
        event,
    ]


@pytest.mark.parametrize("name", NAMES)
def test_no_other_key_query_parameter_or_header_of_an_event_reaches_the_api(
    server: RawServer, function: LocalFunction, name: str
) -> None:
    for event in with_name(name):
        (request,) = sent_for(server, function, event)
        judge(server, request, CONTACT_ID, PHONE_NUMBER)
        assert b"DeleteMessageContact" not in request


@pytest.mark.parametrize("name", [*NAMES, "PageNumber", "PageSize"])
def test_nothing_of_a_tick_reaches_the_api(server: RawServer, name: str) -> None:
    sweeper = LocalFunction(server.url, {"MAX_ATTEMPTS": "1"}, module=resend_pending_verifications).kept()
    payload = {"DryRun": False, name: "9&Action=DeleteMessageContact"}
    tick = {"triggerTime": "2026-11-02T04:00:00Z", "triggerName": "x", "payload": payload, name: "9"}
    (request,) = sent_for(server, sweeper, tick)
    request_line, *header_lines = request.decode("ascii").removesuffix("\r\n\r\n").split("\r\n")
    assert request_line == "POST /?PageNumber=1&PageSize=100 HTTP/1.1"
    judge_headers(server, header_lines, "ListMessageContactVerifications")
