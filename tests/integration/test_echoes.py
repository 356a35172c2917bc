"""What an answer may claim, and what of it is passed on: in the reply, the result, the exception and the log."""

import json
from typing import Any

import pytest
import requests

import resend_pending_verifications
from fcapi.errors import EventFailed
from fcapi.testing import ContextCredentials
from local.emulator.contacts import Details
from local.emulator.server import Emulator
from tests.handlers import REQUEST, Invoked, LocalFunction, http_event
from tests.integration.raw_server import http_answer, raw_server

REQUEST_ID = "CD76D376-2517-4924-92C5-DBC52262F93A"
MAIL = "SendEmailVerificationForMessageContact"
TICK = {"triggerTime": "2030-01-01T00:00:00Z", "triggerName": "daily", "payload": ""}


def told(status: str, event: object = None, **document: Any) -> Invoked:
    """Return what the function makes of an answer with these fields; none of them may show what is looked for."""
    body = json.dumps({"RequestId": REQUEST_ID, **document}).encode()
    with raw_server(lambda connection: connection.sendall(http_answer(body, status))) as server:
        return LocalFunction(server.url)(http_event() if event is None else event)


@pytest.mark.parametrize(
    "failed",
    [
        {"Code": "InternalError"},
        {"code": "InternalError"},
        {"Code": "Throttling.User", "Message": "Request was denied due to user flow control."},
        {"Code": "SendValidateCodeExceedsLimitForAccount"},
        {"Code": "a Code that is none"},
        {"Code": 500},
        {"Code": {"Code": "OK"}},
        {"Code": None, "code": "InternalError"},
        {"ErrorCode": "InternalError"},
        {"errorCode": 500},
        {"Error": {"Code": "InternalError", "Message": "no"}},
        {"Success": False},
        {"Success": "false", "Code": "OK"},
        {"success": False},
    ],
    ids=json.dumps,
)
def test_a_200_that_says_that_it_failed_is_no_success(failed: dict[str, Any]) -> None:
    """Nor is it one of the refusals that surely sent nothing: it contradicts itself."""
    invoked = told("200 OK", **failed)
    assert (invoked.result["statusCode"], invoked.body["Code"]) == (502, "UpstreamError")
    assert invoked.line["outcome"] == "unknown"
    assert invoked.line["attempts"] == 1


@pytest.mark.parametrize(
    "succeeded",
    [
        {"Code": "OK"},
        {"Code": "ok", "Message": "OK"},
        {"Code": "200", "Success": True},
        {"Code": 200, "Success": "true"},
        {"Code": "Success"},
        {"Code": ""},
        {"Code": None},
        {"Unknown": "InternalError"},
    ],
    ids=json.dumps,
)
def test_a_200_that_says_that_it_succeeded_is_a_success(succeeded: dict[str, Any]) -> None:
    invoked = told("200 OK", **succeeded)
    assert invoked.body == {"RequestId": REQUEST_ID}


def test_a_listing_that_says_that_it_failed_is_none() -> None:
    body = json.dumps({"RequestId": REQUEST_ID, "Code": "InternalError", "TotalCount": 0, "ContactVerifications": []})
    with raw_server(lambda connection: connection.sendall(http_answer(body.encode()))) as server:
        invoked = LocalFunction(server.url, module=resend_pending_verifications)(TICK)
    assert type(invoked.error) is EventFailed
    failure, _ = invoked.lines
    assert (failure["code"], failure["upstream_code"]) == ("UpstreamError", "InternalError")


ECHOES = [
    "A13900001234",
    "A-139-0000-1234-B",
    "1390000-X",
    "LOCAL-TOKEN",
    "x-LtAi-LoCaL",
    "localsecret",
    "b3133393030303031323334",
]


@pytest.mark.parametrize("event", [http_event(), REQUEST], ids=["http", "event"])
@pytest.mark.parametrize("echo", ECHOES)
def test_a_request_id_that_echoes_the_request_makes_the_answer_unusable(echo: str, event: object) -> None:
    invoked = told("200 OK", event, RequestId=echo)
    assert_nowhere(echo, invoked)
    assert (invoked.lines[0]["outcome"], invoked.lines[0]["upstream_code"]) == ("unknown", "UnusableAnswer")
    assert "api_request_id" not in invoked.lines[0]


@pytest.mark.parametrize("status", ["400 Bad Request", "200 OK"])
@pytest.mark.parametrize("echo", ECHOES)
def test_a_code_that_echoes_the_request_is_not_passed_on(echo: str, status: str) -> None:
    """What begins like a known Code is not one either: Throttling would be tried again."""
    code = "Throttling." + echo.replace("-", "_")
    invoked = told(status, Code=code)
    assert_nowhere(code, invoked)
    assert (invoked.line["outcome"], invoked.line["upstream_code"]) == ("unknown", "UnusableAnswer")
    assert (invoked.line["attempts"], invoked.body["RequestId"]) == (1, REQUEST_ID)


MAILS_ONLY = {"MAX_ATTEMPTS": "1", "SWEEP_CHANNELS": "email"}


def told_of_a_mail(emulator: Emulator, address: str, code: str) -> dict[str, Any]:
    """Return the line of a mail to an address, for which the API answers with a Code."""
    for contact in emulator.directory.contacts():
        emulator.directory.delete(contact.contact_id, at_once=True)
    emulator.directory.add(Details("Other", address, None, "Other", ("SecurityMessage",)))
    fault: dict[str, Any] = {"Kind": "error", "Code": code, "Status": 400, "Message": "x", "Times": 9, "Action": MAIL}
    requests.post(f"{emulator.url}/_emulator/faults", json=fault, timeout=5).raise_for_status()
    invoked = LocalFunction(emulator.url, MAILS_ONLY, module=resend_pending_verifications)(TICK)
    (line,) = [line for line in invoked.lines if line.get("email_address") == f"{address[0]}***@example.com"]
    return line


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("notfound", "InvalidAccessKeyId.NotFound"),
        ("inactive", "InvalidAccessKeyId.Inactive"),
        ("invalid.access.key", "InvalidAccessKeyId"),
        ("forbidden.ram", "Forbidden.RAM"),
        ("expired", "InvalidSecurityToken.Expired"),
        ("malformed", "InvalidSecurityToken.Malformed"),
        ("mismatch", "InvalidSecurityToken.MismatchWithAccessKey"),
        ("throttling.user", "Throttling.User"),
        ("throttling.api", "Throttling.Api"),
        ("format", "InvalidTimeStamp.Format"),
        ("security", "InvalidSecurityToken.Odd"),
    ],
)
def test_a_code_that_the_vendor_publishes_is_logged_whatever_name_an_address_has(
    emulator: Emulator, name: str, code: str
) -> None:
    line = told_of_a_mail(emulator, f"{name}@example.com", code)
    assert code in (line["code"], line.get("upstream_code"))


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("zhang.san", "Throttling.ZhangSan"),
        ("zhang", "Throttling.zhang"),
        ("throttling.zhang", "Throttling.zhang"),
        ("xkeyidzhang", "InvalidAccessKeyId.zhang"),
        ("notfound", "EntityNotExists.Contact.NotFound"),
        ("notfound", "InvalidAccessKeyId.NotFound.NotFound"),
        ("zhang.san", "Forbidden.7a68616e672e73616e"),
    ],
)
def test_a_code_that_goes_on_with_the_name_in_an_address_is_not(emulator: Emulator, name: str, code: str) -> None:
    line = told_of_a_mail(emulator, f"{name}@example.com", code)
    assert (line["outcome"], line["upstream_code"]) == ("unknown", "UnusableAnswer")


def test_the_credentials_of_this_very_request_are_what_is_looked_for() -> None:
    pair = ContextCredentials("LTAI5tAnotherKey", "another-secret-half", "another-token-of-it")
    document = json.dumps({"RequestId": "X-another-token-of"}).encode()
    with raw_server(lambda connection: connection.sendall(http_answer(document))) as server:
        assert LocalFunction(server.url)(http_event()).body == {"RequestId": "X-another-token-of"}
        invoked = LocalFunction(server.url, credentials=pair)(http_event())
    assert invoked.body["Code"] == "UpstreamError"


def assert_nowhere(echo: str, invoked: Invoked) -> None:
    given_out = json.dumps(invoked.result) + json.dumps(invoked.lines) + str(invoked.error)
    assert echo.lower() not in given_out.lower()


@pytest.mark.parametrize("request_id", [REQUEST_ID.lower(), f"A-{'x' * 62}", "A"])
def test_a_request_id_may_be_in_lower_case_and_of_any_length_up_to_64(request_id: str) -> None:
    assert told("200 OK", RequestId=request_id).body == {"RequestId": request_id}
