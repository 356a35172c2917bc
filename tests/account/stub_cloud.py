"""One server for all services of an account, on a free port of 127.0.0.1: it verifies signatures, answers as told."""

import json
import threading
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.account.signatures import NotAuthentic, Signatures
from tests.account.stub_oss import Oss
from tests.account.stub_ros import Ros
from tests.account.stub_services import Directory, Functions, Queues, ServiceError, Sts

ACCOUNT = "1234567890123456"
REGION = "cn-hangzhou"


@dataclass
class Answer:
    """What is answered."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class StubCloud(AbstractContextManager["StubCloud"]):
    """The services, and the operations that were called, in order."""

    ros: Ros = field(default_factory=Ros)
    oss: Oss = field(default_factory=lambda: Oss(ACCOUNT, REGION))
    sts: Sts = field(default_factory=lambda: Sts(ACCOUNT))
    directory: Directory = field(default_factory=lambda: Directory(ACCOUNT))
    queues: Queues = field(default_factory=Queues)
    functions: Functions = field(default_factory=Functions)
    calls: list[str] = field(default_factory=list)
    broken: dict[str, int] = field(default_factory=dict)
    """How often the connection of an operation breaks before it is answered."""
    open_urls: Mapping[str, Answer] = field(default_factory=dict)
    """What paths that take no signature answer to a POST; they stand for the URLs of a trigger or gateway."""

    def __enter__(self) -> "StubCloud":
        self._signatures = Signatures()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def answer(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer | None:
        """Answer a request, or None for a connection that breaks."""
        parts = urlsplit(target)
        try:
            if parts.path in self.open_urls:
                self.calls.append(f"POST {parts.path}")
                return self.open_urls[parts.path]
            if headers.get("authorization", "").startswith("OSS4"):
                self._signatures.check_oss4(method, parts.path, parts.query, headers, self.oss.region)
                return self._oss(method, parts.path, parts.query, headers, body)
            if headers.get("authorization", "").startswith("LOG "):
                self._signatures.check_sls(method, parts.path, headers)
                return self._logs(parts.netloc, parts.path, json.loads(body))
            self._signatures.check_acs3(method, parts.path, parts.query, headers, body)
            return self._openapi(parts.path, headers, dict(parse_qsl(parts.query, keep_blank_values=True)), body)
        except NotAuthentic as error:
            return _error(403, str(error), "the stub cannot verify this request")
        except ServiceError as error:
            return _error(error.status, error.code, error.message)

    def _openapi(self, path: str, headers: Mapping[str, str], query: dict[str, str], body: bytes) -> Answer | None:
        action, version = headers["x-acs-action"], headers["x-acs-version"]
        self.calls.append(action)
        if self._breaks(action):
            return None
        if action == "InvokeFunction":
            status, content, answered = self.functions.invoke(path, headers, body)
            return Answer(status, content, answered)
        services: dict[str, Any] = {
            "2019-09-10": self.ros,
            "2015-04-01": self.sts,
            "2022-04-19": self.directory,
            "2022-01-19": self.queues,
        }
        form = dict(parse_qsl(body.decode(), keep_blank_values=True))
        return _document({"RequestId": "R-1", **services[version].call(action, {**query, **form})})

    def _oss(self, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes) -> Answer | None:
        name, status, content, answered = self.oss.answer(method, path, query, headers, body)
        self.calls.append(name)
        return None if self._breaks(name) else Answer(status, content, answered)

    def _logs(self, host: str, path: str, request: dict[str, Any]) -> Answer | None:
        self.calls.append("GetLogsV2")
        return None if self._breaks("GetLogsV2") else _document(self.functions.find_logs(host, path, request))

    def _breaks(self, operation: str) -> bool:
        self.broken[operation] = self.broken.get(operation, 0) - 1
        return self.broken[operation] >= 0


def _document(document: Mapping[str, Any], status: int = 200) -> Answer:
    return Answer(status, json.dumps(document).encode(), {"Content-Type": "application/json"})


def _error(status: int, code: str, message: str) -> Answer:
    return _document({"Code": code, "Message": message, "RequestId": "R-1"}, status)


def _handler(cloud: StubCloud) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = cloud.answer(self.command, self.path, headers, body)
            if answer is None:
                self.close_connection = True
                return
            self.send_response(answer.status)
            for name, value in {**answer.headers, "Content-Length": str(len(answer.body))}.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(answer.body)

        do_GET = do_HEAD = do_POST = do_PUT = _answer  # noqa: N815 -- the standard library's names

        def log_message(self, *_: Any) -> None:
            pass

    return Handler
