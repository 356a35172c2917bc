"""The budget of a day: what counts against it, that nothing counts twice, and that no day pays for another."""

import base64
import json
import socket
from typing import Any

import pytest
import requests
from redis import Redis

from local.emulator.server import Emulator
from tests.handlers import REQUEST, Clock, LocalFunction, http_event
from tests.integration.raw_server import http_answer, raw_server
from tests.store_proxy import ALWAYS, Held, StoreProxy, lose_command, lose_reply, putting_back, run_twice, spending
from tests.stores import store_settings, without_right

AFTERNOON = 1_793_600_000  # 14:13:20 of a day in UTC+8
SECONDS_TO_MIDNIGHT = 9 * 3600 + 46 * 60 + 40
NO_WINDOWS = {"HTTP_COOLDOWN_SECONDS": "0", "EVENT_COOLDOWN_SECONDS": "0"}
REFUSAL = b'{"Code": "NoPermission", "Message": "no", "RequestId": "CD76D376-2517-4924-92C5-DBC52262F93A"}'
ACCEPTANCE = b'{"RequestId": "CD76D376-2517-4924-92C5-DBC52262F93A"}'
OTHER_CONTACT = http_event({**REQUEST, "ContactId": "c-other"})


@pytest.fixture
def clock() -> Clock:
    return Clock(time=AFTERNOON)


@pytest.fixture
def proxy(proxy: StoreProxy, server: Any, clock: Clock) -> StoreProxy:
    """Return the proxy with a store whose day is that of the clock."""
    with Redis(port=server.port) as admin:
        seconds, _ = admin.time()
    proxy.ahead = lambda: clock.time - int(seconds)
    return proxy


def limited_to(sends: int, settings: dict[str, str], **others: str) -> dict[str, str]:
    return {**settings, **NO_WINDOWS, "HTTP_SENDS_PER_DAY": str(sends), **others}


def count(emulator: Emulator) -> int:
    return len(emulator.directory.messages())


def inject(emulator: Emulator, **fault: Any) -> None:
    requests.post(f"{emulator.url}/_emulator/faults", json=fault, timeout=5).raise_for_status()


def codes(function: LocalFunction, event: object, times: int) -> list[str | None]:
    """Return the Code of each of so many invocations, or None where it sent."""
    return [function(event).lines[0].get("code") for _ in range(times)]


def test_a_days_budget_is_for_http_and_ends_with_the_day(
    emulator: Emulator, settings: dict[str, str], clock: Clock
) -> None:
    function = LocalFunction(emulator.url, limited_to(2, settings)).kept(clock)
    assert codes(function, http_event(), 4) == [None, None, "DailyBudgetSpent", "DailyBudgetSpent"]
    spent = function(http_event())
    assert spent.result["statusCode"] == 429
    assert SECONDS_TO_MIDNIGHT - int(spent.result["headers"]["Retry-After"]) in range(3)
    clock.time += SECONDS_TO_MIDNIGHT - 60
    assert codes(function, REQUEST, 1) == [None]
    assert codes(function, http_event(), 1) == ["DailyBudgetSpent"]
    clock.time += 60
    assert codes(function, http_event(), 3) == [None, None, "DailyBudgetSpent"]
    assert count(emulator) == 5


def test_what_was_not_sent_does_not_spend_the_days_budget(
    emulator: Emulator, settings: dict[str, str], clock: Clock
) -> None:
    function = LocalFunction(emulator.url, limited_to(1, settings, HTTP_COOLDOWN_SECONDS="60")).kept(clock)
    for _ in range(3):
        assert function(OTHER_CONTACT).line["outcome"] == "rejected"
    assert function(http_event()).line["outcome"] == "sent"
    assert function(http_event()).line["outcome"] == "duplicate"


def test_an_event_that_was_not_sent_gives_nothing_back_to_the_budget(
    emulator: Emulator, settings: dict[str, str], clock: Clock
) -> None:
    function = LocalFunction(emulator.url, limited_to(1, settings)).kept(clock)
    function({**REQUEST, "ContactId": "c-other"})
    assert codes(function, http_event(), 2) == [None, "DailyBudgetSpent"]


def test_what_may_have_been_sent_is_spent(emulator: Emulator, settings: dict[str, str], clock: Clock) -> None:
    function = LocalFunction(emulator.url, limited_to(1, settings)).kept(clock)
    inject(emulator, Kind="drop_after")
    assert codes(function, http_event(), 2) == ["UpstreamError", "DailyBudgetSpent"]


# What counts is what came over HTTP, however it wants to be answered.

BODY = json.dumps(REQUEST)
IN_BASE64: dict[str, Any] = {"body": base64.b64encode(BODY.encode()).decode(), "isBase64Encoded": True}
GATEWAY: dict[str, Any] = {
    "path": "/verifications",
    "httpMethod": "POST",
    "headers": {"Content-Type": "application/json"},
    "queryParameters": {},
    "pathParameters": {},
    "body": BODY,
    "isBase64Encoded": False,
}


def asynchronous(name: str = "X-Fc-Invocation-Type", value: str = "Async", **changed: Any) -> dict[str, Any]:
    return http_event(headers={"Content-Type": "application/json", name: value}, **changed)


def dead_letter_of(event: dict[str, Any]) -> dict[str, Any]:
    return {
        "requestContext": {"requestId": "1-1", "condition": "RetriesExhausted", "approximateInvokeCount": 3},
        "requestPayload": json.dumps(event),
        "responseContext": {"statusCode": 200, "functionError": "UnhandledInvocationError"},
    }


def in_a_queue(event: dict[str, Any]) -> dict[str, Any]:
    message = {"messageId": "A-1", "messageBody": json.dumps(event)}
    return {"specversion": "1.0", "type": "mns:Queue:SendMessage", "source": "acs:mns", "id": "1", "data": message}


OVER_HTTP = {
    "synchronous": http_event(),
    "asynchronous": asynchronous(),
    "asynchronous, in lower case": asynchronous("x-fc-invocation-type", "async"),
    "asynchronous, in upper case": asynchronous("X-FC-INVOCATION-TYPE", "ASYNC"),
    "asynchronous, in base64": asynchronous(**IN_BASE64),
    "through a gateway": GATEWAY,
    "through a gateway, in base64": {**GATEWAY, **IN_BASE64},
    "through a gateway, asynchronous": {**GATEWAY, "headers": {**GATEWAY["headers"], "x-fc-invocation-type": "Async"}},
    "a dead letter of an asynchronous one": dead_letter_of(asynchronous()),
    "a dead letter of a dead letter of one": dead_letter_of(dead_letter_of(asynchronous(**IN_BASE64))),
    "a dead letter of one in a queue": in_a_queue(dead_letter_of(asynchronous())),
}
EVENTS = {
    "direct": REQUEST,
    "of a queue": in_a_queue(REQUEST),
    "a dead letter of an event": dead_letter_of(REQUEST),
}


@pytest.mark.parametrize("event", OVER_HTTP.values(), ids=OVER_HTTP)
def test_every_request_over_http_counts_however_it_wants_to_be_answered(
    emulator: Emulator, clock: Clock, event: dict[str, Any]
) -> None:
    function = LocalFunction(emulator.url, limited_to(2, {})).kept(clock)
    assert codes(function, event, 4) == [None, None, "DailyBudgetSpent", "DailyBudgetSpent"]
    assert codes(function, http_event(), 1) == ["DailyBudgetSpent"]
    assert count(emulator) == 2


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
def test_no_event_counts(emulator: Emulator, clock: Clock, event: dict[str, Any]) -> None:
    function = LocalFunction(emulator.url, limited_to(1, {})).kept(clock)
    assert codes(function, event, 3) == [None] * 3
    assert codes(function, http_event(), 2) == [None, "DailyBudgetSpent"]


# Nothing counts twice.


def test_a_spend_that_the_store_makes_twice_counts_once(emulator: Emulator, proxy: StoreProxy, clock: Clock) -> None:
    function = LocalFunction(emulator.url, limited_to(2, store_settings(proxy))).kept(clock)
    proxy.rule(spending, run_twice, ALWAYS)
    assert codes(function, http_event(), 3) == [None, None, "DailyBudgetSpent"]


def test_a_spend_whose_reply_was_lost_is_made_again_and_counts_once(
    emulator: Emulator, proxy: StoreProxy, clock: Clock
) -> None:
    function = LocalFunction(emulator.url, limited_to(2, store_settings(proxy))).kept(clock)
    proxy.rule(spending, lose_reply)
    assert codes(function, http_event(), 3) == [None, None, "DailyBudgetSpent"]


def test_a_spend_that_arrives_late_as_well_counts_once(
    emulator: Emulator, proxy: StoreProxy, server: Any, clock: Clock
) -> None:
    function = LocalFunction(emulator.url, limited_to(2, store_settings(proxy))).kept(clock)
    held = Held()
    proxy.rule(spending, held)
    assert codes(function, http_event(), 1) == [None]
    held.arrive(server)
    assert codes(function, http_event(), 2) == [None, "DailyBudgetSpent"]


def test_lost_replies_burn_nothing_where_the_store_can_be_reached(
    emulator: Emulator, proxy: StoreProxy, clock: Clock
) -> None:
    function = LocalFunction(emulator.url, limited_to(1, store_settings(proxy))).kept(clock)
    proxy.rule(spending, lose_reply, ALWAYS)
    assert codes(function, http_event(), 25) == ["CooldownStoreUnavailable"] * 25
    proxy.clear()
    assert codes(function, http_event(), 2) == [None, "DailyBudgetSpent"]


def test_twenty_five_lost_replies_burn_twenty_five_at_most(emulator: Emulator, proxy: StoreProxy, clock: Clock) -> None:
    function = LocalFunction(emulator.url, limited_to(26, store_settings(proxy))).kept(clock)
    proxy.rule(spending, lose_reply, ALWAYS)
    proxy.rule(putting_back, lose_command, ALWAYS)
    assert codes(function, http_event(), 25) == ["CooldownStoreUnavailable"] * 25
    proxy.clear()
    assert codes(function, http_event(), 2) == [None, "DailyBudgetSpent"]


def test_what_cannot_be_spent_is_not_sent_and_claims_nothing(emulator: Emulator, server: Any, clock: Clock) -> None:
    limit = limited_to(1, store_settings(server), HTTP_COOLDOWN_SECONDS="60")
    function = LocalFunction(emulator.url, limit).kept(clock)
    with without_right(server, "sadd"):
        refused = function(http_event())
    assert (refused.body["Code"], refused.line["outcome"]) == ("CooldownStoreUnavailable", "failed")
    assert function(http_event()).line["outcome"] == "sent"


# No day pays for another, and no limit for an earlier one.


def test_what_was_refused_after_midnight_goes_back_to_the_day_that_it_was_taken_from(
    settings: dict[str, str], clock: Clock
) -> None:
    """Three requests just before midnight are refused by the API just after it."""
    midnight = AFTERNOON + SECONDS_TO_MIDNIGHT

    def answer(connection: socket.socket) -> None:
        is_refused = clock.time < midnight
        clock.time = midnight + 60
        connection.sendall(http_answer(REFUSAL, "403 Forbidden") if is_refused else http_answer(ACCEPTANCE))

    with raw_server(answer) as api:
        function = LocalFunction(api.url, limited_to(3, settings)).kept(clock)
        for _ in range(3):
            clock.time = midnight - 30
            assert codes(function, http_event(), 1) == ["FunctionMisconfigured"]
        assert codes(function, http_event(), 4) == [None, None, None, "DailyBudgetSpent"]


def test_a_raised_limit_counts_what_was_spent_before(emulator: Emulator, proxy: StoreProxy, clock: Clock) -> None:
    settings = store_settings(proxy)
    of_one = LocalFunction(emulator.url, limited_to(1, settings)).kept(clock)
    assert codes(of_one, http_event(), 4) == [None, *["DailyBudgetSpent"] * 3]
    of_two = LocalFunction(emulator.url, limited_to(2, settings)).kept(clock)
    assert codes(of_two, http_event(), 3) == [None, "DailyBudgetSpent", "DailyBudgetSpent"]
    assert codes(of_one, http_event(), 1) == ["DailyBudgetSpent"]
