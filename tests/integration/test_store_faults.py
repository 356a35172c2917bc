"""What a store does wrong: replies that are lost, late, wrong or without end, and servers that have changed."""

import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import requests
from redis import Redis

import resend_pending_verifications
from local.emulator.contacts import Details
from local.emulator.server import Emulator
from tests.handlers import PHONE_NUMBER, REQUEST, Clock, Invoked, LocalFunction, http_event
from tests.integration.interventions import when_signing
from tests.integration.raw_server import raw_server
from tests.store_proxy import (
    ALWAYS,
    Exchange,
    Fault,
    Held,
    LateCopies,
    Matcher,
    StoreProxy,
    add,
    changing,
    claiming,
    come_too_late,
    echoing,
    first,
    keep_silent,
    lose_command,
    lose_reply,
    reading,
    recording,
    run_twice,
    say,
    spending,
    store_proxy,
)
from tests.stores import HASH_KEY, store_settings, valkey, without_right

NO_BUDGET = {"HTTP_SENDS_PER_DAY": "0"}
UNKNOWN_CONTACT = http_event({"ContactId": "c-other", "PhoneNumber": PHONE_NUMBER})
TICK = {"triggerTime": "2026-11-23T06:00:00Z", "triggerName": "daily", "payload": ""}


def count(emulator: Emulator) -> int:
    return len(emulator.directory.messages())


def told(invoked: Invoked) -> tuple[int, str]:
    return invoked.result["statusCode"], invoked.body["Code"]


UNAVAILABLE = (503, "CooldownStoreUnavailable")


@contextmanager
def refusing_api(emulator: Emulator) -> Iterator[None]:
    """Have the API refuse every request."""
    url = f"{emulator.url}/_emulator/faults"
    fault: dict[str, Any] = {"Kind": "error", "Status": 403, "Code": "NoPermission", "Message": "no", "Times": 1000}
    requests.post(url, json=fault, timeout=5).raise_for_status()
    yield
    requests.delete(url, timeout=5).raise_for_status()


# Commands and replies that a network loses, doubles or delays.


@pytest.mark.parametrize("fault", [lose_command, lose_reply, run_twice], ids=lambda fault: fault.__name__)
@pytest.mark.parametrize("matches", [reading, claiming, spending, recording], ids=lambda matches: matches.__name__)
def test_a_command_or_a_reply_that_is_lost_or_doubled_changes_nothing(
    emulator: Emulator, proxy: StoreProxy, matches: Matcher, fault: Fault
) -> None:
    function = LocalFunction(emulator.url, store_settings(proxy)).kept()
    function(UNKNOWN_CONTACT)  # from now on, it has a connection
    proxy.rule(matches, fault)
    first_one = function(http_event())
    assert (first_one.line["outcome"], first_one.line["level"]) == ("sent", "INFO")
    assert LocalFunction(emulator.url, store_settings(proxy))(http_event()).body == first_one.body
    assert count(emulator) == 1


def test_a_claim_whose_reply_was_lost_keeps_the_record_before_it(
    emulator: Emulator, proxy: StoreProxy, admin: Redis, clock: Clock
) -> None:
    settings = {**store_settings(proxy), **NO_BUDGET}
    function = LocalFunction(emulator.url, settings).kept(clock)
    texted = [function(http_event()).body]
    clock.time += 61
    texted.append(function(http_event()).body)
    (name,) = admin.keys()
    before = json.loads(admin.get(name) or b"")
    clock.time += 61
    with refusing_api(emulator):
        proxy.rule(claiming, lose_reply)
        assert told(function(http_event())) == (500, "FunctionMisconfigured")
    assert json.loads(admin.get(name) or b"") == before
    assert len(before[4]) == 2
    assert function(REQUEST).result["Results"][0] == {
        "Status": "duplicate",
        "ContactId": REQUEST["ContactId"],
        **texted[1],
    }


@pytest.mark.parametrize("texts_before", [0, 1])
def test_a_claim_that_no_reply_came_for_is_given_back(
    emulator: Emulator, proxy: StoreProxy, admin: Redis, clock: Clock, texts_before: int
) -> None:
    settings = {**store_settings(proxy), **NO_BUDGET}
    function = LocalFunction(emulator.url, settings).kept(clock)
    for _ in range(texts_before):
        function(http_event())
        clock.time += 61
    before = {name: admin.get(name) for name in admin.scan_iter()}
    proxy.rule(claiming, lose_reply, 2)
    assert told(function(http_event())) == UNAVAILABLE
    assert {name: admin.get(name) for name in admin.scan_iter()} == before
    assert LocalFunction(emulator.url, settings).kept(clock)(http_event()).line["outcome"] == "sent"


def test_a_claim_that_arrives_late_blocks_no_longer_than_its_window_and_the_time_limit(
    emulator: Emulator, proxy: StoreProxy, server: Any, clock: Clock
) -> None:
    """The function has long answered when the store runs the command: nothing can give that claim back."""
    function = LocalFunction(emulator.url, {**store_settings(proxy), **NO_BUDGET}).kept(clock)
    held = Held()

    def hold_and_go_away(exchange: Exchange) -> None:
        proxy.away = True
        held(exchange)

    proxy.rule(claiming, hold_and_go_away)
    assert told(function(http_event())) == UNAVAILABLE
    proxy.away = False
    held.arrive(server)
    assert told(function(http_event())) == (409, "RequestInProgress")
    clock.time += 121
    assert function(http_event()).line["outcome"] == "sent"


def test_a_text_whose_record_is_lost_stays_claimed_with_a_warning(
    emulator: Emulator, proxy: StoreProxy, clock: Clock
) -> None:
    function = LocalFunction(emulator.url, store_settings(proxy)).kept(clock)
    proxy.rule(recording, lose_command, ALWAYS)
    sent = function(http_event())
    assert (sent.line["outcome"], sent.line["level"]) == ("sent", "WARNING")
    kept = "the number stays claimed until the window ends"
    assert sent.line["warning"] == f"The cooldown store did not take the outcome: {kept}."
    proxy.clear()
    assert told(function(http_event())) == (409, "RequestInProgress")
    assert count(emulator) == 1


# Records that others change all the time.


def test_a_claim_that_always_comes_too_late_is_given_up(emulator: Emulator, proxy: StoreProxy) -> None:
    proxy.rule(claiming, come_too_late, ALWAYS)
    invoked = LocalFunction(emulator.url, store_settings(proxy))(http_event())
    assert told(invoked) == UNAVAILABLE
    assert invoked.line["upstream_code"] == "RecordKeepsChanging"
    assert count(emulator) == 0


def test_a_text_whose_record_always_comes_too_late_stays_claimed_with_a_warning(
    emulator: Emulator, proxy: StoreProxy
) -> None:
    proxy.rule(recording, come_too_late, ALWAYS)
    invoked = LocalFunction(emulator.url, store_settings(proxy))(http_event())
    assert (invoked.line["outcome"], invoked.line["level"]) == ("sent", "WARNING")
    assert "did not take the outcome" in invoked.line["warning"]
    assert told(LocalFunction(emulator.url, store_settings(proxy))(http_event())) == (409, "RequestInProgress")
    assert count(emulator) == 1


# Replies that are none.

ODD_REPLIES = {
    "a malformed integer": b":one\r\n",
    "an integer of 5,000 digits": b":" + b"9" * 5000 + b"\r\n",
    "an integer": b":7\r\n",
    "a status": b"+OK\r\n",
    "a text": b"$2\r\n17\r\n",
    "nothing": b"$-1\r\n",
    "no list": b"*-1\r\n",
    "an empty list": b"*0\r\n",
    "a list of nothing": b"*2\r\n$-1\r\n$-1\r\n",
    "a list of texts": b"*2\r\n$3\r\none\r\n$3\r\ntwo\r\n",
    "a list of integers": b"*2\r\n:1\r\n:1\r\n",
    "a time too large": b"*2\r\n$400\r\n" + b"9" * 400 + b"\r\n$1\r\n0\r\n",
    "a time below zero": b"*2\r\n$3\r\n-17\r\n$1\r\n0\r\n",
    "a time of three": b"*3\r\n$2\r\n17\r\n$1\r\n0\r\n$1\r\n0\r\n",
    "5,000 lists in each other": b"*1\r\n" * 5000,
    "a length of 30 digits": b"$" + b"9" * 30 + b"\r\n",
    "a length below zero": b"$-5\r\n",
    "no type": b"what?\r\n",
    "an error": b"-ERR something\r\n",
    "an error without a name": b"-\r\n",
    "a redirection that names no node": b"-MOVED\r\n",
    "another protocol": b"HTTP/1.1 400 Bad Request\r\n\r\n",
    "two megabytes": b"$2000000\r\n" + b"x" * 2_000_000 + b"\r\n",
}


ODD_REPLIES_TO_SCRIPTS = (
    *("a malformed integer", "an integer", "nothing", "a list of integers", "5,000 lists in each other"),
    *("a length of 30 digits", "no type", "an error"),
)


@pytest.mark.parametrize(
    ("matches", "raw"),
    [
        *(pytest.param(reading, raw, id=f"{name} for a time") for name, raw in ODD_REPLIES.items()),
        *(pytest.param(claiming, ODD_REPLIES[name], id=f"{name} for a claim") for name in ODD_REPLIES_TO_SCRIPTS),
        pytest.param(echoing, b"$1\r\n7\r\n", id="another number for an echo"),
        *(pytest.param(spending, ODD_REPLIES[name], id=f"{name} for a spend") for name in ODD_REPLIES_TO_SCRIPTS),
    ],
)
def test_a_reply_that_is_none_means_that_the_store_is_unavailable(
    emulator: Emulator, proxy: StoreProxy, matches: Matcher, raw: bytes
) -> None:
    """Nothing is sent, and the next request on the same instance gets its own replies."""

    def reply(exchange: Exchange) -> None:
        exchange.reply(raw)
        if raw == ODD_REPLIES["a length below zero"]:
            exchange.hang_up()  # what waits for more gets no more

    function = LocalFunction(emulator.url, store_settings(proxy)).kept()
    proxy.rule(matches, reply, ALWAYS)
    refused = function(http_event())
    assert told(refused) == UNAVAILABLE
    assert (refused.line["outcome"], refused.line["level"]) == ("failed", "ERROR")
    assert refused.line.get("upstream_code")
    assert count(emulator) == 0
    proxy.clear()
    assert function(http_event()).line["outcome"] == "sent"
    assert count(emulator) == 1


@pytest.mark.parametrize("raw", [b":1\r\n", b"*2\r\n:1\r\n$1\r\n0\r\n", b"-ERR late\r\n"])
@pytest.mark.parametrize("matches", [reading, changing], ids=lambda matches: matches.__name__)
def test_a_reply_behind_another_answers_no_later_command(
    emulator: Emulator, proxy: StoreProxy, matches: Matcher, raw: bytes
) -> None:
    function = LocalFunction(emulator.url, store_settings(proxy)).kept()
    proxy.rule(matches, add(raw), ALWAYS)
    assert told(function(http_event())) == UNAVAILABLE
    proxy.clear()
    assert function(http_event()).line["outcome"] == "sent"
    assert LocalFunction(emulator.url, store_settings(proxy))(http_event()).line["outcome"] == "duplicate"
    assert count(emulator) == 1


@pytest.mark.parametrize("copies", [1, 2])
def test_a_copy_of_a_read_that_comes_late_answers_no_later_read(
    emulator: Emulator, proxy: StoreProxy, copies: int
) -> None:
    """A number of which nothing is known would else have the record of the one before it."""
    function = LocalFunction(emulator.url, store_settings(proxy)).kept()
    assert function(http_event()).line["outcome"] == "sent"
    late = LateCopies(copies)
    proxy.rule(lambda _: True, late, ALWAYS)
    assert function(http_event()).line["outcome"] == "duplicate"
    proxy.clear()
    late.arrive()
    details = Details("Another", "another@example.com", "86-13900005678", "Other", ("FaultMessage",))
    contact = emulator.directory.add(details)
    request = {"ContactId": contact.contact_id, "PhoneNumber": "86-13900005678"}
    assert function(http_event(request)).line["outcome"] == "sent"
    assert count(emulator) == 2


@pytest.mark.parametrize("number", [0, 1])
def test_a_left_over_reply_that_says_yes_grants_no_claim(
    emulator: Emulator, proxy: StoreProxy, server: Any, number: int
) -> None:
    """Another instance claims first, and a second reply to a script before says that this one did."""
    others: list[Invoked] = []

    def say_yes_though_another_claims(exchange: Exchange) -> None:
        others.append(LocalFunction(emulator.url, store_settings(server))(http_event()))
        exchange.reply(b"*2\r\n:1\r\n$1\r\n%d\r\n" % number)  # and the real reply would come later

    function = LocalFunction(emulator.url, {**store_settings(proxy), **NO_BUDGET}).kept()
    function(UNKNOWN_CONTACT)  # whose claim and release were the scripts before
    proxy.rule(claiming, say_yes_though_another_claims)
    assert function(http_event()).body == others[0].body
    assert count(emulator) == 1


# A kept connection to a store that has changed.

CHANGED = {
    "READONLY": b"-READONLY You can't write against a read only replica.\r\n",
    "READONLY, in a script of Redis 6": b"-ERR Error running script (call to f_0): @user_script:5: -READONLY You\r\n",
    "LOADING": b"-LOADING Redis is loading the dataset in memory\r\n",
    "MASTERDOWN": b"-MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.\r\n",
    "CLUSTERDOWN": b"-CLUSTERDOWN Hash slot not served\r\n",
    "NOAUTH": b"-NOAUTH Authentication required.\r\n",
}


@pytest.mark.parametrize("raw", CHANGED.values(), ids=CHANGED)
@pytest.mark.parametrize("matches", [reading, claiming], ids=lambda matches: matches.__name__)
def test_a_kept_connection_to_a_store_that_has_changed_is_made_anew_once(
    emulator: Emulator, proxy: StoreProxy, matches: Matcher, raw: bytes
) -> None:
    function = LocalFunction(emulator.url, store_settings(proxy)).kept()
    function(UNKNOWN_CONTACT)
    assert proxy.connections == 1
    proxy.rule(matches, say(raw))
    assert function(http_event()).line["outcome"] == "sent"
    assert proxy.connections == 2
    proxy.rule(matches, say(raw), ALWAYS)
    assert told(function(UNKNOWN_CONTACT)) == UNAVAILABLE
    assert proxy.connections <= 4  # one more for the claim that may have been made


def test_after_a_failover_a_warm_instance_finds_the_new_primary(emulator: Emulator) -> None:
    """The old primary is a replica now, and its connections stay."""
    with valkey() as old, valkey() as new, store_proxy(old) as proxy:
        function = LocalFunction(emulator.url, store_settings(proxy)).kept()
        settings = {**store_settings(proxy), "SWEEP_CHANNELS": "phone"}
        sweep = LocalFunction(emulator.url, settings, module=resend_pending_verifications).kept()
        assert function(UNKNOWN_CONTACT).line["outcome"] == "rejected"
        assert sweep({**TICK, "payload": '{"DryRun": true}'}).lines[-1]["pending"] == 1
        with Redis(port=old.port) as admin:
            admin.replicaof("127.0.0.1", 1)
            admin.config_set("replica-serve-stale-data", "no")
        proxy.upstream = new.port
        assert function(http_event()).line["outcome"] == "sent"
        swept = sweep(TICK)
        assert (swept.line["message"], swept.line["skipped"]) == ("sweep finished", 1)
        with Redis(port=new.port) as admin:
            assert admin.dbsize() == 2  # a record, and the day's budget


def test_a_kept_connection_that_the_store_has_closed_is_made_anew(
    emulator: Emulator, proxy: StoreProxy, admin: Redis
) -> None:
    function = LocalFunction(emulator.url, store_settings(proxy)).kept()
    function(UNKNOWN_CONTACT)
    admin.client_kill_filter(_type="normal", skipme=True)
    assert function(http_event()).line["outcome"] == "sent"


def test_a_reply_counts_though_its_connection_ends_behind_it(emulator: Emulator, proxy: StoreProxy) -> None:
    def reply_and_hang_up(exchange: Exchange) -> None:
        exchange.reply(exchange.forward())
        exchange.hang_up()

    function = LocalFunction(emulator.url, store_settings(proxy)).kept()
    proxy.rule(changing, reply_and_hang_up, ALWAYS)
    sent = function(http_event())
    assert (sent.line["outcome"], sent.line["level"]) == ("sent", "INFO")
    assert function(http_event()).body == sent.body


def test_a_kept_connection_that_nothing_comes_from_is_made_anew(emulator: Emulator, proxy: StoreProxy) -> None:
    """As after a freeze that the network's memory of the connection did not outlive."""
    function = LocalFunction(emulator.url, store_settings(proxy)).kept()
    function(UNKNOWN_CONTACT)
    proxy.rule(reading, keep_silent)
    assert function(http_event()).line["outcome"] == "sent"


def test_a_node_of_a_cluster_is_told_from_a_store_that_is_down(emulator: Emulator, proxy: StoreProxy) -> None:
    function = LocalFunction(emulator.url, store_settings(proxy)).kept()
    proxy.rule(claiming, say(b"-MOVED 3999 127.0.0.1:6381\r\n"), ALWAYS)
    refused = function(http_event())
    assert told(refused) == (503, "CooldownStoreNeedsProxyEndpoint")
    assert (refused.line["upstream_code"], refused.line["level"]) == ("MOVED", "ERROR")
    assert "proxy mode" in refused.line["warning"]
    assert "127.0.0.1" not in json.dumps(refused.lines)
    sweep = LocalFunction(emulator.url, store_settings(proxy), module=resend_pending_verifications).kept()
    proxy.rule(reading, say(b"-MOVED 3999 127.0.0.1:6381\r\n"), ALWAYS)
    listing, _ = sweep(TICK).lines
    assert listing["code"] == "CooldownStoreNeedsProxyEndpoint"
    assert "proxy mode" in listing["warning"]


@pytest.mark.parametrize("right", ["time", "sadd"])
def test_a_right_that_the_stores_user_lacks_is_told_from_a_store_that_is_down(
    emulator: Emulator, server: Any, right: str
) -> None:
    """As after an upgrade to a version that needs more of them, alone and in a script."""
    with without_right(server, right):
        refused = LocalFunction(emulator.url, store_settings(server))(http_event())
    assert told(refused) == UNAVAILABLE
    assert refused.line["upstream_code"] == "NoPermissionError"
    assert "SECURITY.md" in refused.line["warning"]


# The time that a store may take.


class Endless:
    """A server whose reply has no end: it sends pieces until the other side has enough, and counts them.

    Args:
        begins: the beginning of the reply.
        piece: what follows, again and again.
        pause: the seconds before each piece.
        most: so many are sent if the other side never has enough.

    """

    def __init__(self, begins: bytes, piece: bytes, *, pause: float, most: int) -> None:
        self.sent = 0
        self.most = most
        self._begins = begins
        self._piece = piece
        self._pause = pause

    def answer(self, connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(self._begins)
        while self.sent < self.most:
            time.sleep(self._pause)
            connection.sendall(self._piece)
            self.sent += 1


@pytest.mark.parametrize(
    "endless",
    [
        pytest.param(lambda: Endless(b"+", b"1", pause=0.1, most=50), id="a line, a byte at a time"),
        pytest.param(lambda: Endless(b"$1000000\r\n", b"1", pause=0.1, most=50), id="a text, a byte at a time"),
        pytest.param(lambda: Endless(b"$1000000000\r\n", b"1" * 2**20, pause=0, most=32), id="a text, by megabytes"),
    ],
)
def test_a_reply_without_end_is_given_up(emulator: Emulator, endless: Callable[[], Endless]) -> None:
    reply = endless()
    with raw_server(reply.answer, reads=False) as server:
        settings = {"COOLDOWN_STORE_URL": f"redis://127.0.0.1:{server.port}", "COOLDOWN_HASH_KEY": HASH_KEY}
        refused = LocalFunction(emulator.url, settings)(http_event())
    assert told(refused) == UNAVAILABLE
    assert reply.sent < reply.most
    assert count(emulator) == 0


def test_an_address_that_nobody_answers_at_leaves_time_for_the_next(
    emulator: Emulator, server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve: Any = socket.getaddrinfo

    with socket.create_server(("127.0.0.1", 0), backlog=0) as dead:
        port = dead.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):  # it is full now

            def resolve_to_two(host: str | None, *args: Any, **options: Any) -> Any:
                if host != "localhost":
                    return resolve(host, *args, **options)
                ports = (port, server.port)
                return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", each)) for each in ports]

            monkeypatch.setattr("socket.getaddrinfo", resolve_to_two)
            settings = store_settings(server)
            settings["COOLDOWN_STORE_URL"] = settings["COOLDOWN_STORE_URL"].replace("127.0.0.1", "localhost")
            assert LocalFunction(emulator.url, settings)(http_event()).line["outcome"] == "sent"


def test_a_text_whose_claim_took_the_stores_time_is_dated_to_the_end_of_its_holder(
    emulator: Emulator, proxy: StoreProxy, clock: Clock, admin: Redis
) -> None:
    """The store answers the first read after 20 seconds: the claim ends no earlier than the process can."""
    began = clock.time
    seen: list[float] = []
    proxy.rule(reading, first(lambda: setattr(clock, "time", clock.time + 20)))
    nonce = when_signing(lambda: seen.append(json.loads(admin.get(admin.keys()[0]) or b"")[2]))
    settings = {**store_settings(proxy), **NO_BUDGET}
    now = float(admin.time()[0])
    assert LocalFunction(emulator.url, settings).kept(clock, nonce=nonce)(http_event()).line["outcome"] == "sent"
    assert seen[0] - now >= (clock.time - began) + 59
