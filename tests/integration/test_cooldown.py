"""No number is texted twice within a window: in memory, and across instances that share a real Valkey server."""

import json
import os
import re
import signal
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests
from redis import Redis

from fcapi.errors import EventFailed
from local.emulator.server import Emulator
from tests.handlers import CONTACT_ID, REQUEST, Clock, LocalFunction, http_event
from tests.integration.raw_server import raw_server
from tests.interpreters import untraced
from tests.stores import HASH_KEY, kill, store_settings, valkey

ROOT = Path(__file__).parents[2]


def count(emulator: Emulator) -> int:
    return len(emulator.directory.messages())


def inject(emulator: Emulator, **fault: Any) -> None:
    requests.post(f"{emulator.url}/_emulator/faults", json=fault, timeout=5).raise_for_status()


def test_a_second_request_within_the_window_gets_the_first_ones_request_id(
    emulator: Emulator, settings: dict[str, str], clock: Clock
) -> None:
    function = LocalFunction(emulator.url, settings).kept(clock)
    first = function(http_event())
    clock.time += 20
    again = function(http_event())
    assert again.result["statusCode"] == 200
    assert again.body == first.body
    assert again.result["headers"]["Idempotency-Replayed"] == "true"
    assert int(again.result["headers"]["Retry-After"]) in (39, 40)
    assert "Idempotency-Replayed" not in first.result["headers"]
    assert (again.line["outcome"], again.line["attempts"], again.line["level"]) == ("duplicate", 0, "INFO")
    assert again.line["api_request_id"] == first.line["api_request_id"]
    assert count(emulator) == 1


def test_after_the_window_a_number_is_texted_again(emulator: Emulator, settings: dict[str, str], clock: Clock) -> None:
    function = LocalFunction(emulator.url, settings).kept(clock)
    function(http_event())
    clock.time += 61
    assert function(http_event()).line["outcome"] == "sent"
    assert count(emulator) == 2


def test_the_longest_window_is_30_days(emulator: Emulator, settings: dict[str, str], clock: Clock) -> None:
    days = 24 * 60 * 60
    function = LocalFunction(emulator.url, {**settings, "HTTP_COOLDOWN_SECONDS": str(30 * days)}).kept(clock)
    outcomes = [function(http_event()).line["outcome"]]
    for elapsed in (29.5 * days, 0.6 * days):
        clock.time += elapsed
        outcomes.append(function(http_event()).line["outcome"])
    assert outcomes == ["sent", "duplicate", "sent"]


def test_a_record_has_the_same_name_in_every_version(emulator: Emulator, server: Any, admin: Redis) -> None:
    """After an upgrade, the records of the version before still count: key, account, contact and number name them."""
    assert LocalFunction(emulator.url, store_settings(server))(REQUEST).line["outcome"] == "sent"
    assert admin.keys() == [b"pv1:f2135bbd8f01da78e0a6b0001f6eafecc7ac89f3b50aba824857428d7b3843c0"]


def test_each_caller_applies_its_own_window_to_the_same_record(
    emulator: Emulator, settings: dict[str, str], clock: Clock
) -> None:
    function = LocalFunction(emulator.url, settings).kept(clock)
    assert function(http_event()).line["outcome"] == "sent"
    clock.time += 61
    event = function(REQUEST)
    assert event.result == {
        "Results": [{"Status": "duplicate", "ContactId": CONTACT_ID, "RequestId": event.line["api_request_id"]}]
    }
    assert function(http_event()).line["outcome"] == "sent"
    clock.time += 3601
    assert function(REQUEST).line["outcome"] == "sent"


def test_a_window_of_0_is_none(emulator: Emulator, settings: dict[str, str]) -> None:
    function = LocalFunction(emulator.url, {**settings, "HTTP_COOLDOWN_SECONDS": "0"}).kept()
    assert [function(http_event()).line["outcome"] for _ in range(2)] == ["sent", "sent"]


def test_another_contact_or_number_or_account_is_another_record(emulator: Emulator, settings: dict[str, str]) -> None:
    function = LocalFunction(emulator.url, settings).kept()
    function(http_event())
    for other in ({"ContactId": "c-other"}, {"PhoneNumber": "86-13900005678"}):
        assert function(http_event({**REQUEST, **other})).line["outcome"] == "rejected"


@pytest.mark.parametrize("kind", ["drop_after", "half_answer", "garbage", "no_request_id"])
def test_after_an_answer_was_lost_nothing_is_sent_within_the_window(
    emulator: Emulator, settings: dict[str, str], clock: Clock, kind: str
) -> None:
    function = LocalFunction(emulator.url, settings).kept(clock)
    inject(emulator, Kind=kind)
    assert function(http_event()).line["outcome"] == "unknown"
    clock.time += 10
    later = function(http_event())
    assert (later.result["statusCode"], later.body["Code"]) == (409, "OutcomeUnknown")
    assert int(later.result["headers"]["Retry-After"]) in (49, 50)
    assert (later.line["outcome"], later.line["attempts"]) == ("unknown", 0)
    assert isinstance(function(REQUEST).error, EventFailed)
    assert count(emulator) == 1
    clock.time += 51
    assert function(http_event()).line["outcome"] == "sent"


@pytest.mark.parametrize(
    "fault",
    [
        {"Kind": "error", "Status": 404, "Code": "EntityNotExists.Contact", "Message": "x"},
        {"Kind": "error", "Status": 403, "Code": "NoPermission", "Message": "x"},
        {"Kind": "error", "Status": 409, "Code": "SendValidateCodeExceedsLimitForAccount", "Message": "x"},
        {"Kind": "throttle", "Times": 3},
    ],
)
def test_what_surely_was_not_sent_stands_in_nobodys_way(
    emulator: Emulator, settings: dict[str, str], fault: dict[str, object]
) -> None:
    function = LocalFunction(emulator.url, settings).kept(Clock())
    inject(emulator, **fault)
    assert function(http_event()).line["outcome"] in ("rejected", "failed")
    assert function(http_event()).line["outcome"] == "sent"


def test_what_surely_was_not_sent_leaves_the_texts_before_it_on_record(
    emulator: Emulator, settings: dict[str, str], clock: Clock
) -> None:
    function = LocalFunction(emulator.url, settings).kept(clock)
    function(http_event())
    clock.time += 61
    inject(emulator, Kind="error", Status=404, Code="EntityNotExists.Contact", Message="x")
    function(http_event())
    assert function(REQUEST).line["outcome"] == "duplicate"


def test_a_bug_leaves_the_claim_so_that_nothing_is_sent_blind(emulator: Emulator, settings: dict[str, str]) -> None:
    calls = iter(range(100))

    def nonce() -> str:
        number = next(calls)
        if number == 1:  # after the token of the claim, the nonce of the signature
            raise ZeroDivisionError
        return f"{number:032}"

    function = LocalFunction(emulator.url, settings).kept(nonce=nonce)
    assert function(http_event()).result["statusCode"] == 500
    later = function(http_event())
    assert (later.result["statusCode"], later.body["Code"]) == (409, "RequestInProgress")
    assert (later.line["outcome"], later.line["level"]) == ("in_progress", "WARNING")
    assert int(later.result["headers"]["Retry-After"]) in (59, 60)
    assert isinstance(function(REQUEST).error, EventFailed)
    assert count(emulator) == 0


def test_a_bugs_trace_shows_no_part_of_the_stores_url(emulator: Emulator, server: Any) -> None:
    def nonce() -> str:
        raise RuntimeError("WRONGPASS for 'S3cret/#Pa55'")

    url = f"redis://:S3cret/#Pa55@127.0.0.1:{server.port}"
    settings = {"COOLDOWN_STORE_URL": url, "COOLDOWN_HASH_KEY": HASH_KEY}
    function = LocalFunction(emulator.url, settings, never_shown=("S3cret", "Pa55")).kept(nonce=nonce)
    assert function(http_event()).result["statusCode"] == 500


def test_many_threads_text_one_number_once(emulator: Emulator, settings: dict[str, str]) -> None:
    function = LocalFunction(emulator.url, settings).kept()
    with ThreadPoolExecutor(16) as threads:
        statuses = Counter(threads.map(lambda _: function.reply(http_event())["statusCode"], range(64)))
    assert count(emulator) == 1
    assert statuses[200] >= 1
    assert set(statuses) <= {200, 409}


def test_instances_that_share_a_store_share_what_they_know(emulator: Emulator, server: Any) -> None:
    with Redis(port=server.port) as admin:
        first = LocalFunction(emulator.url, store_settings(server))(http_event())
        assert LocalFunction(emulator.url, store_settings(server))(http_event()).body == first.body
        assert count(emulator) == 1
        names = list(admin.scan_iter())
        values = [admin.smembers(name) if admin.type(name) == b"set" else {admin.get(name) or b""} for name in names]
        kept = b"".join(set[bytes]().union(*values))
        assert all(re.fullmatch(b"pv1:[0-9a-f]{64}", name) for name in names)
        for shown in (b"13900001234", CONTACT_ID.encode(), b"1234567890123456"):
            assert shown not in kept
        assert all(0 < admin.ttl(name) <= 31 * 24 * 3600 for name in names)


def test_without_its_store_the_function_sends_nothing_and_says_so(emulator: Emulator) -> None:
    with raw_server(lambda _: None, reads=False) as nothing:
        settings = {"COOLDOWN_STORE_URL": f"redis://:pass-word@127.0.0.1:{nothing.port}", "COOLDOWN_HASH_KEY": HASH_KEY}
        function = LocalFunction(emulator.url, settings, never_shown=("13900001234", "pass-word", HASH_KEY)).kept()
        refused = function(http_event())
        assert (refused.result["statusCode"], refused.body["Code"]) == (503, "CooldownStoreUnavailable")
        assert refused.result["headers"]["Retry-After"] == "5"
        assert refused.line["outcome"] == "failed"
        assert refused.line["upstream_code"] in ("ConnectionError", "ConnectionResetError")
        assert isinstance(function(REQUEST).error, EventFailed)
    assert count(emulator) == 0


@pytest.mark.parametrize(
    ("password", "in_url"), [("S3cret#Pa55", "S3cret#Pa55"), ("12#@/:?[%é", "12#@/:?[%25%C3%A9"), ("a%41", "a%2541")]
)
def test_a_stores_password_may_have_any_character(
    emulator: Emulator, server: Any, admin: Redis, password: str, in_url: str
) -> None:
    admin.acl_setuser(
        "app#1", enabled=True, reset=True, categories=["+@all"], keys=["pv1:*"], passwords=[f"+{password}"]
    )
    url = f"redis://app#1:{in_url}@127.0.0.1:{server.port}/1"
    settings = {"COOLDOWN_STORE_URL": url, "COOLDOWN_HASH_KEY": HASH_KEY}
    hidden = ("13900001234", password, in_url)
    assert LocalFunction(emulator.url, settings, never_shown=hidden)(http_event()).line["outcome"] == "sent"
    with Redis(port=server.port, db=1) as named_in_url:
        assert named_in_url.dbsize() == 2  # the record, and the budget of the day
    settings["COOLDOWN_STORE_URL"] = url.replace(in_url, f"{in_url}x")
    refused = LocalFunction(emulator.url, settings, never_shown=hidden)(http_event({**REQUEST, "ContactId": "c-2"}))
    assert (refused.line["code"], refused.line["upstream_code"]) == ("CooldownStoreUnavailable", "AuthenticationError")


def test_a_store_that_is_killed_and_comes_back_is_used_again(emulator: Emulator) -> None:
    with valkey() as server:
        function = LocalFunction(emulator.url, store_settings(server)).kept()
        assert function(http_event()).line["outcome"] == "sent"
        port = server.port
        kill(server)
        assert function(http_event()).body["Code"] == "CooldownStoreUnavailable"
        with valkey(port):
            assert function(REQUEST).line["outcome"] == "sent"  # the server's memory is gone, and with it the record
            assert function(REQUEST).line["outcome"] == "duplicate"


def test_a_text_that_cannot_be_recorded_is_sent_all_the_same_with_a_warning(emulator: Emulator) -> None:
    with valkey() as server:
        made = 0

        def nonce_of_a_last_hour() -> str:
            nonlocal made
            made += 1
            if made == 2:  # the first is the claim's token, this one the signature's
                kill(server)
            return os.urandom(16).hex()

        invoked = LocalFunction(emulator.url, store_settings(server)).kept(nonce=nonce_of_a_last_hour)(http_event())
    assert invoked.result["statusCode"] == 200
    assert (invoked.line["outcome"], invoked.line["level"]) == ("sent", "WARNING")
    assert "did not take" in invoked.line["warning"]
    assert count(emulator) == 1


RACERS = """
import os, sys, cooldown.redis_store, send_phone_verification as function  # imported once, before the forks
from fcapi.testing import make_context

start, started = os.pipe()
racers = []
for _ in range(int(sys.argv[1])):
    racers.append(os.fork())
    if racers[-1] == 0:
        os.close(started)
        function.initialize(make_context())
        os.read(start, 1)  # returns when the parent closes the other end
        function.handler(sys.argv[2].encode(), make_context())
        os._exit(0)
os.close(started)
for racer in racers:
    os.waitpid(racer, 0)
"""


def race(url: str, settings: dict[str, str], processes: int) -> "subprocess.Popen[str]":
    """Start processes that all invoke the function at once."""
    environ = {
        **untraced(os.environ),
        **settings,
        "PYTHONPATH": str(ROOT / "functions"),
        "RESOURCE_DIRECTORY_ENDPOINT": url,
        "ALIBABA_CLOUD_ACCESS_KEY_ID": "LTAIlocal",
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "local-secret",
    }
    command = [sys.executable, "-c", RACERS, str(processes), json.dumps(http_event())]
    return subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True, start_new_session=True)


def test_fifty_processes_race_for_one_number_and_it_is_texted_once(emulator: Emulator, server: Any) -> None:
    with race(emulator.url, store_settings(server), 50) as racers:
        lines, _ = racers.communicate()
    outcomes = Counter(json.loads(line)["outcome"] for line in lines.splitlines())
    assert outcomes["sent"] == 1
    assert set(outcomes) <= {"sent", "in_progress", "duplicate", "failed"}  # a busy store is one that does not answer
    assert sum(outcomes.values()) == 50
    assert count(emulator) == 1


def test_a_process_killed_between_sending_and_recording_leaves_its_claim(emulator: Emulator, server: Any) -> None:
    inject(emulator, Kind="delay", Seconds=30)
    with race(emulator.url, store_settings(server), 1) as killed:
        while requests.get(f"{emulator.url}/_emulator/faults", timeout=5).json()["Faults"]:
            pass  # until the API has taken the request
        os.killpg(killed.pid, signal.SIGKILL)
    later = LocalFunction(emulator.url, store_settings(server))(http_event())
    assert (later.result["statusCode"], later.body["Code"]) == (409, "RequestInProgress")
    assert isinstance(LocalFunction(emulator.url, store_settings(server))(REQUEST).error, EventFailed)
    assert count(emulator) <= 1
