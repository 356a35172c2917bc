"""The function on the Pythons of Function Compute: its own process, the deployed requirements, bytes in and out."""

import json
from pathlib import Path
from tempfile import TemporaryFile

import pytest

from fcapi.testing import PythonVersion
from local.emulator.server import Emulator
from local.instances.instance import Instance, InstanceFailed, InvocationResult
from tests.handlers import KEY_PAIR, NEVER_SHOWN, REQUEST, RUNTIMES, http_event
from tests.interpreters import VERSIONS, prepared_interpreter


@pytest.fixture(params=VERSIONS)
def interpreter(request: pytest.FixtureRequest) -> Path:
    python = prepared_interpreter(request.param)
    if python is None:
        pytest.skip(f"Python {request.param} is not prepared; `make test` does it where it is installed")
    return python


def invoke(interpreter: Path, runtime: PythonVersion, url: str, *events: object) -> tuple[list[InvocationResult], str]:
    """Invoke one instance with each event, and return its answers and all it wrote."""
    environ = {"RESOURCE_DIRECTORY_ENDPOINT": url, "LOG_LEVEL": "DEBUG", "PYTHONWARNINGS": "error"}
    with TemporaryFile() as logs:
        with Instance(
            "send_phone_verification",
            runtime=runtime,
            environ=environ,
            credentials=KEY_PAIR,
            interpreter=[str(interpreter)],
            logs=logs,
        ) as instance:
            answers = [instance.invoke(json.dumps(event).encode()) for event in events]
        logs.seek(0)
        written = logs.read().decode()
    for secret in NEVER_SHOWN:
        assert secret not in written + "".join(answer.payload.decode() for answer in answers)
    return answers, written


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_a_request_is_sent_with_the_credentials_of_the_runtimes_shape(
    interpreter: Path, runtime: PythonVersion, emulator: Emulator
) -> None:
    (answer,), written = invoke(interpreter, runtime, emulator.url, http_event())
    (message,) = emulator.directory.messages()
    assert not answer.failed
    reply = json.loads(answer.payload)
    assert reply["statusCode"] == 200
    assert json.loads(reply["body"]) == {"RequestId": message.request_id}
    lines = [json.loads(line) for line in written.splitlines()]
    assert lines[-1]["outcome"] == "sent"
    assert {line["message"] for line in lines[:-1]} == {"setting", "cooldown", "api attempt"}


def test_an_event_that_fails_is_the_platforms_error_document(interpreter: Path, emulator: Emulator) -> None:
    (answer,), _ = invoke(interpreter, "python3.12", emulator.url, {**REQUEST, "PhoneNumber": "86-139****1234"})
    assert answer.failed
    document = json.loads(answer.payload)
    assert document["errorType"] == "EventRejected"
    assert document["errorMessage"].startswith("1 of 1 deliveries not done")
    assert document["stackTrace"][0][2] == "in handler"


def test_one_instance_serves_many_events_and_only_its_first_is_a_cold_start(
    interpreter: Path, emulator: Emulator
) -> None:
    answers, written = invoke(interpreter, "python3.12", emulator.url, REQUEST, b"".hex(), REQUEST)
    assert [answer.failed for answer in answers] == [False, True, False]
    lines = [line for line in map(json.loads, written.splitlines()) if line["level"] != "DEBUG"]
    assert [line["cold_start"] for line in lines] == [True, False, False]
    assert [line.get("outcome") for line in lines] == ["sent", None, "duplicate"]
    assert len(emulator.directory.messages()) == 1


def test_a_bad_setting_stops_the_initializer_by_its_name() -> None:
    instance = Instance("send_phone_verification", environ={"READ_TIMEOUT_SECONDS": "soon"}, credentials=KEY_PAIR)
    with pytest.raises(InstanceFailed, match="InvalidSetting: READ_TIMEOUT_SECONDS"), instance:
        pass


def test_credentials_of_the_caller_do_not_reach_the_function(emulator: Emulator) -> None:
    environ = {
        "RESOURCE_DIRECTORY_ENDPOINT": emulator.url,
        "ALIBABA_CLOUD_ACCESS_KEY_ID": KEY_PAIR.access_key_id,
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": KEY_PAIR.access_key_secret,
    }
    with TemporaryFile() as logs:
        instance = Instance("send_phone_verification", environ=environ, credentials=None, logs=logs)
        with instance:
            assert json.loads(instance.invoke(json.dumps(http_event()).encode()).payload)["statusCode"] == 500
    assert emulator.directory.messages() == []


def test_an_instance_whose_process_ends_is_said_to_have_ended() -> None:
    instance = Instance("send_phone_verification", environ={}, credentials=KEY_PAIR, interpreter=["/bin/true"])
    with pytest.raises(InstanceFailed, match="exited unexpectedly"), instance:
        pass
