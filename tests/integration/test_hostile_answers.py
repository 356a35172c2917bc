"""Answers that no parser expects: whatever comes, the request is out, so the outcome is unknown and nothing is lost."""

import json
import random

import pytest

from fcapi.errors import EventFailed
from resource_directory.client import ResourceDirectoryClient
from resource_directory.errors import NoAnswer, ResourceDirectoryError, UnusableAnswer
from tests.handlers import REQUEST, LocalFunction
from tests.integration.raw_server import http_answer, raw_server
from tests.integration.test_client import REQUEST_ID, new_client, send_by

YES = f'{{"RequestId": "{REQUEST_ID}"}}'.encode()
HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
REFUSED = json.dumps({"Code": "Throttling.User", "Message": "no", "RequestId": REQUEST_ID}).encode()


def lengths(*values: str) -> bytes:
    """Return a whole answer with these values of Content-Length."""
    return HEAD + b"".join(b"Content-Length: %b\r\n" % value.encode("latin-1") for value in values) + b"\r\n" + YES


def chunk(size: str, *, then: bytes = b"") -> bytes:
    """Return a whole answer as one chunk, whose size is written so."""
    return CHUNKED + size.encode("latin-1") + b"\r\n" + YES + b"\r\n0\r\n\r\n" + then


UNREADABLE = {
    "a chunk of -1": chunk("-1"),
    "a chunk of -5": chunk("-5"),
    "a chunk of 2^63": chunk("8000000000000000"),
    "a chunk of 2^400": chunk("1" + "0" * 100),
    "a chunk of 60,000 digits": chunk("f" * 60_000),
    "a chunk of no size": chunk(""),
    "a chunk of a size that is not hexadecimal": chunk("\xb2"),
    "a chunk that is too short": chunk("fff"),
    "a chunk size without end": CHUNKED + b"1" * 200_000,
    "a chunk without end": CHUNKED + b"35\r\n" + YES,
    "a trailer without end": CHUNKED + b"35\r\n" + YES + b"\r\n0\r\n" + b"A: b\r\n" * 500_000,
    "chunk extensions without end": CHUNKED + (b"1;" + b"e" * 60_000 + b"\r\n \r\n") * 100,
    "a length of -1": lengths("-1"),
    "a length in words": lengths("five"),
    "a length of 5,000 digits": lengths("5" * 5000),
    "a length with a sign": lengths(f"+{len(YES)}"),
    "a length with an underscore": lengths("5_3"),
    "an empty length": lengths(""),
    "two lengths that differ": lengths(str(len(YES)), "1"),
    "two lengths that differ, in one": lengths(f"{len(YES)}, 1"),
    "a length that is too large": lengths(str(len(YES) + 1)),
    "a status of four digits": b"HTTP/1.1 2000 OK\r\n\r\n" + YES,
    "a status of two digits": b"HTTP/1.1 20 OK\r\n\r\n" + YES,
    "a status that is no number": b"HTTP/1.1 \xb2\xb0\xb0 OK\r\n\r\n" + YES,
    "no status": b"HTTP/1.1\r\n\r\n" + YES,
    "another version": b"HTTP/2 200 OK\r\n\r\n" + YES,
    "a status line without end": b"HTTP/1.1 200 " + b"O" * 200_000,
    "a line that is no header": HEAD + b"no header\r\n\r\n" + YES,
    "a header without a name": HEAD + b": value\r\n\r\n" + YES,
    "a header that is continued before it began": HEAD + b" folded\r\nA: b\r\n\r\n" + YES,
    "a header without end": HEAD + b"A: " + b"b" * 200_000,
    "200 headers": HEAD + b"A: b\r\n" * 200 + b"\r\n" + YES,
    "5 MB of headers": HEAD + (b"A: " + b"b" * 60_000 + b"\r\n") * 80 + b"\r\n" + YES,
    "a head that is cut": HEAD + b"Content-Le",
    "interim answers alone": b"HTTP/1.1 102 Processing\r\n\r\n" * 1000,
    "interim answers of 5 MB": b"HTTP/1.1 102 Processing\r\nA: " + b"b" * 60_000 + b"\r\n\r\n" * 80,
}

UNUSABLE = {
    "deep arrays": b"[" * 500_000,
    "deep objects": b'{"RequestId":' * 50_000,
    "a number of 500,000 digits": b'{"RequestId": "R", "N": ' + b"1" * 500_000 + b"}",
    "bytes that are not UTF-8": b'{"RequestId": "\xff"}',
    "half of a surrogate pair": b'{"RequestId": "\\ud800"}',
    "a byte order mark": b"\xef\xbb\xbf" + YES,
    "UTF-16": YES.decode().encode("utf-16"),
    "a NUL behind it": YES + b"\0",
    "two documents": YES + YES,
    "a text": b'"RequestId"',
    "nothing but null": b"null",
}


def result_of(answer: bytes) -> ResourceDirectoryError | str:
    """Return what a client makes of these bytes, after which the server closes the connection."""
    with raw_server(lambda connection: connection.sendall(answer)) as server:
        return result(new_client(server.url))


def result(client: ResourceDirectoryClient) -> ResourceDirectoryError | str:
    try:
        return send_by(client)
    except ResourceDirectoryError as error:
        return error


@pytest.mark.parametrize("answer", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_an_answer_that_cannot_be_read_is_no_answer(answer: bytes) -> None:
    lost = result_of(answer)
    assert type(lost) is NoAnswer
    assert not lost.timed_out


@pytest.mark.parametrize("body", UNUSABLE.values(), ids=UNUSABLE.keys())
def test_a_body_that_is_no_document_of_the_api_is_not_usable(body: bytes) -> None:
    assert type(result_of(http_answer(body))) is UnusableAnswer


def test_a_head_of_many_sane_lines_is_read() -> None:
    assert result_of(chunk("35;name=value", then=b"")) == REQUEST_ID
    assert result_of(http_answer(YES, "200 OK", *[f"X-Header-{number}: value" for number in range(80)])) == REQUEST_ID
    assert (
        result_of(http_answer(YES, "200 OK", "Set-Cookie: a=b; expires=never", "Content-Type: \xff/\xff")) == REQUEST_ID
    )


@pytest.mark.parametrize("answer", [chunk("-5"), http_answer(b"[" * 100_000)], ids=["a chunk of -5", "deep arrays"])
def test_each_delivery_of_a_batch_has_its_line_and_is_unknown(answer: bytes) -> None:
    requests = [{**REQUEST, "ContactId": f"c-{letter}"} for letter in "ABC"]
    with raw_server(lambda connection: connection.sendall(answer)) as server:
        invoked = LocalFunction(server.url)(requests)
    assert type(invoked.error) is EventFailed
    *lines, last = invoked.lines
    assert [(line["message"], line["outcome"]) for line in lines] == [("phone verification", "unknown")] * 3
    assert last["message"] == "event failed"
    assert len(server.received) == 3


SEEDS = [
    http_answer(YES),
    chunk("35"),
    http_answer(REFUSED, "400 Bad Request", "x-acs-retry-after: 100"),
    http_answer(
        json.dumps({"Code": "InvalidTimeStamp.Expired", "RequestId": REQUEST_ID}).encode(),
        "400 Bad Request",
        "Date: Tue, 01 Jan 2030 00:00:00 GMT",
    ),
    b"HTTP/1.1 103 Early Hints\r\nLink: </>\r\n\r\n" + http_answer(YES),
]
PIECES = [
    b"\r\n",
    b"\n",
    b"\0",
    b"\xff",
    b":",
    b";",
    b",",
    b" ",
    b"-",
    b"-1",
    b"9" * 20,
    b"0x",
    b"1e999",
    b"NaN",
    b"{",
    b"[" * 5000,
]
PIECES += [
    b'"',
    b"\\u",
    b"chunked",
    b"Transfer-Encoding: chunked\r\n",
    b"Content-Length: 1\r\n",
    b"Connection: close\r\n",
    HEAD,
    YES,
]


def mutated(chance: random.Random) -> bytes:
    """Return an answer with up to four things done to it."""
    answer = chance.choice(SEEDS)
    for _ in range(chance.randint(1, 4)):
        start = chance.randrange(len(answer) + 1)
        end = min(start + chance.choice([0, 1, 2, 10, 50]), len(answer))
        piece = chance.choice([b"", bytes([chance.randrange(256)]), chance.choice(PIECES), answer[start:end] * 2])
        answer = answer[:start] + piece + answer[end:]
    return answer


def test_nothing_but_the_errors_of_the_api_comes_of_any_answer() -> None:
    chance = random.Random(17)  # noqa: S311 -- no secret
    current: list[bytes] = []
    kinds = set()
    with raw_server(lambda connection: connection.sendall(current[-1])) as server:
        client = new_client(server.url, read_timeout=1)
        for _ in range(300):
            current.append(mutated(chance))
            outcome = result(client)
            kinds.add(type(outcome))
            assert isinstance(outcome, ResourceDirectoryError) or outcome in str(current[-1])
    assert {str, NoAnswer, UnusableAnswer} <= kinds


def test_a_fault_before_the_request_is_out_is_not_dressed_up() -> None:
    """A header that cannot be sent is a bug of ours, or of who made the request: nothing has gone out."""
    client = new_client("http://127.0.0.1:9")
    with pytest.raises(ValueError, match="header"):
        send_by(client, token="two\nlines")
