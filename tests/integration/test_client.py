"""The client over real sockets: what it sends, what it believes of an answer, and what it does not listen to."""

import logging
import os
import random
import re
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import trustme

import send_phone_verification
from fcapi.credentials import Credentials
from fcapi.deadline import Deadline
from fcapi.testing import make_context
from local.emulator.server import Emulator
from resource_directory.client import ResourceDirectoryClient
from resource_directory.errors import NoAnswer, NotAttempted, NotConnected, ResourceDirectoryError, UnusableAnswer
from resource_directory.retries import Retries
from resource_directory.transport import MAX_ANSWER_BYTES, new_adapter
from tests.handlers import CONTACT_ID, PHONE_NUMBER
from tests.integration.raw_server import http_answer, raw_server, read_request
from tests.tls import server_side

REQUEST_ID = "CD76D376-2517-4924-92C5-DBC52262F93A"
ACCEPTED = http_answer(f'{{"RequestId": "{REQUEST_ID}"}}'.encode())


def new_client(url: str, *, read_timeout: float = 5) -> ResourceDirectoryClient:
    return ResourceDirectoryClient(
        url,
        adapter=new_adapter(lambda: (time.monotonic(),)),
        connect_timeout=5,
        read_timeout=read_timeout,
        now=time.time,
        nonce=lambda: os.urandom(16).hex(),
        retries=Retries(1, time.sleep, random.uniform),
    )


def send_by(client: ResourceDirectoryClient, *, seconds: float = 30, token: str | None = None) -> str:
    """Send one verification with the emulator's credentials, in so many seconds."""
    return client.send_phone_verification_for_message_contact(
        CONTACT_ID,
        PHONE_NUMBER,
        credentials=Credentials("LTAIlocal", "local-secret", token),
        deadline=Deadline.after(seconds, time.monotonic),
    ).request_id


def send(url: str, *, read_timeout: float = 5, seconds: float = 30, token: str | None = None) -> str:
    """Send one verification with a new client."""
    return send_by(new_client(url, read_timeout=read_timeout), seconds=seconds, token=token)


def failure(url: str, **options: float) -> ResourceDirectoryError:
    """Return the error of a send that must fail, having looked for what no error may show."""
    with pytest.raises(ResourceDirectoryError) as failed:
        send(url, **options)  # type: ignore[arg-type] # only the numbers are passed here
    shown = repr(failed.value) + str(failed.value) + repr(failed.value.__cause__)
    for secret in ("13900001234", "PhoneNumber=", "local-", "LTAI", "127.0.0.1"):
        assert secret not in shown
    assert failed.value.__suppress_context__ or failed.value.__context__ is None
    return failed.value


@pytest.mark.parametrize("token", ["local-token", None])
def test_the_emulator_accepts_what_it_signs_with_and_without_a_token(emulator: Emulator, token: str | None) -> None:
    assert send(emulator.url, token=token) == emulator.directory.messages()[0].request_id


def test_the_request_is_as_the_vendors_sdk_makes_it() -> None:
    with raw_server(lambda connection: connection.sendall(ACCEPTED)) as server:
        assert send(server.url, token="local-token") == REQUEST_ID
    head, _, body = server.received[0].decode().partition("\r\n\r\n")
    request_line, *header_lines = head.split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in header_lines)
    assert request_line == f"POST /?ContactId={CONTACT_ID}&PhoneNumber={PHONE_NUMBER} HTTP/1.1"
    assert body == ""
    assert headers["content-length"] == "0"
    assert headers["host"] == f"127.0.0.1:{server.port}"
    assert headers["x-acs-action"] == "sendphoneverificationformessagecontact"
    assert headers["x-acs-version"] == "2022-04-19"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dt\d\d:\d\d:\d\dz", headers["x-acs-date"])
    assert headers["x-acs-content-sha256"] == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    names = ["action", "content-sha256", "date", "security-token", "signature-nonce", "version"]
    signed = ";".join(["host", *(f"x-acs-{name}" for name in names)])
    assert f"signedheaders={signed}," in headers["authorization"]


def test_a_connection_is_kept_for_the_next_request() -> None:
    answer = f'HTTP/1.1 200 OK\r\nContent-Length: 53\r\n\r\n{{"RequestId": "{REQUEST_ID}"}}'.encode()

    def answer_twice(connection: socket.socket) -> None:
        connection.sendall(answer)
        read_request(connection)
        connection.sendall(answer)

    with raw_server(answer_twice) as server:
        client = new_client(server.url)
        assert [send_by(client), send_by(client)] == [REQUEST_ID, REQUEST_ID]
    assert len(server.received) == 1


def test_every_request_has_its_own_nonce() -> None:
    with raw_server(lambda connection: connection.sendall(ACCEPTED)) as server:
        send(server.url)
        send(server.url)
    nonces = {re.search(rb"x-acs-signature-nonce: (\w+)", request) for request in server.received}
    assert len({nonce.group(1) for nonce in nonces if nonce}) == 2


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (http_answer(b"{}"), UnusableAnswer),
        (http_answer(b'{"RequestId": ""}'), UnusableAnswer),
        (http_answer(b'{"RequestId": 7}'), UnusableAnswer),
        (http_answer(b'{"RequestId": "86-13900001234"}'), UnusableAnswer),
        (http_answer(b'{"RequestId": "R", "Code": "Throttling.86-13900001234"}', "400 Bad Request"), UnusableAnswer),
        (http_answer(b'{"RequestId": "two\\nlines"}'), UnusableAnswer),
        (http_answer(b"[]"), UnusableAnswer),
        (http_answer(b"[" * 100_000), UnusableAnswer),
        (http_answer(b"\xff\xfe"), UnusableAnswer),
        (http_answer(b""), UnusableAnswer),
        (http_answer(ACCEPTED, "201 Created"), UnusableAnswer),
        (http_answer(b"", "204 No Content"), UnusableAnswer),
        (http_answer(b"<html>", "502 Bad Gateway"), UnusableAnswer),
        (http_answer(b'{"Code": "Throttling"}', "400 Bad Request"), UnusableAnswer),
        (http_answer(b'{"RequestId": "R", "Code": "Throttling.86-13900001234"}', "302 Found"), UnusableAnswer),
        (http_answer(b"x" * (MAX_ANSWER_BYTES + 1)), UnusableAnswer),
        (http_answer(b"x" * 100, "200 OK", "Content-Encoding: gzip"), UnusableAnswer),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{", NoAnswer),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n", NoAnswer),
        (b"no http at all\r\n\r\n", NoAnswer),
        (b"", NoAnswer),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n", NoAnswer),
    ],
)
def test_an_answer_that_says_neither_yes_nor_no_leaves_unknown_what_was_sent(
    answer: bytes, kind: type[ResourceDirectoryError]
) -> None:
    with raw_server(lambda connection: connection.sendall(answer)) as server:
        lost = failure(server.url)
    assert type(lost) is kind
    assert not lost.surely_not_sent
    assert lost.retries_in_place == 0
    assert len(server.received) == 1


def test_an_answer_without_a_length_is_read_to_its_end() -> None:
    body = f'{{"RequestId": "{REQUEST_ID}"}}'.encode()
    with raw_server(lambda connection: connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n" + body)) as server:
        assert send(server.url) == REQUEST_ID


def be_silent(connection: socket.socket) -> None:
    while connection.recv(65536):
        pass


def test_silence_ends_with_the_read_timeout() -> None:
    with raw_server(be_silent) as server:
        lost = failure(server.url, read_timeout=0.2)
    assert isinstance(lost, NoAnswer)
    assert lost.timed_out


def test_a_body_that_trickles_in_does_not_outlast_the_deadline() -> None:
    def trickle(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
        while True:
            connection.sendall(b" ")
            time.sleep(0.02)

    with raw_server(trickle) as server:
        started = time.monotonic()
        lost = failure(server.url, seconds=0.5)
        assert time.monotonic() - started < 5
    assert isinstance(lost, NoAnswer)
    assert lost.timed_out


def test_a_deadline_that_has_passed_sends_nothing() -> None:
    with raw_server(lambda connection: connection.sendall(ACCEPTED)) as server:
        assert isinstance(failure(server.url, seconds=-1), NotAttempted)
    assert server.received == []


def test_a_refused_connection_surely_sent_nothing() -> None:
    with raw_server(lambda _: None) as gone:
        pass
    refused = failure(gone.url)
    assert isinstance(refused, NotConnected)
    assert refused.surely_not_sent


def speak_tls(connection: socket.socket) -> None:
    with server_side(trustme.CA()).wrap_socket(connection, server_side=True) as secured:
        read_request(secured)


@pytest.mark.parametrize(
    "handshake",
    [
        pytest.param(speak_tls, id="a certificate that nobody trusts"),
        pytest.param(lambda connection: connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n"), id="no TLS"),
        pytest.param(lambda _: None, id="closed at once"),
        pytest.param(be_silent, id="silence"),
    ],
)
def test_a_handshake_that_fails_surely_sent_nothing(handshake: Callable[[socket.socket], None]) -> None:
    with raw_server(handshake, reads=False) as server:
        client_side = server.url.replace("http:", "https:")
        refused = failure(client_side, seconds=1)
    assert isinstance(refused, NotConnected)
    assert refused.surely_not_sent


def test_a_redirect_is_not_followed() -> None:
    with raw_server(lambda connection: connection.sendall(ACCEPTED)) as elsewhere:
        moved = http_answer(b"", "307 Temporary Redirect", f"Location: {elsewhere.url}/")
        with raw_server(lambda connection: connection.sendall(moved)) as server:
            assert isinstance(failure(server.url), UnusableAnswer)
    assert elsewhere.received == []


def test_proxies_and_netrc_of_the_environment_are_ignored(emulator: Emulator, tmp_path: Path) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else")
    with raw_server(lambda connection: connection.sendall(ACCEPTED)) as proxy:
        os.environ.update(http_proxy=proxy.url, HTTP_PROXY=proxy.url, ALL_PROXY=proxy.url, NETRC=str(netrc))
        os.environ.pop("no_proxy", None)
        send(emulator.url)
    assert proxy.received == []
    assert len(emulator.directory.messages()) == 1


def test_a_cookie_is_not_brought_back() -> None:
    answer = http_answer(f'{{"RequestId": "{REQUEST_ID}"}}'.encode(), "200 OK", "Set-Cookie: who=you; Path=/")
    with raw_server(lambda connection: connection.sendall(answer)) as server:
        client = new_client(server.url)
        for _ in range(2):
            send_by(client)
    assert len(server.received) == 2
    assert b"cookie" not in server.received[1].lower()


def test_no_library_logs_the_url_not_even_at_debug(emulator: Emulator, caplog: pytest.LogCaptureFixture) -> None:
    send_phone_verification.initialize(make_context())  # where loggers are silenced
    with caplog.at_level(logging.DEBUG):
        send(emulator.url)
        bad_header = b"HTTP/1.1 200 OK\r\nno header\r\nContent-Length: 2\r\n\r\n{}"
        with raw_server(lambda connection: connection.sendall(bad_header)) as server:
            failure(server.url)
    assert "13900001234" not in caplog.text
