"""One instance of a contender, in a process of its own; run as a script, by the interpreter that is measured.

Given are a task as JSON and the descriptor that its figures go to, as JSON too. It imports little, and nothing of this
project: a contender must pay for all that it needs, and for nothing else.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Task = dict[str, Any]

CONTACT = "c-qL4HqKONzOM7"
ANSWER = b'{"RequestId": "46C233DE-4625-48A1-8DEB-4141A74F0543"}'


class Attributes:
    """An object with these attributes."""

    def __init__(self, **attributes: object) -> None:
        self.__dict__.update(attributes)


def main() -> None:
    """Do a task and write its figures."""
    task = json.loads(sys.argv[1])
    sys.path[:0] = [task["folder"]]
    if task["without"] == "network":
        leave_out_the_network()
    figures = TASKS[task["what"]](task)
    os.write(int(sys.argv[2]), json.dumps(figures).encode())


def start(task: Task) -> tuple[Any, dict[str, float]]:
    """Start the function, have it answer once, and say what that took, from when the process was asked for."""
    began = time.perf_counter()
    function = importlib.import_module(task["module"])
    imported = time.perf_counter()
    if task["without"] == "transport":
        leave_out_the_transport()
    function.initialize(context_of())
    initialized = time.perf_counter()
    reply = function.handler(event_of(task, 0), context_of())
    ended, cpu, now = time.perf_counter(), time.process_time(), time.monotonic()
    check(task, reply)
    figures = {
        "wall": now - task["spawned"],
        "cpu": cpu,
        "import": imported - began,
        "initialize": initialized - imported,
        "first": ended - initialized,
        "rss": peak_rss(),
        "modules": len(sys.modules),
    }
    return function, figures


def cold(task: Task) -> dict[str, float]:
    """Say what a start took, up to the first reply."""
    return start(task)[1]


def warm(task: Task) -> dict[str, list[float]]:
    """Say how long each of many invocations took, after as many as it takes to get warm."""
    function, _ = start(task)
    context = context_of()
    events = [event_of(task, number) for number in range(1, task["invocations"] + task["ignored"] + 1)]
    seconds = []
    for event in events:
        began = time.perf_counter()
        reply = function.handler(event, context)
        seconds.append(time.perf_counter() - began)
        check(task, reply)
    return {"seconds": seconds[task["ignored"] :]}


def batch(task: Task) -> dict[int, list[float]]:
    """Say how long invocations with so many deliveries took."""
    function, _ = start(task)
    context, numbers = context_of(), iter(range(1, 1_000_000))
    seconds: dict[int, list[float]] = {}
    for _ in range(task["repeats"]):
        for size in task["sizes"]:
            event = json.dumps([request_of(next(numbers)) for _ in range(size)]).encode()
            began = time.perf_counter()
            result = function.handler(event, context)
            seconds.setdefault(size, []).append(time.perf_counter() - began)
            if len(result["Results"]) != size:
                raise RuntimeError(result)
    return seconds


def pending(task: Task) -> dict[str, Any]:
    """Say how long runs through all that is pending took, each by an instance that remembers nothing."""
    function = importlib.import_module(task["module"])
    tick = {"triggerTime": "2026-11-23T06:00:00Z", "triggerName": "daily", "payload": ""}
    seconds = []
    for _ in range(task["repeats"] + 1):
        function.initialize(context_of())
        began = time.perf_counter()
        result = function.handler(json.dumps(tick).encode(), context_of())
        seconds.append(time.perf_counter() - began)
        if result["Pending"] != task["pending"]:
            raise RuntimeError(result)
    return {"seconds": seconds[1:], "rss": peak_rss()}


def entries(task: Task) -> dict[str, list[float]]:
    """Say how long claims took, each with what settles it, in a store that has so many entries already."""
    from cooldown.ledger import Claim, Ledger
    from cooldown.names import Names

    store: Any
    if task["store"]:
        from cooldown.redis_store import RedisStore
        from phone_verification.addresses import store_address

        store = RedisStore(store_address(task["store"], plaintext=False))
    else:
        from cooldown.memory import MemoryStore

        store = MemoryStore(time.time, time.monotonic)
    ledger = Ledger(store, Names(os.urandom(32)), token=lambda: os.urandom(16).hex())

    def claim(whose: str, number: int) -> None:
        claimed = ledger.claim(("1", whose, str(number)), 60, lambda: 60.0)
        assert isinstance(claimed, Claim)
        claimed.record_sent("R")

    for number in range(0 if task["store"] else task["entries"]):
        store.replace(f"pv1:{number:064x}", None, task["record"].encode(), 86_400)
    seconds = []
    for number in range(task["claims"]):
        began = time.perf_counter()
        claim("now", number)
        seconds.append(time.perf_counter() - began)
    return {"seconds": seconds}


TASKS: dict[str, Callable[[Task], Any]] = {
    "cold": cold,
    "warm": warm,
    "batch": batch,
    "pending": pending,
    "entries": entries,
}


def check(task: Task, reply: Any) -> None:
    """Stop if a reply is not the one that is measured."""
    if reply["statusCode"] != (400 if task.get("refused") else 200):
        raise RuntimeError(reply)


def context_of() -> Any:
    """Return the context as the runtime of this Python gives it; credentials are in the environment, too."""
    function = Attributes(
        name="send", handler="send.handler", memory=128, timeout=600, version_id="LATEST", qualifier="LATEST"
    )
    context: Any = Attributes(
        request_id="1-65b8a3f0-15f26b4c-8d2e6a0b7c41",
        function=function,
        region="cn-hangzhou",
        account_id="1234567890123456",
    )
    if sys.version_info < (3, 12):
        context.retry_count = 0
        context.service = Attributes(version_id="LATEST")
        context.credentials = Attributes(
            access_key_id=os.environ["ALIBABA_CLOUD_ACCESS_KEY_ID"],
            access_key_secret=os.environ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
            security_token=os.environ["ALIBABA_CLOUD_SECURITY_TOKEN"],
        )
    return context


def peak_rss() -> int:
    """Return the most memory that this process has had, in bytes; `getrusage` would begin with its parent's."""
    with open("/proc/self/status", encoding="utf-8") as status:  # noqa: PTH123 -- pathlib would be measured, too
        (peak,) = (line.split()[1] for line in status if line.startswith("VmHWM"))
    return int(peak) * 1024


def event_of(task: Task, number: int) -> bytes:
    """Return the event of an HTTP request, for a contact of its own; without a number, if it is to be refused."""
    request = request_of(number)
    if task.get("refused"):
        del request["PhoneNumber"]
    return json.dumps(
        {
            "version": "v1",
            "rawPath": "/",
            "headers": {"Content-Type": "application/json", "Host": "function.cn-hangzhou.fcapp.run"},
            "queryParameters": {},
            "body": json.dumps(request),
            "isBase64Encoded": False,
            "requestContext": {
                "accountId": "1234567890123456",
                "domainName": "function.cn-hangzhou.fcapp.run",
                "http": {"method": "POST", "path": "/", "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1"},
                "requestId": "1-65b8a3f0-15f26b4c-8d2e6a0b7c41",
            },
        }
    ).encode()


def request_of(number: int) -> dict[str, str]:
    """Return a request that no other number gives."""
    letters = "".join(chr(ord("a") + int(digit)) for digit in f"{number:06}")
    return {"ContactId": CONTACT + letters, "PhoneNumber": f"86-139{number:08}"}


def leave_out_the_network() -> None:
    """Let every socket answer at once and by itself: what is left is all that a contender does but for the network.

    The socket is one end of a pair, so that whoever asks the system finds it connected and with nothing to read.
    """
    import socket

    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(ANSWER)}\r\n\r\n"

    class AnsweringSocket(socket.socket):
        def __init__(self, *_args: Any, **_named: Any) -> None:
            ours, self.other_end = pair()
            super().__init__(fileno=ours.detach())
            self.to_read = b""

        def connect(self, _address: Any) -> None:
            pass

        def setsockopt(self, *_option: Any) -> None:
            pass

        def sendall(self, *_data: Any) -> None:
            self.to_read = head.encode() + ANSWER

        def recv_into(self, buffer: Any, *_arguments: Any) -> int:
            count = min(len(buffer), len(self.to_read))
            buffer[:count], self.to_read = self.to_read[:count], self.to_read[count:]
            return count

    real = socket.socket

    def pair() -> tuple[socket.socket, socket.socket]:
        put(real)
        try:
            return socket.socketpair()
        finally:
            put(AnsweringSocket)

    def put(kind: type[socket.socket]) -> None:
        vars(socket)["socket"] = kind

    put(AnsweringSocket)


def leave_out_the_transport() -> None:
    """Let the adapter of requests answer at once, or http.client where there is no requests.

    What is left is what a contender does before a request is ready and after its answer is there.
    """
    import io

    if "requests" not in sys.modules:
        import http.client

        class CannedResponse(io.BytesIO):
            status = 200

        def request(*_arguments: Any, **_named: Any) -> None:
            pass

        def getresponse(_connection: Any) -> Any:
            return CannedResponse(ANSWER)

        replace(http.client.HTTPConnection, "request", request)
        replace(http.client.HTTPConnection, "getresponse", getresponse)
        return
    import requests
    from urllib3.response import HTTPResponse

    def send(_adapter: Any, prepared: Any, **_named: Any) -> Any:
        response = requests.Response()
        response.status_code, response.url, response.request = 200, prepared.url, prepared
        response.raw = HTTPResponse(io.BytesIO(ANSWER), status=200, preload_content=False)
        response.headers["Content-Type"] = "application/json"
        return response

    replace(requests.adapters.HTTPAdapter, "send", send)


def replace(kind: type, name: str, function: Callable[..., Any]) -> None:
    """Put a function of our own in the place of a method."""
    setattr(kind, name, function)


if __name__ == "__main__":
    main()
