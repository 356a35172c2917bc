"""`openapi.yaml` says what the HTTP endpoint does: schemathesis tries the function behind a local HTTP trigger."""

import json
import re
from collections.abc import Iterator
from threading import Thread
from typing import Any

import jsonschema_rs
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
from local.openapi.document import OPENAPI_YAML, PATH, text
from local.openapi.refusals import REFUSALS
from local.serve.endpoints import cloud_native_gateway
from local.serve.endpoints.http_trigger import create_app
from tests.handlers import REQUEST, LocalFunction

DOCUMENT: Any = yaml.safe_load(OPENAPI_YAML.read_text(encoding="utf-8"))
API: Any = schemathesis.openapi.from_dict(DOCUMENT)
POST: Any = DOCUMENT["paths"][PATH]["post"]


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
    assert OPENAPI_YAML.read_text(encoding="utf-8") == text()


def test_the_path_is_that_of_the_gateways_route() -> None:
    assert cloud_native_gateway.PATH == PATH


def test_it_is_openapi_3_0_3_by_the_official_schema() -> None:
    """Both API gateways of the vendor import this version."""
    assert DOCUMENT["openapi"] == "3.0.3"
    API.validate()


def test_both_fields_are_explained_with_an_example_that_is_valid() -> None:
    request = DOCUMENT["components"]["schemas"]["VerificationRequest"]
    for field in request["properties"].values():
        assert field["title"]
        assert field["description"]
        assert re.fullmatch(field["pattern"], field["example"])
    assert set(request["properties"]) == {"ContactId", "PhoneNumber"}


@pytest.mark.parametrize(("status", "response"), POST["responses"].items())
def test_each_answer_has_an_example_of_its_schema(status: str, response: Any) -> None:
    content = response["content"]["application/json"]
    validator = jsonschema_rs.Draft4Validator({**content["schema"], "components": DOCUMENT["components"]})
    validator.validate(content["example"])
    assert status == "200" or content["example"]["Code"] in REFUSALS[int(status)].codes


@pytest.mark.parametrize("status", REFUSALS)
def test_each_refusal_has_a_schema_of_its_own_that_explains_every_code(status: int) -> None:
    name = POST["responses"][str(status)]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    code = DOCUMENT["components"]["schemas"][name]["allOf"][1]["properties"]["Code"]
    explained = re.findall(r"^- `([^`]+)`: .+\.$", code["description"], re.MULTILINE)
    assert explained == code["enum"] == list(REFUSALS[status].codes)


def test_retry_after_is_an_integer() -> None:
    assert DOCUMENT["components"]["headers"]["RetryAfter"]["schema"] == {"type": "integer", "minimum": 0}


def test_the_classic_gateway_is_marked_as_legacy() -> None:
    schemes = DOCUMENT["components"]["securitySchemes"]
    assert [name for name, scheme in schemes.items() if "Legacy" in scheme["description"]] == ["classicGateway"]


OPERATION: Any = API[PATH]["POST"]
CASES: Any = OPERATION.as_strategy() | OPERATION.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE)


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
    answered = requests.post(f"{front}{PATH}", json=REQUEST, timeout=10)
    assert answered.status_code == 200
    assert answered.json()["RequestId"] == emulator.directory.messages()[0].request_id
    assert answered.headers["X-Fc-Request-Id"].startswith("1-")


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=64), content_type=st.sampled_from(["application/json", "text/plain", "image/png", ""]))
def test_any_body_is_answered_by_the_function(front: str, body: bytes, content_type: str) -> None:
    answered = requests.post(front, data=body, headers={"Content-Type": content_type}, timeout=10)
    assert answered.status_code in (400, 415)
    assert set(answered.json()) == {"Code", "Message", "RequestId", "Hint"}
