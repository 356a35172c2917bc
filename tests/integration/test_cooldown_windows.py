"""When a window begins and ends: for claims that nobody settled, by whose clock, and when the store loses data."""

import json
import socket
from typing import Any

import pytest
import requests
from redis import Redis

import resend_pending_verifications
from fcapi.errors import EventFailed
from local.emulator.server import Emulator
from tests.handlers import REQUEST, Clock, Invoked, LocalFunction, http_event
from tests.integration.interventions import when_signing
from tests.integration.raw_server import http_answer, raw_server
from tests.store_proxy import StoreProxy, claiming, then
from tests.stores import store_settings

DAY = 24 * 60 * 60
NO_BUDGET = {"HTTP_SENDS_PER_DAY": "0"}
"""Then a store holds records alone."""


def count(emulator: Emulator) -> int:
    return len(emulator.directory.messages())


def inject(emulator: Emulator, **fault: Any) -> None:
    requests.post(f"{emulator.url}/_emulator/faults", json=fault, timeout=5).raise_for_status()


def told(invoked: Invoked) -> tuple[int, str]:
    return invoked.result["statusCode"], invoked.body["Code"]


def seconds_to_wait(invoked: Invoked) -> int:
    return int(invoked.result["headers"]["Retry-After"])


def loses_its_store(proxy: StoreProxy) -> None:
    proxy.away = True


def leave_a_claim(proxy: StoreProxy, instance: LocalFunction, **invoked: Any) -> None:
    """Have an instance claim, text, and lose its store before it could record that, as if its process were killed."""
    proxy.rule(claiming, then(lambda: loses_its_store(proxy)))
    instance(REQUEST, **invoked)
    proxy.away = False


# A claim is dated to the last moment at which its holder can still text.


def test_a_text_just_before_its_process_ended_blocks_a_whole_window_from_the_end(
    emulator: Emulator, proxy: StoreProxy, clock: Clock
) -> None:
    """All settings at their defaults: throttled for 44 s, texted at 44.1 s, never recorded, and a POST at 61 s."""
    began = clock.time
    settings = store_settings(proxy)
    inject(emulator, Kind="throttle", RetryAfterMs=44_000)
    nonce = when_signing(lambda: loses_its_store(proxy), request=2)
    event = LocalFunction(emulator.url, settings).kept(clock, nonce=nonce, uniform=lambda *_: 0.1)(REQUEST)
    assert (event.line["outcome"], event.line["level"], event.line["attempts"]) == ("sent", "WARNING", 2)
    assert clock.time == pytest.approx(began + 44.1)
    proxy.away = False

    another = LocalFunction(emulator.url, settings).kept(clock)
    for seconds in (61, 119):
        clock.time = began + seconds
        assert told(another(http_event())) == (409, "RequestInProgress")
    assert count(emulator) == 1
    clock.time = began + 121
    assert another(http_event()).line["outcome"] == "sent"


@pytest.mark.parametrize("window", [0, 2])
def test_a_live_claim_blocks_whatever_the_window(window: int, settings: dict[str, str], clock: Clock) -> None:
    """The API takes 6 seconds; another POST comes after 3."""
    during: list[Invoked] = []
    functions: list[LocalFunction] = []

    def answer(connection: socket.socket) -> None:
        clock.time += 3
        if not during:
            during.append(functions[0](http_event()))
        clock.time += 3
        connection.sendall(http_answer(b'{"RequestId": "CD76D376-2517-4924-92C5-DBC52262F93A"}'))

    with raw_server(answer) as server:
        windows = {**settings, "HTTP_COOLDOWN_SECONDS": str(window)}
        function = LocalFunction(server.url, windows).kept(clock)
        functions.append(function)
        assert function(http_event()).line["outcome"] == "sent"
        assert told(during[0]) == (409, "RequestInProgress")
        assert seconds_to_wait(during[0]) == max(window, 1)
        assert len(server.received) == 1
        clock.time += window + 0.01
        assert function(http_event()).line["outcome"] == "sent"


def test_a_claim_that_nobody_settled_ends_a_window_after_the_time_limit_of_its_function(
    emulator: Emulator, proxy: StoreProxy, clock: Clock
) -> None:
    settings = store_settings(proxy)
    began = clock.time
    leave_a_claim(proxy, LocalFunction(emulator.url, settings).kept(clock), timeout=600)
    later = LocalFunction(emulator.url, settings).kept(clock)
    clock.time = began + 659
    assert told(later(http_event())) == (409, "RequestInProgress")
    clock.time = began + 661
    assert later(http_event()).line["outcome"] == "sent"


@pytest.mark.parametrize("seconds", [0, 30, 59])
def test_no_caller_is_told_to_wait_longer_than_the_window(
    emulator: Emulator, proxy: StoreProxy, clock: Clock, seconds: int
) -> None:
    settings = store_settings(proxy)
    leave_a_claim(proxy, LocalFunction(emulator.url, settings).kept(clock))
    clock.time += seconds
    blocked = LocalFunction(emulator.url, settings).kept(clock)(http_event())
    assert told(blocked) == (409, "RequestInProgress")
    assert seconds_to_wait(blocked) == 60


def test_a_claim_that_nobody_settled_counts_as_a_text(emulator: Emulator, proxy: StoreProxy, clock: Clock) -> None:
    settings = {**store_settings(proxy), "MAX_TEXTS_PER_NUMBER": "1", "SWEEP_CHANNELS": "phone"}
    leave_a_claim(proxy, LocalFunction(emulator.url, settings).kept(clock))
    sweep = LocalFunction(emulator.url, settings, module=resend_pending_verifications).kept(clock)
    tick = {"triggerTime": "2026-11-23T06:00:00Z", "triggerName": "daily", "payload": ""}
    clock.time += 2 * DAY
    swept = sweep(tick)
    assert (swept.line["given_up"], swept.result["Sent"], swept.result["Skipped"]) == (1, 0, 1)
    clock.time += 29 * DAY
    assert sweep(tick).result["Sent"] == 1


# The time is the store's.


@pytest.mark.parametrize("hours", [-1, 1])
def test_instances_whose_clocks_are_an_hour_apart_share_a_window(
    emulator: Emulator, server: Any, admin: Redis, hours: int
) -> None:
    settings = {**store_settings(server), **NO_BUDGET}
    ahead = Clock()
    ahead.time += hours * 3600
    first = LocalFunction(emulator.url, settings).kept(ahead)(http_event())
    for function in (LocalFunction(emulator.url, settings).kept(Clock()), LocalFunction(emulator.url, settings)):
        again = function(http_event())
        assert again.body == first.body
        assert seconds_to_wait(again) in (59, 60)
    (name,) = admin.keys()
    seconds, _ = admin.time()
    assert json.loads(admin.get(name) or b"")[2] == pytest.approx(int(seconds), abs=10)


def test_in_memory_a_clock_that_is_set_back_makes_no_window_longer(emulator: Emulator) -> None:
    clock, monotonic = Clock(), Clock(time=0)
    function = LocalFunction(emulator.url).kept(now=clock.now, monotonic=monotonic.monotonic)
    assert function(http_event()).line["outcome"] == "sent"
    clock.time -= 600
    monotonic.time += 59
    assert seconds_to_wait(function(http_event())) == 1
    monotonic.time += 2
    assert function(http_event()).line["outcome"] == "sent"


# The store loses data while a number is claimed.


def test_a_text_is_put_on_record_though_the_store_was_emptied(
    emulator: Emulator, server: Any, admin: Redis, clock: Clock
) -> None:
    settings = store_settings(server)
    first = LocalFunction(emulator.url, settings).kept(clock, nonce=when_signing(admin.flushall))(http_event())
    assert (first.line["outcome"], first.line["level"]) == ("sent", "INFO")
    assert LocalFunction(emulator.url, settings)(http_event()).body == first.body
    assert count(emulator) == 1


def test_an_unknown_outcome_is_put_on_record_though_the_store_was_emptied(
    emulator: Emulator, server: Any, admin: Redis, clock: Clock
) -> None:
    settings = store_settings(server)
    inject(emulator, Kind="drop_after")
    LocalFunction(emulator.url, settings).kept(clock, nonce=when_signing(admin.flushall))(http_event())
    assert told(LocalFunction(emulator.url, settings)(http_event())) == (409, "OutcomeUnknown")


def test_a_text_is_put_on_record_though_the_store_lost_its_last_writes(
    emulator: Emulator, proxy: StoreProxy, admin: Redis, clock: Clock
) -> None:
    """A failover to a replica that had not yet heard of the claim: the record before it is there again."""
    settings = {**store_settings(proxy), **NO_BUDGET}
    LocalFunction(emulator.url, settings).kept(clock)(http_event())
    clock.time += 61
    (name,) = admin.keys()
    before = admin.get(name) or b""

    def fail_over() -> None:
        admin.set(name, before)

    second = LocalFunction(emulator.url, settings).kept(clock, nonce=when_signing(fail_over))(http_event())
    assert (second.line["outcome"], second.line["level"]) == ("sent", "INFO")
    assert LocalFunction(emulator.url, settings).kept(clock)(http_event()).body == second.body
    assert len(json.loads(admin.get(name) or b"")[4]) == 2
    assert count(emulator) == 2


def test_one_more_text_at_most_if_the_store_is_emptied_and_another_claims_and_a_warning_of_it(
    emulator: Emulator, server: Any, admin: Redis, clock: Clock
) -> None:
    settings = store_settings(server)
    others: list[Invoked] = []

    def lose_all_and_let_another_text() -> None:
        admin.flushall()
        others.append(LocalFunction(emulator.url, settings)(http_event()))

    first = LocalFunction(emulator.url, settings).kept(clock, nonce=when_signing(lose_all_and_let_another_text))
    invoked = first(http_event())
    assert others[0].line["outcome"] == "sent"
    assert (invoked.line["outcome"], invoked.line["level"]) == ("sent", "WARNING")
    assert "another claim" in invoked.line["warning"]
    assert invoked.result["statusCode"] == 200
    for function in (first, LocalFunction(emulator.url, settings)):
        assert function(http_event()).body == others[0].body
    assert count(emulator) == 2


def test_what_surely_was_not_sent_leaves_anothers_claim_alone(
    emulator: Emulator, server: Any, admin: Redis, clock: Clock
) -> None:
    settings = store_settings(server)
    others: list[Invoked] = []

    def lose_all_and_let_another_text() -> None:
        admin.flushall()
        others.append(LocalFunction(emulator.url, settings)(http_event()))
        inject(emulator, Kind="error", Status=403, Code="NoPermission", Message="x")

    first = LocalFunction(emulator.url, settings).kept(clock, nonce=when_signing(lose_all_and_let_another_text))
    assert told(first(http_event())) == (500, "FunctionMisconfigured")
    assert first(http_event()).body == others[0].body
    assert count(emulator) == 1


# Records of versions next to this one, as stores hold them while an upgrade is under way.

TOKEN = "4f0c5e1d2b3a49588776655443322110"
REQUEST_ID = "CD76D376-2517-4924-92C5-DBC52262F93A"


def put(admin: Redis, record: str, now: float) -> None:
    """Put a record in the place of the only one, with the times that it names as seconds before `now`."""
    (name,) = admin.keys()
    state, token, at, request_id, texts = json.loads(record)
    admin.set(name, json.dumps([state, token, now + at, request_id, [now + text for text in texts]]))


@pytest.mark.parametrize(
    ("record", "http", "event"),
    [
        (f'["sent", "{TOKEN}", -30, "{REQUEST_ID}", [-30]]', "duplicate", "duplicate"),
        (f'["sent", "{TOKEN}", -90.5, "{REQUEST_ID}", [-90.5]]', "sent", "duplicate"),
        (f'["unknown", "{TOKEN}", -30, null, [-5000, -30]]', "unknown", "unknown"),
        (f'["claimed", "{TOKEN}", -30, null, []]', "in_progress", "in_progress"),
        (f'["claimed", "{TOKEN}", -90, null, [-5000]]', "sent", "in_progress"),
        (f'["claimed", "{TOKEN}", -4000, null, []]', "sent", "sent"),
    ],
)
def test_a_record_of_version_0_1_is_read(
    emulator: Emulator, server: Any, admin: Redis, record: str, http: str, event: str
) -> None:
    """In its claims, the time is when they were made."""
    function = LocalFunction(emulator.url, {**store_settings(server), **NO_BUDGET}).kept()
    function(http_event())
    for each, outcome in ((http_event(), http), (REQUEST, event)):
        put(admin, record, float(admin.time()[0]))
        assert function(each).lines[0]["outcome"] == outcome


def test_the_records_are_such_as_version_0_1_reads(
    emulator: Emulator, proxy: StoreProxy, admin: Redis, clock: Clock
) -> None:
    """A list of five: state, token, time, RequestId, and the times of the texts, its own included once it was sent."""
    settings = {**store_settings(proxy), **NO_BUDGET}
    seen: list[Any] = []

    def look() -> None:
        seen.append(json.loads(admin.get(admin.keys()[0]) or b""))

    function = LocalFunction(emulator.url, settings)
    first = function.kept(clock, nonce=when_signing(look))(http_event())
    look()
    clock.time += 61
    inject(emulator, Kind="drop_after")
    function.kept(clock)(http_event())
    look()
    claimed, sent, unknown = seen
    assert [state for state, *_ in seen] == ["claimed", "sent", "unknown"]
    assert all(isinstance(token, str) and isinstance(at, float) for _, token, at, _, _ in seen)
    assert [claimed[3], sent[3], unknown[3]] == [None, first.body["RequestId"], None]
    assert [claimed[4], sent[4], unknown[4]] == [[], [sent[2]], [sent[2], unknown[2]]]
    assert claimed[1] == sent[1] != unknown[1]


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"[]",
        b"{}",
        b'["sent"]',
        b"\xff",
        b'["sent", "t", "soon", null, []]',
        b'["held", "t", 9e9, null, []]',
        b'["sent", 1, 9e9, null, []]',
        b'["sent", "t", 9e9, {"RequestId": 1}, []]',
        b'["sent", "t", Infinity, null, []]',
        b'["sent", "t", NaN, null, []]',
        b'["sent", "t", 9e9, null, [-Infinity]]',
        b'["sent", "t", ' + b"9" * 400 + b", null, []]",
        b"[" * 5000,
    ],
)
def test_a_record_that_cannot_be_read_is_none(emulator: Emulator, server: Any, admin: Redis, broken: bytes) -> None:
    function = LocalFunction(emulator.url, {**store_settings(server), **NO_BUDGET})
    function(http_event())
    (name,) = admin.keys()
    admin.set(name, broken)
    assert function(http_event()).line["outcome"] == "sent"
    assert function(http_event()).line["outcome"] == "duplicate"


def test_an_event_that_met_a_claim_fails_and_is_done_by_a_retry_after_it(
    emulator: Emulator, proxy: StoreProxy, clock: Clock
) -> None:
    settings = store_settings(proxy)
    function = LocalFunction(emulator.url, settings).kept(clock)
    leave_a_claim(proxy, function)
    clock.time += 3600
    assert isinstance(function(REQUEST).error, EventFailed)
    clock.time += 61
    assert function(REQUEST).line["outcome"] == "sent"
