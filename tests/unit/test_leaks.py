"""The watch over what leaves the process sees what it is for."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout, suppress
from io import StringIO

import pytest

from fcapi.errors import EventFailed
from fcapi.events.deliveries import OpenedEvent
from fcapi.testing import make_context
from phone_verification.components import start
from phone_verification.function import Function, Result
from phone_verification.settings import SendSettings
from tests.conftest import pytest_runtest_makereport
from tests.fuzz.mutations import ADDRESSES
from tests.handlers import CONTACT_ID
from tests.leaks import Watch, watching

NUMBER = "13900001234"
FORMS = [NUMBER, f"86-{NUMBER}", f"86{NUMBER}", f"+86 {NUMBER}", f'"{NUMBER}"', f"PhoneNumber=86-{NUMBER}&x"]


ADDRESS_FORMS = [
    *("zhang.san@example.com", "Z@MAIL.EXAMPLE.COM", '"zhang san"@example.org', "EmailAddress=zhang%40example.com"),
    *("zhang%2540example.com", "zhang\\u0040example.com", "zhang\\x40example.com", "zhang&#64;example.com"),
    *("zhang&#x40;example.com", "zhang&commat;example.com", "zhang\uff20example.com", "c-1:zhang@example.com:7"),
    *(spelling.format("zhang") for spelling in ADDRESSES),
]


@pytest.fixture
def inner(watch: Watch) -> Iterator[Watch]:
    """Return a watch of the test's own; what the suite's one sees meanwhile is expected."""
    with watching() as inner:
        yield inner
    watch.found()


@pytest.mark.parametrize("text", [*FORMS, *ADDRESS_FORMS, "local-secret", "x local-token", "LTAIlocal"])
def test_a_number_and_a_part_of_the_credentials_are_found_in_any_form(text: str) -> None:
    watch = Watch()
    watch.look("a place", text)
    (found,) = watch.found()
    assert found.endswith(" in a place")
    assert watch.found() == []


@pytest.mark.parametrize(
    "text",
    [
        "86-139****1234",
        "z***@example.com",
        "***@example.com",
        "group@topic",
        "46C233DE-4625-48A1-8DEB-13900001234F",
        "1-65b8a3f0",
        CONTACT_ID,
    ],
)
def test_a_masked_number_and_an_id_are_not(text: str) -> None:
    watch = Watch()
    watch.look("a place", text)
    assert watch.found() == []


def test_a_line_of_the_log_is_looked_at_wherever_it_is_printed(inner: Watch) -> None:
    with redirect_stdout(StringIO()):
        log = start(SendSettings()).logger_for(make_context(), hiding=())
        log.log("INFO", "phone verification", contact_id=NUMBER)
    assert inner.found() == [f"{NUMBER} in a line of the log"]


@pytest.mark.parametrize("fails", [False, True])
def test_what_a_handler_gives_is_looked_at(inner: Watch, *, fails: bool) -> None:
    def leaks(*_: object) -> Result:
        if fails:
            raise EventFailed(NUMBER)
        return {"body": NUMBER}

    function = Function(SendSettings, lambda _: OpenedEvent("direct", ()), leaks)
    with redirect_stdout(StringIO()), suppress(EventFailed):
        function.run(start(SendSettings()), b"", make_context())
    places = ["a line of the log", "an exception"] if fails else ["a reply or a result"]
    assert inner.found() == [f"{NUMBER} in {place}" for place in places]


def test_what_a_command_prints_is_looked_at(inner: Watch) -> None:
    subprocess.run([sys.executable, "-c", "print('LTAI' + 'local')"], capture_output=True, check=True)
    assert inner.found() == ["LTAIlocal in what a command printed"]


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"POST /?PhoneNumber=86-13900001234 HTTP/1.1", []),
        (b"POST / HTTP/1.1\r\nAuthorization: local-secret", ["local-secret in a request"]),
        (b"HTTP/1.1 200 OK\r\n\r\nlocal-secret", []),
        (b"*1\r\n$13\r\nz@example.com\r\n", ["z@example.com in what a store was sent"]),
        (b"*2\r\n$3\r\nGET\r\n$14\r\n86-13900001234\r\n", ["86-13900001234 in what a store was sent"]),
    ],
)
def test_what_a_socket_sends_is_looked_at(inner: Watch, data: bytes, found: list[str]) -> None:
    here, there = socket.socketpair()
    with here, there:
        here.sendall(data)
        assert there.recv(1000) == data
    assert inner.found() == found


@pytest.mark.parametrize(("printed", "outcome"), [(NUMBER, "failed"), ("86-139****1234", "passed")])
def test_what_pytest_captures_is_looked_at(printed: str, outcome: str) -> None:
    sections = [("Captured stdout call", printed)]
    report = pytest.TestReport("test", ("test.py", 1, "test"), {}, "passed", None, "call", sections)
    hook = pytest_runtest_makereport()
    next(hook)
    with pytest.raises(StopIteration):
        hook.send(report)
    assert report.outcome == outcome
