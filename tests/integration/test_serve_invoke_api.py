"""The Invoke API as served locally, judged by the vendor's own SDK: it signs, and it reads the answers."""

import base64
import json
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from alibabacloud_fc20230330.client import Client
from alibabacloud_fc20230330.models import InvokeFunctionHeaders, InvokeFunctionRequest, InvokeFunctionResponse
from alibabacloud_tea_openapi.exceptions import ClientException
from alibabacloud_tea_openapi.utils_models import Config
from darabonba.runtime import RuntimeOptions

from tests.clouds import SEND, Served, serving, write_both
from tests.handlers import REQUEST
from tests.integration.vendor import KEY, SECRET, VENDOR_WARNINGS

pytestmark = VENDOR_WARNINGS

CODE = """
what = event.decode()
if what == "fail": raise ValueError("something is wrong")
print("you say", what)
if what == "long": print("ü" * 5000)
return {"you said": what}
"""


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(write_both(tmp_path_factory.mktemp("code"), CODE), retries=0) as cloud:
        yield cloud


def call(
    cloud: Served, event: bytes, *, function: str = SEND, key: str = KEY, secret: str = SECRET, **headers: str
) -> InvokeFunctionResponse:
    """Invoke a function by the vendor's SDK."""
    endpoint = urlsplit(cloud.endpoints["invoke_api"]).netloc
    client = Client(Config(protocol="http", endpoint=endpoint, access_key_id=key, access_key_secret=secret))
    request = InvokeFunctionRequest(body=BytesIO(event))
    return client.invoke_function_with_options(
        function, request, InvokeFunctionHeaders(**headers), RuntimeOptions(autoretry=False)
    )


def payload(response: InvokeFunctionResponse) -> Any:
    return json.loads(response.body.read())


def refusal(cloud: Served, **how: Any) -> Any:
    """Return what the SDK raises for a call that is refused, before the function sees it."""
    before = cloud.see("state")["LastLine"]
    with pytest.raises(ClientException) as refused:
        call(cloud, b"refused", **how)
    assert cloud.see("state")["LastLine"] == before
    return refused.value


def test_a_call_that_is_waited_for_is_answered_with_the_return_value(cloud: Served) -> None:
    answered = call(cloud, b"hello")
    assert answered.status_code == 200
    assert payload(answered) == {"you said": "hello"}
    assert "x-fc-error-type" not in answered.headers
    assert "x-fc-log-result" not in answered.headers


def test_the_answer_says_under_which_id_where_and_for_how_long_it_ran(cloud: Served) -> None:
    answered = call(cloud, b"hello", x_fc_log_type="Tail")
    log = base64.b64decode(answered.headers["x-fc-log-result"]).decode()
    assert f"RequestId: {answered.headers['x-fc-request-id']}\n" in log
    assert answered.headers["x-fc-instance-id"].startswith("c-")
    assert int(answered.headers["x-fc-invocation-duration"]) >= 0


def test_the_log_of_the_call_comes_with_the_answer_where_it_is_wanted(cloud: Served) -> None:
    call(cloud, b"hello")  # the log of an instance's first call has its initializer's lines, too
    log = base64.b64decode(call(cloud, b"tail", x_fc_log_type="Tail").headers["x-fc-log-result"]).decode()
    start, line, end = log.splitlines()
    assert start.startswith("FC Invoke Start RequestId: ")
    assert line == "you say tail"
    assert end.startswith("FC Invoke End RequestId: ")


def test_of_a_long_log_the_last_4_kb_come(cloud: Served) -> None:
    log = base64.b64decode(call(cloud, b"long", x_fc_log_type="Tail").headers["x-fc-log-result"])
    assert len(log) == 4096
    assert log.rpartition(b"\n")[0].splitlines()[-1].startswith(b"FC Invoke End RequestId: ")


def test_a_function_that_failed_is_answered_200_with_the_type_of_error_in_a_header(cloud: Served) -> None:
    answered = call(cloud, b"fail")
    assert answered.status_code == 200
    assert answered.headers["x-fc-error-type"] == "UnhandledInvocationError"
    assert payload(answered)["errorMessage"] == "something is wrong"


def test_a_call_that_nobody_waits_for_is_accepted_at_once_and_done(cloud: Served) -> None:
    answered = call(cloud, b"later", x_fc_invocation_type="Async")
    assert answered.status_code == 202
    assert answered.body.read() == b""
    cloud.finish()
    assert "you say later" in cloud.lines
    assert f"FC Invoke End RequestId: {answered.headers['x-fc-request-id']}" in cloud.lines


def test_a_function_that_is_not_there_is_not_found(cloud: Served) -> None:
    for kind in ("Sync", "Async"):
        refused = refusal(cloud, function="no_such", x_fc_invocation_type=kind)
        assert (refused.status_code, refused.code) == (404, "FunctionNotFound")
        assert "'no_such'" in refused.message


def test_another_secret_is_refused(cloud: Served) -> None:
    refused = refusal(cloud, secret="other")
    assert (refused.status_code, refused.code) == (403, "SignatureNotMatch")


def test_another_key_is_refused(cloud: Served) -> None:
    refused = refusal(cloud, key="LTAIother")
    assert (refused.status_code, refused.code) == (403, "InvalidAccessKeyID")


def test_a_kind_of_invocation_that_is_none_is_refused(cloud: Served) -> None:
    refused = refusal(cloud, x_fc_invocation_type="Never")
    assert (refused.status_code, refused.code) == (400, "InvalidArgument")


def test_an_event_that_nobody_waits_for_may_not_be_over_128_kb(cloud: Served) -> None:
    with pytest.raises(ClientException) as refused:
        call(cloud, bytes(128 * 1024 + 1), x_fc_invocation_type="Async")
    assert (refused.value.status_code, refused.value.code) == (400, "EntityTooLarge")


def test_an_unsigned_call_is_told_what_is_missing(cloud: Served) -> None:
    url = f"{cloud.endpoints['invoke_api']}/2023-03-30/functions/{SEND}/invocations"
    answered = requests.post(url, data=b"x", timeout=10)
    document = answered.json()
    assert (answered.status_code, document["Code"]) == (400, "MissingRequiredHeader")
    assert "Authorization" in document["Message"]
    assert document["RequestId"] == answered.headers["X-Fc-Request-Id"]
    assert answered.headers["X-Fc-Error-Type"] == "FcCommonError"


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/2023-03-30/functions"), ("GET", f"/2023-03-30/functions/{SEND}/invocations")]
)
def test_the_other_operations_of_the_api_are_not_there(cloud: Served, method: str, path: str) -> None:
    answered = requests.request(method, cloud.endpoints["invoke_api"] + path, timeout=10)
    assert (answered.status_code, answered.json()["Code"]) == (400, "PathNotSupported")


def test_function_1_sends_a_verification_that_is_asked_for_by_the_sdk() -> None:
    with serving() as cloud:
        answered = call(cloud, json.dumps(REQUEST).encode())
        (text,) = cloud.texts()
        assert payload(answered)["Results"][0]["RequestId"] == text["RequestId"]
