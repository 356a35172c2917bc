"""What a function gets and gives on the local runtime is what Function Compute's own does, in a process of its own."""

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryFile

import pytest

from local.instances.instance import Instance, InstanceFailed
from tests.handlers import RUNTIMES
from tests.probes import instance_of, write_function


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_of_what_the_platform_reserves_a_function_sees_only_what_is_safe(tmp_path: Path, runtime: str) -> None:
    write_function(tmp_path, 'return sorted(name for name in os.environ if "FC_" in name or name == "LOG_LEVEL")')
    environ = {"FC_MINE": "1", "_FC_MINE": "1", "FC_REGION": "mine", "LOG_LEVEL": "INFO"}
    with instance_of(tmp_path, environ=environ, runtime=runtime) as instance:
        names = json.loads(instance.invoke(b"").payload)
    assert names == sorted(
        [
            "FC_ACCOUNT_ID",
            "FC_FUNCTION_HANDLER",
            "FC_FUNCTION_MEMORY_SIZE",
            "FC_FUNCTION_NAME",
            "FC_FUNC_CODE_PATH",
            "FC_INSTANCE_ID",
            "FC_REGION",
            "FC_VER_ID" if runtime == "python3.10" else "FC_FUNCTION_VERSION",
            "LOG_LEVEL",
        ]
    )


def test_the_initializer_runs_once_before_the_first_request(tmp_path: Path) -> None:
    code = 'return (HERE / "started").read_text()'
    start = 'with (HERE / "started").open("a") as f: f.write(context.function.name + ";")'
    with instance_of(write_function(tmp_path, code, initialize=start)) as instance:
        assert [instance.invoke(b"").payload for _ in range(3)] == [b"probe;"] * 3


@pytest.fixture(scope="module")
def evaluating(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """Return a function that returns the value of the expression that its event is."""
    with instance_of(write_function(tmp_path_factory.mktemp("code"), "return eval(event)")) as instance:
        yield instance


@pytest.mark.parametrize(
    ("returned", "payload"),
    [
        (b"None", b"null"),
        (b"'plain text'", b"plain text"),
        (b"b'bytes'", b"bytes"),
        (b"{'b': 1, 'a': '\\xfc'}", b'{\n    "a": "\\u00fc",\n    "b": 1\n}'),
        (b"[__import__('decimal').Decimal('1.5')]", b"[\n    1.5\n]"),
        (b"[__import__('datetime').date(2026, 11, 23)]", b'[\n    "2026-11-23"\n]'),
        (b"[type('Own', (), {'to_json': lambda self: {'own': 1}})()]", b'[\n    {\n        "own": 1\n    }\n]'),
    ],
)
def test_a_return_value_is_serialised_as_the_runtime_does_it(
    evaluating: Instance, returned: bytes, payload: bytes
) -> None:
    assert evaluating.invoke(returned).payload == payload


@pytest.mark.parametrize("returned", [b"{'body': b'bytes'}", b"{1, 2}", b"{'a': 1, 2: 3}"])
def test_what_cannot_be_serialised_is_an_error_of_the_function(evaluating: Instance, returned: bytes) -> None:
    answer = evaluating.invoke(returned)
    assert answer.failed
    assert json.loads(answer.payload)["errorType"] == "TypeError"


def test_an_exception_is_an_error_document_with_the_frames_of_the_function_only(tmp_path: Path) -> None:
    with instance_of(write_function(tmp_path, "raise ValueError('something is wrong')")) as instance:
        document = json.loads(instance.invoke(b"").payload)
    assert document["errorMessage"] == "something is wrong"
    assert document["errorType"] == "ValueError"
    ((file, _, function, line),) = document["stackTrace"]
    assert file == f'File "{tmp_path}/probe.py"'
    assert (function, line) == ("in handler", "raise ValueError('something is wrong')")


@pytest.mark.parametrize(
    ("source", "error_type", "message"),
    [
        ("import nothing_of_this_name", "ImportModuleError", "Unable to import module 'probe'"),
        ("def handler(:", "UserCodeSyntaxError", "Syntax error in probe.py, line 1: invalid syntax"),
        ("raise ValueError('x')", "InvalidHandleName", "Invalid handler 'probe.initialize'"),
        ("raise KeyError('LOST')", "UserCodeError", "Module initialization error: ''LOST''"),
        ("", "HandlerNotFound", "Handler 'initialize' is missing on module 'probe'"),
    ],
)
def test_a_module_that_cannot_be_loaded_is_told_by_the_runtimes_own_error_types(
    tmp_path: Path, source: str, error_type: str, message: str
) -> None:
    (tmp_path / "probe.py").write_text(source + "\n")
    with pytest.raises(InstanceFailed, match=error_type) as failed, instance_of(tmp_path):
        pass
    document = json.loads(failed.value.payload)
    assert (document["errorType"], document["errorMessage"]) == (error_type, message)
    assert all(isinstance(line, str) for line in document.get("stackTrace", []))


def test_a_function_that_exits_ends_its_instance_without_an_error_document_of_its_own(tmp_path: Path) -> None:
    write_function(tmp_path, "sys.exit(3)")
    with instance_of(tmp_path) as instance, pytest.raises(InstanceFailed) as failed:
        instance.invoke(b"")
    assert json.loads(failed.value.payload) == {"errorMessage": "Process exited unexpectedly before completing request"}


def test_a_function_is_killed_at_its_time_limit(tmp_path: Path) -> None:
    write_function(tmp_path, "time.sleep(60)")
    with (
        instance_of(tmp_path, timeout=1) as instance,
        pytest.raises(InstanceFailed, match="Function timed out after 1 seconds"),
    ):
        instance.invoke(b"")


def test_an_initializer_has_a_time_limit_of_its_own(tmp_path: Path) -> None:
    write_function(tmp_path, "pass", initialize="time.sleep(60)")
    with (
        pytest.raises(InstanceFailed, match="initialization timed out after 1 seconds"),
        instance_of(tmp_path, initializer_timeout=1),
    ):
        pass


def test_loggers_write_in_the_runtimes_format_and_prints_as_they_are(tmp_path: Path) -> None:
    code = """
    import logging
    logging.getLogger("library").info("by a logger")
    logging.getLogger("library").debug("too low")
    print("by print")
    """
    with TemporaryFile() as logs:
        with instance_of(write_function(tmp_path, code), logs=logs) as instance:
            instance.invoke(b"", request_id="1-1-2-3")
        logs.seek(0)
        first, second = logs.read().decode().splitlines()
    assert first[10:] == f"{first[10:24]} 1-1-2-3 [INFO] by a logger"
    assert first[23] == "Z"
    assert second == "by print"
