"""A whole instance made of given parts: no socket, no stdout, no clock but the test's own."""

import json
from io import BytesIO
from typing import Any

from requests import PreparedRequest
from requests.adapters import BaseAdapter
from requests.models import Response
from urllib3 import HTTPResponse

import send_phone_verification
from cooldown.memory import MemoryStore
from fcapi.testing import ContextCredentials, make_context
from phone_verification.components import Components, start
from phone_verification.settings import SendSettings
from tests.handlers import REQUEST, Clock
from tests.stores import HASH_KEY

REQUEST_ID = "CD76D376-2517-4924-92C5-DBC52262F93A"


class Accepting(BaseAdapter):
    """Answers every request as the API does when it accepts a text."""

    def __init__(self) -> None:
        super().__init__()
        self.dates: list[str] = []

    def send(self, request: PreparedRequest, *_: Any, **__: Any) -> Response:
        self.dates.append(str(request.headers["x-acs-date"]))
        response = Response()
        response.status_code = 200
        response.raw = HTTPResponse(BytesIO(json.dumps({"RequestId": REQUEST_ID}).encode()), preload_content=False)
        return response

    def close(self) -> None:
        pass


def instance(clock: Clock, **parts: Any) -> Components[SendSettings]:
    return start(
        SendSettings(cooldown_hash_key=HASH_KEY), now=clock.now, monotonic=clock.monotonic, sleep=clock.sleep, **parts
    )


def invoke(components: Components[SendSettings]) -> Any:
    context = make_context("python3.10", credentials=ContextCredentials("LTAIlocal", "local-secret"))
    return send_phone_verification.function.run(components, json.dumps(REQUEST).encode(), context)


def test_it_sends_by_the_adapter_logs_by_the_writer_and_dates_by_the_clock() -> None:
    adapter, lines = Accepting(), list[str]()
    result = invoke(instance(Clock(time=0), adapter=adapter, write=lines.append))
    assert result["Results"] == [{"Status": "sent", "ContactId": REQUEST["ContactId"], "RequestId": REQUEST_ID}]
    assert adapter.dates == ["1970-01-01T00:00:00Z"]
    (line,) = lines
    assert line.endswith("\n")
    assert json.loads(line)["timestamp"] == "1970-01-01T00:00:00.000Z"


def test_instances_that_are_given_one_store_share_its_records() -> None:
    clock = Clock(time=0)
    store = MemoryStore(clock.now, clock.monotonic)
    parts: dict[str, Any] = {"adapter": Accepting(), "store": store, "write": lambda _: None}
    instances = [instance(clock, **parts) for _ in range(2)]
    assert [invoke(each)["Results"][0]["Status"] for each in instances] == ["sent", "duplicate"]
