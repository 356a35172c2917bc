"""The function over HTTP: every reply a caller can get, and the log line of each."""

import base64
import importlib
import json
import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

import resend_pending_verifications
import send_phone_verification
from fcapi.errors import InternalError
from fcapi.testing import PythonVersion, make_context
from local.emulator.contacts import Details
from local.emulator.server import Emulator
from phone_verification.components import start
from phone_verification.settings import SendSettings, SweepSettings
from tests.handlers import CONTACT_ID, FUNCTION_REQUEST_ID, PHONE_NUMBER, REQUEST, RUNTIMES, LocalFunction, http_event


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_a_request_is_sent_and_answered_with_the_apis_request_id(
    function: LocalFunction, emulator: Emulator, runtime: PythonVersion
) -> None:
    invoked = function(http_event(), runtime)
    (message,) = emulator.directory.messages()
    assert (message.contact_id, message.target) == (CONTACT_ID, PHONE_NUMBER)
    assert invoked.result == {
        "statusCode": 200,
        "headers": {"Content-Type": "application/json"},
        "isBase64Encoded": False,
        "body": f'{{"RequestId":"{message.request_id}"}}',
    }


def test_the_log_line_tells_what_happened_to_one_contact(function: LocalFunction, emulator: Emulator) -> None:
    line = function(http_event()).line
    (message,) = emulator.directory.messages()
    assert line.pop("timestamp").endswith("Z")
    assert line.pop("duration_ms") >= 0
    assert line == {
        "level": "INFO",
        "message": "phone verification",
        "service": "phone-verification",
        "function_name": "send_phone_verification",
        "function_version": "LATEST",
        "function_memory_size": 128,
        "function_request_id": FUNCTION_REQUEST_ID,
        "correlation_id": FUNCTION_REQUEST_ID,
        "region": "cn-hangzhou",
        "cold_start": True,
        "trigger": "http",
        "delivery_index": 0,
        "batch_size": 1,
        "outcome": "sent",
        "contact_id": CONTACT_ID,
        "phone_number": "86-139****1234",
        "api_request_id": message.request_id,
        "attempts": 1,
    }


def test_a_contact_id_with_many_digits_is_known_again_in_the_log(function: LocalFunction, emulator: Emulator) -> None:
    details = Details("Load", "load@example.com", "86-13900005678", "Other", ("SecurityMessage",))
    emulator.directory.add(details, "c-loadtest00000100")
    request = {"ContactId": "c-loadtest00000100", "PhoneNumber": "86-13900005678"}
    one = function.kept()
    assert [one(http_event(request)).line["contact_id"] for _ in range(2)] == ["c-loadtest00000100"] * 2
    line = function(http_event({**request, "PhoneNumber": PHONE_NUMBER})).line
    assert (line["outcome"], line["contact_id"]) == ("rejected", "c-loadtest****00")


def test_a_contact_id_that_is_the_number_is_not_logged_even_if_the_api_accepts_it(
    function: LocalFunction, emulator: Emulator
) -> None:
    details = Details("Number", "number@example.com", "86-15012345678", "Other", ("SecurityMessage",))
    emulator.directory.add(details, "c-15012345678")
    invoked = function(http_event({"ContactId": "c-15012345678", "PhoneNumber": "86-15012345678"}))
    assert (invoked.line["outcome"], invoked.line["contact_id"]) == ("sent", "c-****")
    assert "15012345678" not in json.dumps(invoked.lines)


@pytest.mark.parametrize("said", [True, "true"])
def test_a_base64_body_is_decoded(function: LocalFunction, emulator: Emulator, said: object) -> None:
    body = base64.b64encode(json.dumps(REQUEST).encode()).decode()
    assert function(http_event(body, isBase64Encoded=said)).result["statusCode"] == 200
    assert len(emulator.directory.messages()) == 1


def test_a_body_of_16_kibibytes_is_read(function: LocalFunction, emulator: Emulator) -> None:
    assert function(http_event(json.dumps(REQUEST).ljust(16 * 1024))).result["statusCode"] == 200
    assert len(emulator.directory.messages()) == 1


def test_what_an_envelope_need_not_have_may_be_null(function: LocalFunction) -> None:
    event = {**http_event(), "queryParameters": None, "isBase64Encoded": None}
    assert function(event).result["statusCode"] == 200
    assert function({**event, "headers": None}).result["statusCode"] == 415


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "application/json; charset=utf-8"},
        {"CONTENT-TYPE": 'Application/JSON;charset="UTF-8"'},
    ],
)
def test_header_names_and_media_type_may_be_in_any_case(function: LocalFunction, headers: dict[str, str]) -> None:
    assert function(http_event(headers=headers)).result["statusCode"] == 200


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/json;", 200),
        ("application/json ; ; ", 200),
        ("application/json;charset=utf8", 200),
        ("application/json; charset = UTF8 ", 200),
        ("application/json; charset=", 200),
        ("application/json; version=1", 200),
        ("application/json;odata=verbose;charset=utf-8", 200),
        ('application/json; profile="https://example.com/a b"', 200),
        ("application/json; x-charset=gbk", 200),
        ("application/json; charset=gbk", 415),
        ("application/json; version=1; charset=utf-16", 415),
        ("application/json; charset=utf-8; charset=gb18030", 415),
        ("application/jsonp", 415),
        ("application/json+x", 415),
        ("text/json; charset=utf-8", 415),
        ("; charset=utf-8", 415),
    ],
)
def test_json_in_utf_8_is_known_by_its_media_type_whatever_else_is_said(
    function: LocalFunction, content_type: str, status: int
) -> None:
    assert function(http_event(headers={"Content-Type": content_type})).result["statusCode"] == status


def test_a_valid_traceparent_gives_the_correlation_id(function: LocalFunction) -> None:
    trace_id = "4bf92f3577b34da6a3ce929d0e0e4736"
    headers = {"Content-Type": "application/json", "Traceparent": f"00-{trace_id}-00f067aa0ba902b7-01"}
    assert function(http_event(headers=headers)).line["correlation_id"] == trace_id


NESTED = '{"ContactId":' + "[" * 16_000  # Python 3.13 reads 10,000 levels

NO_JSON_TYPE = "The Content-Type must be application/json."
TOO_LARGE = "The body must not be larger than 16384 bytes."
NO_OBJECT = "The body must be a JSON object:"
MALFORMED = (400, "MalformedRequestBody")
UNSUPPORTED = (415, "UnsupportedMediaType")
REFUSALS: list[tuple[str, dict[str, Any], int, str, str]] = [
    ("another method", http_event(method="GET", body=""), 405, "MethodNotAllowed", "Only POST is accepted."),
    ("no content type", http_event(headers={}), *UNSUPPORTED, NO_JSON_TYPE),
    ("a form", http_event(headers={"Content-Type": "text/plain"}), *UNSUPPORTED, NO_JSON_TYPE),
    (
        "another charset",
        http_event(headers={"Content-Type": "application/json; charset=gbk"}),
        *UNSUPPORTED,
        NO_JSON_TYPE,
    ),
    ("a large body", http_event({**REQUEST, "x": "y" * 16384}), 413, "RequestTooLarge", TOO_LARGE),
    (
        "a large decoded body",
        http_event(base64.b64encode(b" " * 16385).decode(), isBase64Encoded=True),
        413,
        "RequestTooLarge",
        TOO_LARGE,
    ),
    ("no body", http_event(body=""), *MALFORMED, f"{NO_OBJECT} not JSON."),
    ("no body at all", {**http_event(), "body": None}, *MALFORMED, f"{NO_OBJECT} not JSON."),
    ("half a body", http_event('{"ContactId": '), *MALFORMED, f"{NO_OBJECT} not JSON."),
    ("a list", http_event([REQUEST]), *MALFORMED, "A request must be a JSON object."),
    (
        "a key twice",
        http_event('{"ContactId":"c-1","ContactId":"c-2"}'),
        *MALFORMED,
        f"{NO_OBJECT} an object has a key twice.",
    ),
    ("NaN", http_event('{"ContactId":NaN}'), *MALFORMED, f"{NO_OBJECT} NaN and Infinity are not JSON."),
    ("a nest", http_event(NESTED), *MALFORMED, f"{NO_OBJECT} nested too deeply."),
    ("a huge number", http_event('{"ContactId":' + "9" * 5000 + "}"), *MALFORMED, f"{NO_OBJECT} not JSON."),
    ("half a character", http_event("\ud800"), *MALFORMED, f"{NO_OBJECT} not UTF-8."),
    (
        "no base64",
        http_event("{}", isBase64Encoded=True),
        *MALFORMED,
        "The body is not the base64 that the event says it is.",
    ),
    (
        "not UTF-8",
        http_event(base64.b64encode(b'{"ContactId":"\xff"}').decode(), isBase64Encoded=True),
        *MALFORMED,
        f"{NO_OBJECT} not UTF-8.",
    ),
    (
        "another field",
        http_event({**REQUEST, "Action": "DeleteMessageContact"}),
        400,
        "UnknownParameter",
        "Only ContactId and PhoneNumber are accepted.",
    ),
    (
        "a number in the URL",
        http_event(query={"PhoneNumber": PHONE_NUMBER}),
        400,
        "ConflictingParameter",
        "PhoneNumber must be in the body, not in the query.",
    ),
    (
        "a contact in the URL",
        http_event(query={"contactid": CONTACT_ID}),
        400,
        "ConflictingParameter",
        "ContactId must be in the body, not in the query.",
    ),
]


@pytest.mark.parametrize(
    ("event", "status", "code", "says"), [row[1:] for row in REFUSALS], ids=[r[0] for r in REFUSALS]
)
def test_what_cannot_be_a_request_is_refused_before_anything_is_sent(
    function: LocalFunction, emulator: Emulator, event: dict[str, Any], status: int, code: str, says: str
) -> None:
    invoked = function(event)
    assert invoked.result["statusCode"] == status
    assert invoked.body["Code"] == code
    assert invoked.body["Message"] == says
    assert invoked.body["RequestId"] == FUNCTION_REQUEST_ID
    assert (invoked.line["outcome"], invoked.line["code"], invoked.line["attempts"]) == ("rejected", code, 0)
    assert invoked.line["level"] == "WARNING"
    assert emulator.directory.messages() == []


def test_405_names_the_method_that_is_allowed(function: LocalFunction) -> None:
    assert function(http_event(method="PUT")).result["headers"]["Allow"] == "POST"


def without(field: str) -> dict[str, object]:
    return {name: value for name, value in REQUEST.items() if name != field}


MISSING_CONTACT = (400, "MissingParameter.ContactId", "You must specify ContactId.")
MISSING_NUMBER = (400, "MissingParameter.PhoneNumber", "You must specify PhoneNumber.")
INVALID_CONTACT = (400, "InvalidParameter.ContactId", "The ContactId is invalid.")
INVALID_NUMBER = (400, "InvalidParameter.PhoneNumber", "The PhoneNumber is invalid.")
COUNTRY = (400, "InvalidParameter.MobileCountryCode", "The current site does not support the country code.")
NO_CONTACT = (404, "EntityNotExists.Contact", "This Contact does not exist.")
NOTHING_TO_VERIFY = (404, "EntityNotExists.Contact.Verification", "This contact verification does not exist.")

LOCALLY = [
    (without("ContactId"), MISSING_CONTACT),
    ({**REQUEST, "ContactId": ""}, MISSING_CONTACT),
    ({**REQUEST, "ContactId": None}, MISSING_CONTACT),
    ({}, MISSING_CONTACT),
    (without("PhoneNumber"), MISSING_NUMBER),
    ({**REQUEST, "PhoneNumber": ""}, MISSING_NUMBER),
    ({"ContactId": "c-***", "PhoneNumber": None}, MISSING_NUMBER),
    ({**REQUEST, "ContactId": 7}, INVALID_CONTACT),
    ({**REQUEST, "ContactId": "c-qL4HqKONzOM7****"}, INVALID_CONTACT),
    ({**REQUEST, "ContactId": "c- "}, INVALID_CONTACT),
    ({**REQUEST, "ContactId": "c-1\n"}, INVALID_CONTACT),
    ({**REQUEST, "ContactId": "c-\u5f20"}, INVALID_CONTACT),
    ({**REQUEST, "ContactId": "c" * 65}, INVALID_CONTACT),
    ({**REQUEST, "PhoneNumber": 13900001234}, INVALID_NUMBER),
    ({**REQUEST, "PhoneNumber": "86-139****1234"}, INVALID_NUMBER),
    ({**REQUEST, "PhoneNumber": " 86-13900001234"}, INVALID_NUMBER),
    ({**REQUEST, "PhoneNumber": "86-13900001234\n"}, INVALID_NUMBER),
    ({**REQUEST, "PhoneNumber": "+86-13900001234"}, INVALID_NUMBER),
    ({**REQUEST, "PhoneNumber": "8613900001234"}, INVALID_NUMBER),
    ({**REQUEST, "PhoneNumber": "-13900001234"}, INVALID_NUMBER),
    ({**REQUEST, "PhoneNumber": "86-"}, INVALID_NUMBER),
    ({**REQUEST, "PhoneNumber": "86-\uff11\uff13\uff19"}, INVALID_NUMBER),
]
BY_THE_API = [
    ({**REQUEST, "ContactId": "x-1"}, INVALID_CONTACT),
    ({**REQUEST, "PhoneNumber": "86-1"}, INVALID_NUMBER),
    ({**REQUEST, "PhoneNumber": "44-7700900123"}, COUNTRY),
    ({**REQUEST, "ContactId": "c-unknown"}, NO_CONTACT),
    ({**REQUEST, "PhoneNumber": "86-13900009999"}, NOTHING_TO_VERIFY),
]


@pytest.mark.parametrize(("body", "documented"), LOCALLY)
def test_what_the_api_would_surely_refuse_is_answered_as_the_api_documents_it(
    function: LocalFunction, body: object, documented: tuple[int, str, str]
) -> None:
    invoked = function(http_event(body))
    assert (invoked.result["statusCode"], invoked.body["Code"], invoked.body["Message"]) == documented
    assert invoked.body["RequestId"] == FUNCTION_REQUEST_ID
    assert (invoked.line["outcome"], invoked.line["attempts"]) == ("rejected", 0)
    assert invoked.line["reason"] == invoked.body["Message"]


@pytest.mark.parametrize(("body", "documented"), BY_THE_API)
def test_what_the_api_refuses_is_passed_on_as_documented(
    function: LocalFunction, body: object, documented: tuple[int, str, str]
) -> None:
    invoked = function(http_event(body))
    assert (invoked.result["statusCode"], invoked.body["Code"], invoked.body["Message"]) == documented
    assert invoked.body["RequestId"] == invoked.line["api_request_id"] != FUNCTION_REQUEST_ID
    assert (invoked.line["outcome"], invoked.line["attempts"]) == ("rejected", 1)


def test_the_daily_limit_is_409_and_a_failure() -> None:
    with Emulator(daily_limit=0) as exhausted:
        invoked = LocalFunction(exhausted.url)(http_event())
    assert invoked.result["statusCode"] == 409
    assert invoked.body["Code"] == "SendValidateCodeExceedsLimitForAccount"
    assert invoked.body["Message"].startswith("For the same account, the number of verification codes sent exceeds")
    assert (invoked.line["outcome"], invoked.line["level"]) == ("failed", "ERROR")


def inject(emulator: Emulator, **fault: Any) -> None:
    """Make the API's next answer go wrong; an error's message echoes the request, as the vendor's own can."""
    if fault["Kind"] == "error":
        fault["Message"] = f"server CanonicalRequest is [PhoneNumber={PHONE_NUMBER} local-token]"
    requests.post(f"{emulator.url}/_emulator/faults", json={**fault, "Times": 1}, timeout=5).raise_for_status()


FAULTS: list[tuple[dict[str, Any], int, str, str, str | None, int]] = [
    # fault of the API; then status, Code, outcome, Retry-After, and how many texts went out
    ({"Kind": "throttle"}, 429, "Throttling.User", "failed", "5", 0),
    ({"Kind": "throttle", "RetryAfterMs": 1500}, 429, "Throttling.User", "failed", "2", 0),
    ({"Kind": "error", "Status": 503, "Code": "ServiceUnavailable"}, 503, "ServiceUnavailable", "failed", "5", 0),
    ({"Kind": "error", "Status": 400, "Code": "SignatureNonceUsed"}, 502, "UpstreamError", "unknown", None, 0),
    ({"Kind": "error", "Status": 403, "Code": "NoPermission"}, 500, "FunctionMisconfigured", "failed", None, 0),
    (
        {"Kind": "error", "Status": 400, "Code": "InvalidSecurityToken.Expired"},
        500,
        "FunctionMisconfigured",
        "failed",
        None,
        0,
    ),
    ({"Kind": "error", "Status": 400, "Code": "Undocumented"}, 502, "UpstreamError", "unknown", None, 0),
    ({"Kind": "error", "Status": 500, "Code": "InternalError"}, 502, "UpstreamError", "unknown", None, 0),
    ({"Kind": "redirect"}, 502, "UpstreamError", "unknown", None, 0),
    ({"Kind": "drop_before"}, 502, "UpstreamError", "unknown", None, 0),
    ({"Kind": "drop_after"}, 502, "UpstreamError", "unknown", None, 1),
    ({"Kind": "half_answer"}, 502, "UpstreamError", "unknown", None, 1),
    ({"Kind": "garbage"}, 502, "UpstreamError", "unknown", None, 1),
    ({"Kind": "no_request_id"}, 502, "UpstreamError", "unknown", None, 1),
    ({"Kind": "delay", "Seconds": 30}, 504, "UpstreamTimeout", "unknown", None, 0),
]


@pytest.mark.parametrize(("fault", "status", "code", "outcome", "retry_after", "texts"), FAULTS)
def test_a_fault_of_the_api_is_told_apart_by_what_it_may_have_sent(
    emulator: Emulator,
    fault: dict[str, Any],
    status: int,
    code: str,
    outcome: str,
    retry_after: str | None,
    texts: int,
) -> None:
    inject(emulator, **fault)
    settings = {"READ_TIMEOUT_SECONDS": "0.5" if fault["Kind"] == "delay" else "", "MAX_ATTEMPTS": "1"}
    invoked = LocalFunction(emulator.url, settings)(http_event())
    assert (invoked.result["statusCode"], invoked.body["Code"]) == (status, code)
    assert invoked.result["headers"].get("Retry-After") == retry_after
    assert (invoked.line["outcome"], invoked.line["code"], invoked.line["attempts"]) == (outcome, code, 1)
    assert len(emulator.directory.messages()) == texts


def test_the_operator_reads_the_apis_code_and_the_caller_does_not(function: LocalFunction, emulator: Emulator) -> None:
    inject(emulator, Kind="error", Status=403, Code="NoPermission")
    invoked = function(http_event())
    assert invoked.line["upstream_code"] == "NoPermission"
    assert "NoPermission" not in json.dumps(invoked.result)


def test_an_api_that_cannot_be_reached_is_503_and_a_retry_can_help() -> None:
    with Emulator() as gone:
        url = gone.url
    invoked = LocalFunction(url, {"MAX_ATTEMPTS": "1"})(http_event())
    assert (invoked.result["statusCode"], invoked.body["Code"]) == (503, "UpstreamUnreachable")
    assert invoked.result["headers"]["Retry-After"] == "5"
    assert invoked.line["outcome"] == "failed"


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_a_function_without_a_role_is_misconfigured(emulator: Emulator, runtime: PythonVersion) -> None:
    invoked = LocalFunction(emulator.url, credentials=None)(http_event(), runtime)
    assert (invoked.result["statusCode"], invoked.body["Code"]) == (500, "FunctionMisconfigured")
    assert (invoked.line["upstream_code"], invoked.line["attempts"]) == ("MissingCredentials", 0)
    assert "give the function a role" in invoked.line["warning"]


def test_a_handler_that_was_not_initialized_sets_itself_up(
    emulator: Emulator, capsys: pytest.CaptureFixture[str]
) -> None:
    LocalFunction(emulator.url).set_environment("python3.12")
    function = importlib.reload(send_phone_verification)
    event = json.dumps(http_event()).encode()
    replies: list[Any] = [function.handler(event, make_context()) for _ in range(2)]
    assert [reply["statusCode"] for reply in replies] == [200, 200]
    assert [json.loads(line)["cold_start"] for line in capsys.readouterr().out.splitlines()] == [True, False]


def test_the_first_calls_of_many_threads_share_one_instance_without_an_initializer(
    emulator: Emulator, capsys: pytest.CaptureFixture[str]
) -> None:
    LocalFunction(emulator.url).set_environment("python3.12")
    function = importlib.reload(send_phone_verification)
    event = json.dumps(http_event()).encode()
    with ThreadPoolExecutor(32) as threads:
        replies = list(threads.map(lambda _: function.handler(event, make_context()), range(32)))
    assert {reply["statusCode"] for reply in replies} <= {200, 409}
    assert len(emulator.directory.messages()) == 1
    assert capsys.readouterr().out.count('"cold_start":true') == 1


def test_many_threads_share_one_instance(emulator: Emulator, capsys: pytest.CaptureFixture[str]) -> None:
    LocalFunction(emulator.url, {"HTTP_SENDS_PER_DAY": "0"}).set_environment("python3.12")
    send_phone_verification.initialize(make_context())
    events = []
    for number in range(64):
        phone_number = f"86-139000{number:05}"
        details = Details(
            f"Contact{chr(65 + number)}", f"{number}@example.com", phone_number, "Other", ("FaultMessage",)
        )
        contact = emulator.directory.add(details)
        events.append(http_event({"ContactId": contact.contact_id, "PhoneNumber": phone_number}))
    with ThreadPoolExecutor(16) as threads:
        handled = threads.map(
            lambda event: send_phone_verification.handler(json.dumps(event).encode(), make_context()), events
        )
        replies = list(handled)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {reply["statusCode"] for reply in replies} == {200}
    sent = {message.request_id for message in emulator.directory.messages()}
    assert len(sent) == 64
    assert {line["api_request_id"] for line in lines} == sent
    assert [line["cold_start"] for line in lines].count(True) == 1


def broken() -> str:
    raise RuntimeError(f"no nonce for {PHONE_NUMBER} with local-secret")


def look_at_the_trace(logged: str) -> None:
    """Look for the trace of the bug in its log line, and for what the trace must not show."""
    line = json.loads(logged)
    assert (line["message"], line["exception_name"]) == ("internal error", "RuntimeError")
    assert "in broken" in line["exception"]
    assert "13900001234" not in logged
    assert "local-secret" not in logged


def test_a_bug_is_answered_500_and_only_its_log_line_has_the_trace(
    emulator: Emulator, capsys: pytest.CaptureFixture[str]
) -> None:
    LocalFunction(emulator.url).set_environment("python3.12")
    components = start(SendSettings.from_environ(os.environ), nonce=broken)
    reply: Any = send_phone_verification.function.run(components, json.dumps(http_event()).encode(), make_context())
    assert reply["statusCode"] == 500
    assert json.loads(reply["body"]) == {
        "Code": "InternalError",
        "Message": "The function failed; its operator can see why.",
        "RequestId": FUNCTION_REQUEST_ID,
    }
    look_at_the_trace(capsys.readouterr().out)


def test_a_bug_fails_an_event_and_only_its_log_line_has_the_trace(
    emulator: Emulator, capsys: pytest.CaptureFixture[str]
) -> None:
    LocalFunction(emulator.url).set_environment("python3.12")
    components = start(SendSettings.from_environ(os.environ), nonce=broken)
    with pytest.raises(InternalError) as failed:
        send_phone_verification.function.run(components, json.dumps(REQUEST).encode(), make_context())
    assert "nonce" not in str(failed.value)
    assert failed.value.__suppress_context__
    look_at_the_trace(capsys.readouterr().out)


def test_a_bug_fails_a_run_of_function_2_and_only_its_log_line_has_the_trace(
    emulator: Emulator, capsys: pytest.CaptureFixture[str]
) -> None:
    LocalFunction(emulator.url).set_environment("python3.12")
    components = start(SweepSettings.from_environ(os.environ), nonce=broken)
    tick = {"triggerTime": "2026-11-01T04:00:00Z", "triggerName": "daily", "payload": ""}
    with pytest.raises(InternalError) as failed:
        resend_pending_verifications.function.run(components, json.dumps(tick).encode(), make_context())
    assert "nonce" not in str(failed.value)
    assert failed.value.__suppress_context__
    look_at_the_trace(capsys.readouterr().out)
