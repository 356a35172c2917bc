"""`openapi.yaml` says what the HTTP endpoint does: schemathesis tries the function behind a local HTTP trigger."""

import json
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import requests
import schemathesis
import yaml  # type: ignore[import-untyped] # ships no types
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi import checks
from werkzeug.serving import make_server

from local.emulator.server import Emulator
from local.instances.instance import InvocationResult
from local.openapi import OPENAPI_YAML, text
from local.serve.endpoints.http_trigger import create_app
from tests.handlers import REQUEST, LocalFunction

README = Path(__file__).parents[2] / "README.md"
API: Any = schemathesis.openapi.from_dict(yaml.safe_load(OPENAPI_YAML.read_text()))


@pytest.fixture
def front(emulator: Emulator) -> Iterator[str]:
    """Serve the function behind an HTTP trigger, without a window, so that each request is a first one."""
    function = LocalFunction(emulator.url, {"HTTP_COOLDOWN_SECONDS": "0", "HTTP_SENDS_PER_DAY": "0"}).kept()

    def invoke(event: bytes, request_id: str) -> InvocationResult:  # noqa: ARG001 -- the instance makes one up
        return InvocationResult(json.dumps(function(event).result).encode(), failed=False)

    server = make_server("127.0.0.1", 0, create_app(invoke))
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_file_is_current() -> None:
    assert OPENAPI_YAML.read_text() == text()


CASES: Any = API["/"]["POST"].as_strategy() | API["/"]["POST"].as_strategy(
    generation_mode=schemathesis.GenerationMode.NEGATIVE
)


@settings(
    max_examples=120,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(case=CASES)
def test_whatever_schemathesis_sends_is_answered_as_described(front: str, case: Any) -> None:
    # Signatures are checked before the function; which contacts and numbers exist is the API's to say.
    case.call_and_validate(base_url=front, excluded_checks=[checks.ignored_auth, checks.positive_data_acceptance])


def test_a_request_through_the_front_is_sent(front: str, emulator: Emulator) -> None:
    answered = requests.post(front, json=REQUEST, timeout=10)
    assert answered.status_code == 200
    assert answered.json()["RequestId"] == emulator.directory.messages()[0].request_id
    assert answered.headers["X-Fc-Request-Id"].startswith("1-")


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=64), content_type=st.sampled_from(["application/json", "text/plain", "image/png", ""]))
def test_any_body_is_answered_by_the_function(front: str, body: bytes, content_type: str) -> None:
    answered = requests.post(front, data=body, headers={"Content-Type": content_type}, timeout=10)
    assert answered.status_code in (400, 415)
    assert set(answered.json()) == {"Code", "Message", "RequestId"}
