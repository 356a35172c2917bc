"""The fronts before function 1: a request over HTTP becomes the platform's event, its reply the platform's answer."""

import base64
import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from local.instances.instance import InvocationResult
from local.serve.endpoints import api_gateway, cloud_native_gateway, http_trigger
from local.serve.platform_errors import instances_exhausted
from local.web.local_server import LocalServer

REPLY = {"statusCode": 200, "headers": {"Content-Type": "application/json"}, "isBase64Encoded": False, "body": "{}"}


@dataclass
class Front:
    """A front with a function behind it that returns what it is told to, and keeps what it was given."""

    url: str = ""
    returns: Any = field(default_factory=lambda: REPLY)
    failed: bool = False
    events: list[dict[str, Any]] = field(default_factory=list)
    submitted: list[tuple[dict[str, Any], str]] = field(default_factory=list)
    request_ids: list[str] = field(default_factory=list)
    busy: bool = False

    def invoke(self, event: bytes, request_id: str) -> InvocationResult:
        if self.busy:
            raise instances_exhausted()
        self.events.append(json.loads(event))
        self.request_ids.append(request_id)
        payload = self.returns if isinstance(self.returns, bytes) else json.dumps(self.returns).encode()
        return InvocationResult(payload, self.failed)

    def submit(self, event: bytes, request_id: str) -> None:
        self.submitted.append((json.loads(event), request_id))


@contextmanager
def served(app: Any, front: Front) -> Iterator[Front]:
    with LocalServer(app, max_body_bytes=64 * 1024 * 1024) as server:
        front.url = server.url
        yield front


@pytest.fixture
def trigger() -> Iterator[Front]:
    front = Front()
    with served(http_trigger.create_app(front.invoke, submit=front.submit), front):
        yield front


@pytest.fixture
def gateway() -> Iterator[Front]:
    front = Front()
    with served(api_gateway.create_app(front.invoke), front):
        yield front


@pytest.fixture
def native_gateway() -> Iterator[Front]:
    front = Front()
    with served(cloud_native_gateway.create_app(front.invoke), front):
        yield front


def raw(front: Front, target: str, *headers: tuple[str, str], method: str = "GET") -> http.client.HTTPResponse:
    """Send a request whose target and headers nobody normalises."""
    connection = http.client.HTTPConnection(urlsplit(front.url).netloc, timeout=10)
    connection.putrequest(method, target, skip_accept_encoding=True)
    for name, value in headers:
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


class TestHttpTriggerRequest:
    def test_names_of_headers_keep_their_case_and_several_values_are_joined(self, trigger: Front) -> None:
        raw(trigger, "/", ("X-Some-ID", "1"), ("x-lower", "2"), ("X-Some-Id", "3"))
        headers = trigger.events[0]["headers"]
        assert headers["X-Some-ID"] == "1,3"
        assert headers["x-lower"] == "2"

    def test_the_raw_path_stays_encoded_as_it_came(self, trigger: Front) -> None:
        raw(trigger, "/a%2Fb/%e4%bd%A0//c?x=1")
        event = trigger.events[0]
        assert event["rawPath"] == "/a%2Fb/%e4%bd%A0//c"
        assert event["requestContext"]["http"]["path"] == "/a/b/你//c"

    def test_several_values_of_a_parameter_are_joined(self, trigger: Front) -> None:
        raw(trigger, "/?a=1&b=%20&a=2&empty=")
        assert trigger.events[0]["queryParameters"] == {"a": "1,2", "b": " ", "empty": ""}

    @pytest.mark.parametrize(
        ("content", "content_type", "text", "is_base64_encoded"),
        [
            ("ü".encode(), "application/json", "ü", False),
            (b"a=1", "application/x-www-form-urlencoded", "a=1", False),
            (b"text", "application/octet-stream", "dGV4dA==", True),
            (b"\xff", "text/plain", "/w==", True),
            (b"", "image/png", "", False),
        ],
    )
    def test_a_binary_body_is_base64(
        self, trigger: Front, content: bytes, content_type: str, text: str, is_base64_encoded: bool
    ) -> None:
        requests.post(trigger.url, data=content, headers={"Content-Type": content_type}, timeout=10)
        event = trigger.events[0]
        assert (event["body"], event["isBase64Encoded"]) == (text, is_base64_encoded)

    def test_the_context_says_who_called_how_under_the_id_that_the_caller_is_told(self, trigger: Front) -> None:
        answered = requests.put(f"{trigger.url}/x", headers={"User-Agent": "curl/8"}, timeout=10)
        context = trigger.events[0]["requestContext"]
        assert context["requestId"] == answered.headers["X-Fc-Request-Id"] == trigger.request_ids[0]
        assert context["domainName"] == urlsplit(trigger.url).netloc
        assert context["http"] == {
            "method": "PUT",
            "path": "/x",
            "protocol": "HTTP/1.1",
            "sourceIp": "127.0.0.1",
            "userAgent": "curl/8",
        }

    @pytest.mark.parametrize(
        ("target", "headers"),
        [("/" + "a" * 4096, []), ("/?" + "a" * 4096, []), ("/", [("X-Large", "a" * 8192)])],
        ids=["path", "query", "headers"],
    )
    def test_what_is_beyond_the_limits_does_not_reach_the_function(
        self, trigger: Front, target: str, headers: list[tuple[str, str]]
    ) -> None:
        connection = http.client.HTTPConnection(urlsplit(trigger.url).netloc, timeout=10)
        connection.request("GET", target, headers=dict(headers))
        answer = connection.getresponse()
        document = json.loads(answer.read())
        connection.close()
        assert answer.status == 400
        assert document["Code"] == "InvalidArgument"
        assert document["RequestId"] == answer.headers["X-Fc-Request-Id"]
        assert answer.headers["X-Fc-Error-Type"] == "FcCommonError"
        assert trigger.events == []

    def test_a_method_that_no_trigger_has_is_refused(self, trigger: Front) -> None:
        assert raw(trigger, "/", method="PROPFIND").status == 403

    def test_a_body_over_32_mb_is_refused(self, trigger: Front) -> None:
        answered = requests.post(trigger.url, data=bytes(32 * 1024 * 1024 + 1), timeout=30)
        assert (answered.status_code, answered.json()["Code"]) == (400, "EntityTooLarge")

    def test_a_request_that_wants_no_answer_is_accepted_and_queued(self, trigger: Front) -> None:
        headers = {"X-Fc-Invocation-Type": "Async"}
        answered = requests.post(trigger.url, json={"a": 1}, headers=headers, timeout=10)
        ((event, request_id),) = trigger.submitted
        assert (answered.status_code, answered.content) == (202, b"")
        assert answered.headers["X-Fc-Request-Id"] == request_id
        assert event["headers"]["X-Fc-Invocation-Type"] == "Async"
        assert trigger.events == []

    def test_a_request_that_wants_no_answer_may_not_be_over_128_kb(self, trigger: Front) -> None:
        headers = {"X-Fc-Invocation-Type": "Async"}
        answered = requests.post(trigger.url, data=bytes(128 * 1024 + 1), headers=headers, timeout=10)
        assert (answered.status_code, answered.json()["Code"]) == (400, "EntityTooLarge")

    def test_when_all_instances_are_busy_the_caller_is_told_so(self, trigger: Front) -> None:
        trigger.busy = True
        assert requests.get(trigger.url, timeout=10).status_code == 429


class TestHttpTriggerReply:
    def test_status_headers_and_body_are_the_functions(self, trigger: Front) -> None:
        trigger.returns = {**REPLY, "statusCode": 418, "headers": {"X-Own": "1"}, "body": "ü"}
        answered = requests.get(trigger.url, timeout=10)
        assert (answered.status_code, answered.headers["X-Own"], answered.content) == (418, "1", "ü".encode())

    def test_a_base64_body_is_decoded(self, trigger: Front) -> None:
        trigger.returns = {**REPLY, "isBase64Encoded": True, "body": base64.b64encode(b"\xff\x00").decode()}
        assert requests.get(trigger.url, timeout=10).content == b"\xff\x00"

    def test_only_the_status_must_be_there(self, trigger: Front) -> None:
        trigger.returns = {"statusCode": 204}
        assert requests.get(trigger.url, timeout=10).status_code == 204

    def test_headers_that_are_the_platforms_are_not_the_functions_to_set(self, trigger: Front) -> None:
        own = ("X-Fc-Request-Id", "connection", "Content-Length", "Date", "Keep-Alive", "Server", "Upgrade")
        trigger.returns = {**REPLY, "headers": {**dict.fromkeys(own, "mine"), "X-Own": "1"}}
        answered = requests.get(trigger.url, timeout=10)
        assert answered.headers["X-Own"] == "1"
        assert "mine" not in answered.headers.values()

    def test_the_platforms_own_domain_makes_every_reply_a_download(self, trigger: Front) -> None:
        assert requests.get(trigger.url, timeout=10).headers["Content-Disposition"] == "attachment"
        trigger.returns = {**REPLY, "headers": {"Content-Disposition": "attachment; filename=mine"}}
        assert requests.get(trigger.url, timeout=10).headers["Content-Disposition"] == "attachment"

    @pytest.mark.parametrize(
        "returns",
        [
            b"plain text",
            b"null",
            b"[]",
            {"body": "no status"},
            {**REPLY, "statusCode": "fine"},
            {**REPLY, "statusCode": 99},
            {**REPLY, "isBase64Encoded": True, "body": "not base64"},
            {**REPLY, "body": {"no": "text"}},
            {**REPLY, "headers": ["no object"]},
            {**REPLY, "headers": {"X-Own": "two\r\nlines"}},
            {**REPLY, "headers": {"X-Own": "你"}},
            {**REPLY, "headers": {"X-Own": "a" * 8192}},
        ],
    )
    def test_what_is_no_reply_or_beyond_the_limits_is_a_bad_response(self, trigger: Front, returns: Any) -> None:
        trigger.returns = returns
        answered = requests.get(trigger.url, timeout=10)
        assert (answered.status_code, answered.json()["Code"]) == (502, "BadResponse")
        assert answered.json()["RequestId"] == answered.headers["X-Fc-Request-Id"]

    def test_a_function_that_failed_is_answered_with_its_error_document(self, trigger: Front) -> None:
        trigger.returns, trigger.failed = {"errorMessage": "wrong", "errorType": "Exception"}, True
        answered = requests.get(trigger.url, timeout=10)
        assert answered.status_code == 502
        assert answered.headers["X-Fc-Error-Type"] == "UnhandledInvocationError"
        assert answered.json()["errorMessage"] == "wrong"


class TestApiGateway:
    def test_a_request_is_the_gateways_event(self, gateway: Front) -> None:
        answered = requests.post(f"{gateway.url}/verifications?a=1", json={"b": 2}, timeout=10)
        event = gateway.events[0]
        headers = event.pop("headers")
        assert event == {
            "path": "/verifications",
            "httpMethod": "POST",
            "queryParameters": {"a": "1"},
            "pathParameters": {},
            "body": '{"b": 2}',
            "isBase64Encoded": False,
        }
        assert headers["Content-Type"] == "application/json"
        assert headers["X-Ca-Request-Id"] == answered.headers["X-Ca-Request-Id"]

    def test_a_whole_reply_is_the_answer(self, gateway: Front) -> None:
        gateway.returns = {**REPLY, "statusCode": "201", "isBase64Encoded": True, "body": "/w=="}
        answered = requests.post(gateway.url, timeout=10)
        assert (answered.status_code, answered.content) == (201, b"\xff")

    @pytest.mark.parametrize(
        "returns", [b"plain text", {"statusCode": 200, "body": ""}, {**REPLY, "more": 1}, {**REPLY, "headers": []}]
    )
    def test_what_is_no_whole_reply_is_503(self, gateway: Front, returns: Any) -> None:
        gateway.returns = returns
        assert requests.get(gateway.url, timeout=10).status_code == 503

    def test_a_function_that_failed_or_is_busy_is_503(self, gateway: Front) -> None:
        gateway.failed = True
        assert requests.get(gateway.url, timeout=10).status_code == 503
        gateway.busy = True
        assert requests.get(gateway.url, timeout=10).status_code == 503


class TestCloudNativeGateway:
    def test_a_request_is_the_http_triggers_event_with_the_gateways_domain(self, native_gateway: Front) -> None:
        url = f"{native_gateway.url}/phone-verifications?a=1"
        answered = requests.post(url, json={"b": 2}, headers={"Host": "contacts.example.com"}, timeout=10)
        event = native_gateway.events[0]
        assert event["version"] == "v1"
        assert event["rawPath"] == "/phone-verifications"
        assert event["requestContext"]["domainName"] == "contacts.example.com"
        assert event["requestContext"]["http"]["method"] == "POST"
        assert (event["body"], event["isBase64Encoded"]) == ('{"b": 2}', False)
        assert answered.headers["X-Fc-Request-Id"] == event["requestContext"]["requestId"]

    def test_a_reply_is_the_answer(self, native_gateway: Front) -> None:
        native_gateway.returns = {**REPLY, "statusCode": 409, "body": "{}"}
        answered = requests.post(f"{native_gateway.url}/phone-verifications", timeout=10)
        assert (answered.status_code, answered.text) == (409, "{}")

    @pytest.mark.parametrize(
        ("method", "path"), [("GET", "/phone-verifications"), ("POST", "/"), ("POST", "/phone-verifications/1")]
    )
    def test_what_the_route_does_not_take_is_404(self, native_gateway: Front, method: str, path: str) -> None:
        answered = requests.request(method, f"{native_gateway.url}{path}", timeout=10)
        assert (answered.status_code, native_gateway.events) == (404, [])

    def test_a_function_that_failed_or_is_busy_is_answered_as_by_the_trigger(self, native_gateway: Front) -> None:
        native_gateway.failed = True
        assert requests.post(f"{native_gateway.url}/phone-verifications", timeout=10).status_code == 502
        native_gateway.busy = True
        assert requests.post(f"{native_gateway.url}/phone-verifications", timeout=10).status_code == 429
