"""LOG_LEVEL=DEBUG shows the settings at start, attempts, waits, and what the cooldown decides; no secret, no number."""

import json
from typing import Any

import pytest
from requests.adapters import HTTPAdapter

import resend_pending_verifications
import send_phone_verification
from local.emulator.server import Emulator
from tests.handlers import CONTACT_ID, REQUEST, Clock, Invoked, LocalFunction, http_event
from tests.integration.raw_server import http_answer, raw_server
from tests.integration.test_sweep import inject, tick
from tests.store_proxy import ALWAYS, StoreProxy, lose_command, recording
from tests.stores import HASH_KEY, store_settings

DEBUG = {"LOG_LEVEL": "DEBUG"}
SEND, LIST = "SendPhoneVerificationForMessageContact", "ListMessageContactVerifications"
EVENT = {"specversion": "1.0", "id": "an-event", "type": "x", "source": "y", "data": REQUEST}


def told(invoked: Invoked, message: str, *fields: str) -> list[tuple[Any, ...]]:
    """Return these fields of each line at DEBUG with a message."""
    lines = [line for line in invoked.lines if line["level"] == "DEBUG" and line["message"] == message]
    return [tuple(line.get(field) for field in fields) for line in lines]


@pytest.mark.parametrize("module", [send_phone_verification, resend_pending_verifications])
def test_settings_are_shown_at_start_and_of_secrets_only_whether_they_are_set(emulator: Emulator, module: Any) -> None:
    password = "a-pass-word"
    settings = {
        **DEBUG,
        "COOLDOWN_STORE_URL": f"redis://someone:{password}@127.0.0.1:1/0",
        "COOLDOWN_HASH_KEY": HASH_KEY,
        "MAX_ATTEMPTS": "2",
    }
    function = LocalFunction(emulator.url, settings, module=module, never_shown=(password, "someone", HASH_KEY))
    shown = dict(told(function(b"{}"), "setting", "setting", "value"))
    assert shown.keys() == function.module.function._settings.model_fields.keys()  # noqa: SLF001 -- all that there are
    assert (shown["cooldown_store_url"], shown["cooldown_hash_key"]) == ("set", "set")
    assert (shown["cooldown_store_ca"], shown["max_attempts"]) == ("not set", 2)
    assert (shown["cooldown_store_plaintext"], shown["resource_directory_endpoint"]) == (False, emulator.url)


def test_a_secret_that_is_not_set_is_shown_as_such(emulator: Emulator) -> None:
    shown = dict(told(LocalFunction(emulator.url, DEBUG)(REQUEST), "setting", "setting", "value"))
    assert (shown["cooldown_store_url"], shown["cooldown_hash_key"]) == ("not set", "not set")


def test_each_attempt_is_shown_with_what_came_of_it_and_each_wait_between_them(emulator: Emulator) -> None:
    inject(emulator, Kind="throttle", RetryAfterMs=2001, Times=2)
    invoked = LocalFunction(emulator.url, DEBUG).kept(Clock(), uniform=lambda _, most: most)(http_event())
    first, second, third = told(invoked, "api attempt", "action", "attempt", "upstream_code")
    assert (first, second) == ((SEND, 1, "Throttling.User"), (SEND, 2, "Throttling.User"))
    assert third == (SEND, 3, None)
    assert told(invoked, "api wait", "seconds") == [(2.201,), (2.401,)]
    *_, (request_id,) = told(invoked, "api attempt", "api_request_id")
    assert request_id == invoked.body["RequestId"]
    assert [line["message"] for line in invoked.lines] == [
        *("cooldown", "api attempt", "api wait", "api attempt", "api wait", "api attempt", "cooldown"),
        "phone verification",
    ]


def test_an_attempts_time_is_that_of_the_attempt_alone(emulator: Emulator) -> None:
    clock = Clock()

    class Slow(HTTPAdapter):
        def send(self, *given: Any, **named: Any) -> Any:
            clock.time += 1.5
            return super().send(*given, **named)

    inject(emulator, Kind="throttle", RetryAfterMs=1000)
    invoked = LocalFunction(emulator.url, DEBUG).kept(clock, adapter=Slow())(REQUEST)
    assert told(invoked, "api attempt", "duration_ms") == [(1500,), (1500,)]


def test_lines_of_a_request_are_found_by_its_place_and_its_correlation_id(emulator: Emulator) -> None:
    invoked = LocalFunction(emulator.url, DEBUG).kept(Clock())(EVENT)
    found = {(line["correlation_id"], line["delivery_index"]) for line in invoked.lines}
    assert found == {("an-event", 0)}
    direct = LocalFunction(emulator.url, DEBUG).kept(Clock())(REQUEST)
    assert {line["correlation_id"] for line in direct.lines} == {direct.lines[0]["function_request_id"]}


@pytest.mark.parametrize(
    ("fault", "settled"),
    [
        (None, "sent"),
        ({"Kind": "drop_after"}, "unknown"),
        ({"Kind": "error", "Status": 404, "Code": "EntityNotExists.Contact", "Message": "x"}, "released"),
    ],
)
def test_claims_are_shown_as_granted_settled_and_in_the_way(
    emulator: Emulator, settings: dict[str, str], clock: Clock, fault: dict[str, Any] | None, settled: str
) -> None:
    """In memory, and in a store."""
    if fault is not None:
        inject(emulator, **fault)
    function = LocalFunction(emulator.url, {**DEBUG, **settings}).kept(clock)
    first = function(http_event())
    shown = told(first, "cooldown", "decision", "state", "seconds", "warning")
    assert shown == [("claimed", None, 60, None), ("settled", settled, None, None)]
    clock.time += 20.25
    ((decision, state, seconds), *_) = told(function(http_event()), "cooldown", "decision", "state", "seconds")
    if settled == "released":
        assert decision == "claimed"
    else:
        assert (decision, state) == ("blocked", settled)
        assert 39 < seconds <= 40.5
        assert seconds % 1  # it is not rounded to a whole one


def test_a_claim_that_could_not_be_settled_is_shown_with_the_reason(emulator: Emulator, proxy: StoreProxy) -> None:
    function = LocalFunction(emulator.url, {**DEBUG, **store_settings(proxy)}).kept()
    proxy.rule(recording, lose_command, ALWAYS)
    invoked = function(REQUEST)
    (_, (decision, warning)) = told(invoked, "cooldown", "decision", "warning")
    assert decision == "settled"
    assert warning == invoked.lines[-1]["warning"]


def test_the_sweep_shows_its_listing_and_why_a_number_is_skipped(
    emulator: Emulator, settings: dict[str, str], clock: Clock
) -> None:
    settings = {**DEBUG, **settings, "MAX_TEXTS_PER_NUMBER": "1", "SWEEP_CHANNELS": "phone"}
    function = LocalFunction(emulator.url, settings, module=resend_pending_verifications).kept(clock)
    first = function(tick(clock))
    assert told(first, "api attempt", "action", "delivery_index") == [(LIST, None), (SEND, 0)]
    assert told(first, "cooldown", "decision", "state") == [("claimed", None), ("settled", "sent")]
    (skipped,) = told(function(tick(clock)), "cooldown", "decision", "contact_id", "phone_number", "reason")
    assert skipped[:3] == ("skipped", CONTACT_ID, "86-139****1234")
    assert skipped[3] == "The number is within its window; texts in 30 days: 1."
    clock.time += 86_500
    ((reason,),) = told(function(tick(clock)), "cooldown", "reason")
    assert reason == "The number was texted as often as it may be; texts in 30 days: 1."


def test_the_sweep_says_of_an_address_that_it_was_mailed(
    emulator: Emulator, settings: dict[str, str], clock: Clock
) -> None:
    settings = {**DEBUG, **settings, "MAX_MAILS_PER_ADDRESS": "1", "SWEEP_CHANNELS": "email"}
    function = LocalFunction(emulator.url, settings, module=resend_pending_verifications).kept(clock)
    function(tick(clock))
    (skipped,) = told(function(tick(clock)), "cooldown", "decision", "email_address", "reason")
    assert skipped == (
        "skipped",
        "o***@example.com",
        "The address is within its window; mails in 30 days: 1.",
    )
    clock.time += 86_500
    ((reason,),) = told(function(tick(clock)), "cooldown", "reason")
    assert reason == "The address was mailed as often as it may be; mails in 30 days: 1."


def test_what_an_answer_hides_a_number_in_is_not_shown() -> None:
    hostile = http_answer(b'{"Code": "No13900001234", "RequestId": "A13900001234"}', "400 Bad Request")
    with raw_server(lambda connection: connection.sendall(hostile)) as server:
        invoked = LocalFunction(server.url, DEBUG)(REQUEST)
    ((code, request_id),) = told(invoked, "api attempt", "upstream_code", "api_request_id")
    assert code == "UnusableAnswer"
    assert request_id in (None, "A****34")


def test_at_info_nothing_of_it_is_there(emulator: Emulator) -> None:
    invoked = LocalFunction(emulator.url)(http_event())
    assert invoked.line["message"] == "phone verification"
    assert json.dumps(invoked.lines).count("DEBUG") == 0
