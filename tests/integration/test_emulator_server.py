"""The server around the emulator: its port, connections, threads and silence."""

import http.client
import json
import socket
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from random import SystemRandom
from urllib.parse import urlsplit

import pytest
import requests

from local.emulator.clock import Clock
from local.emulator.contacts import Details
from local.emulator.directory import Directory
from local.emulator.errors import ApiError
from local.emulator.limits import Limits
from local.emulator.server import Emulator
from tests.integration.vendor import (
    CONTACT_ID,
    SEND,
    VendorReply,
    send,
    signed,
)


def connect(emulator: Emulator) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(urlsplit(emulator.url).netloc, timeout=10)


def test_it_listens_on_the_loopback_address_alone(emulator: Emulator) -> None:
    assert urlsplit(emulator.url).hostname == "127.0.0.1"


def test_it_listens_on_the_port_that_was_asked_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    with Emulator(port=port) as emulator:
        assert emulator.url == f"http://127.0.0.1:{port}"
        assert send(emulator, signed(emulator)).status == 200


def test_an_occupied_port_is_an_os_error(emulator: Emulator) -> None:
    port = urlsplit(emulator.url).port
    assert port is not None

    with pytest.raises(OSError, match="in use"), Emulator(port=port):
        pass


def test_a_connection_is_kept_for_the_next_request(emulator: Emulator) -> None:
    connection = connect(emulator)
    ports = set()
    for _ in range(3):
        request = signed(emulator)
        connection.request("POST", f"/?{request.query}", request.body, dict(request.headers))
        ports.add(connection.sock.getsockname()[1])
        assert connection.getresponse().read()
    connection.close()

    assert len(ports) == 1
    assert len(emulator.directory.messages()) == 3


def test_a_body_that_nobody_reads_does_not_spoil_the_next_request(emulator: Emulator) -> None:
    connection = connect(emulator)
    connection.request("POST", "/other", b"x" * 1000)
    assert connection.getresponse().read()

    connection.request("GET", "/_emulator/clock")

    assert connection.getresponse().status == 200
    connection.close()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Length": str(1024 * 1024 + 1)}, 413),
        ({"Content-Length": "9" * 5000}, 413),
        ({"Content-Length": "many"}, 400),
        ({"Content-Length": "-1"}, 400),
        ({"Transfer-Encoding": "chunked"}, 411),
    ],
)
def test_a_body_of_no_sensible_length_is_refused(emulator: Emulator, headers: dict[str, str], status: int) -> None:
    connection = connect(emulator)
    connection.putrequest("POST", "/")
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    answer.read()
    connection.close()

    assert answer.status == status


def test_a_target_that_is_not_a_url_is_refused(emulator: Emulator, capfd: pytest.CaptureFixture[str]) -> None:
    host, _, port = urlsplit(emulator.url).netloc.partition(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(b"GET http://[ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert connection.recv(1024).startswith(b"HTTP/1.1 400 ")
    assert capfd.readouterr() == ("", "")


def test_answers_have_the_right_date(emulator: Emulator) -> None:
    emulator.directory.advance_clock(timedelta(days=3))

    date = parsedate_to_datetime(str(send(emulator, signed(emulator)).headers["Date"]))

    assert abs(datetime.now(timezone.utc) - date) < timedelta(seconds=10)


def test_it_prints_nothing(emulator: Emulator, capfd: pytest.CaptureFixture[str]) -> None:
    """A request line has a phone number in it."""
    send(emulator, signed(emulator))
    send(emulator, signed(emulator, secret="wrong"))
    requests.post(f"{emulator.url}/_emulator/faults", json={"Kind": "drop_after"}, timeout=10)
    with pytest.raises(http.client.RemoteDisconnected):
        send(emulator, signed(emulator))

    assert capfd.readouterr() == ("", "")


def test_a_bug_is_an_internal_error_in_the_vendors_shape(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Its traceback is logged, for whoever can mend it, and names no number."""
    monkeypatch.setattr(emulator.directory, "send_text", None)

    reply = send(emulator, signed(emulator))

    assert (reply.status, json.loads(reply.body)["Code"]) == (500, "InternalError")
    assert "TypeError" in caplog.text
    assert "13900001234" not in caplog.text


def test_on_exit_nobody_is_served_and_no_thread_is_left() -> None:
    before = set(threading.enumerate())
    with Emulator() as emulator:
        connection = connect(emulator)
        connection.request("GET", "/_emulator/clock")
        connection.getresponse().read()

    assert set(threading.enumerate()) <= before
    with pytest.raises(ConnectionRefusedError):
        connect(emulator).connect()
    connection.close()


def test_exit_does_not_wait_for_a_delay() -> None:
    with Emulator() as emulator:
        requests.post(f"{emulator.url}/_emulator/faults", json={"Kind": "delay", "Seconds": 600}, timeout=10)
        request = signed(emulator)
        connection = connect(emulator)
        connection.request("POST", f"/?{request.query}", request.body, dict(request.headers))
        while requests.get(f"{emulator.url}/_emulator/faults", timeout=10).json()["Faults"]:
            pass  # until the request met its fault
        before = time.monotonic()

    assert time.monotonic() - before < 10
    connection.close()


def test_threads_together_never_exceed_the_daily_limit() -> None:
    with Emulator(daily_limit=25) as emulator:
        replies = at_once(emulator, 60)

        ids = [json.loads(reply.body)["RequestId"] for reply in replies]
        sent = [message.request_id for message in emulator.directory.messages()]
    assert Counter(reply.status for reply in replies) == {200: 25, 409: 35}
    assert len(set(ids)) == 60
    assert set(sent) == {one for one, reply in zip(ids, replies, strict=True) if reply.status == 200}, (
        "every text answers the request that asked for it"
    )


def test_a_directory_does_one_thing_at_a_time() -> None:
    """A slow clock, read between the check of a name and its use, gives every other thread its chance."""

    def slow_time() -> datetime:
        time.sleep(0.002)
        return datetime.now(timezone.utc)

    directory = Directory(site="china", limits=Limits(), clock=Clock(slow_time), randomness=SystemRandom())
    details = Details(name="Security", email_address="security@example.com", title="FinanceDirector")

    def added(_: int) -> bool:
        try:
            directory.add(details)
        except ApiError:
            return False
        return True

    with ThreadPoolExecutor(max_workers=8) as pool:
        assert sum(pool.map(added, range(8))) == 1


def test_of_threads_that_add_one_name_only_one_succeeds(emulator: Emulator) -> None:
    parameters = {
        "Name": "Security",
        "EmailAddress": "security@example.com",
        "Title": "FinanceDirector",
        "MessageTypes.1": "SecurityMessage",
    }

    replies = at_once(emulator, 16, parameters, action="AddMessageContact")

    assert Counter(reply.status for reply in replies) == {200: 1, 400: 15}
    assert [contact.name for contact in emulator.directory.contacts()] == ["Operations", "Security"]


def test_each_emulator_has_a_directory_of_its_own() -> None:
    with Emulator() as one, Emulator() as other:
        send(one, signed(one))

        assert (len(one.directory.messages()), len(other.directory.messages())) == (1, 0)
        assert other.directory.get(CONTACT_ID).status == "Verifying"


def at_once(
    emulator: Emulator, count: int, parameters: dict[str, str] | None = None, action: str = SEND
) -> list[VendorReply]:
    """Send so many requests from eight threads."""
    with ThreadPoolExecutor(max_workers=8) as pool:
        all_signed = [signed(emulator, parameters, action=action) for _ in range(count)]
        return list(pool.map(lambda request: send(emulator, request), all_signed))
