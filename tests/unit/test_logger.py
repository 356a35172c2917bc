"""The log line."""

import ast
import json
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fcapi.logger import Level, Logger, invocation_fields
from fcapi.testing import make_context

FUNCTIONS = Path(__file__).parents[2] / "functions"
BEIJING = timezone(timedelta(hours=8))


class Lines(list[str]):
    """Collects what a logger writes."""

    def logger(self, level: Level = "INFO") -> Logger:
        return Logger("phone-verification", level, self.append, datetime(2026, 1, 2, 11, 4, 5, 6789, BEIJING).timestamp)

    def parsed(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self]


def test_a_line_is_one_flat_json_object_in_utc_milliseconds() -> None:
    lines = Lines()
    lines.logger().log("INFO", "hello", answer=42, nothing=None)
    assert lines.parsed() == [
        {
            "timestamp": "2026-01-02T03:04:05.006Z",
            "level": "INFO",
            "message": "hello",
            "service": "phone-verification",
            "answer": 42,
        }
    ]


@given(st.text(st.characters()))
@example("half of a character: \ud800")
def test_no_value_can_end_a_line_or_leave_ascii(value: str) -> None:
    lines = Lines()
    lines.logger().log("INFO", "hello", value=value)
    assert lines[0].isascii()
    assert lines[0].index("\n") == len(lines[0]) - 1


@pytest.mark.parametrize(
    ("level", "written"),
    [("DEBUG", ["DEBUG", "INFO", "WARNING", "ERROR"]), ("WARNING", ["WARNING", "ERROR"]), ("ERROR", ["ERROR"])],
)
def test_lines_below_the_level_are_not_written(level: Level, written: list[str]) -> None:
    lines = Lines()
    levels: list[Level] = ["DEBUG", "INFO", "WARNING", "ERROR"]
    for each in levels:
        lines.logger(level).log(each, "hello")
    assert [line["level"] for line in lines.parsed()] == written


def test_what_is_bound_for_one_invocation_is_not_there_in_the_next() -> None:
    lines = Lines()
    logger = lines.logger()
    logger.bind(contact_id="c-1").log("INFO", "hello")
    logger.log("INFO", "hello")
    first, second = lines.parsed()
    assert first["contact_id"] == "c-1"
    assert "contact_id" not in second


def raised(error: Exception) -> Exception:
    try:
        raise error
    except Exception as caught:  # noqa: BLE001 -- the test needs one with a trace
        return caught


def test_an_exception_is_fields_and_its_trace_is_redacted() -> None:
    lines = Lines()
    bug = raised(KeyError("no 86-13900001234 for local-token"))
    lines.logger().bind(["local-token"]).exception("internal error", bug)
    (line,) = lines.parsed()
    assert (line["level"], line["exception_name"]) == ("ERROR", "KeyError")
    assert "in raised" in line["exception"]
    assert "13900001234" not in lines[0]
    assert "local-token" not in lines[0]


@pytest.mark.parametrize("character", ["x", "\N{GRINNING FACE}", "\n", '"', "\x00"])
def test_a_line_stays_below_what_the_platform_cuts_off(character: str) -> None:
    lines = Lines()
    lines.logger().exception("internal error", raised(ValueError(character * 100_000)))
    assert len(lines[0]) < 32 * 1024


@pytest.mark.parametrize("size", [2_000, 1_000_000])
def test_of_a_trace_only_lines_that_code_may_have_are_looked_at(size: int) -> None:
    """A longer one is data of any size; a part of it could show the half of an address that does not look like one."""
    lines = Lines()
    lines.logger().exception("internal error", raised(ValueError("is wrong: " + "zhang, " * (size // 7))))
    (line,) = lines.parsed()
    assert "in raised" in line["exception"]
    assert ("zhang" in line["exception"]) == (size == 2_000)
    assert line["exception"].endswith("****\n") == (size > 2_000)


def test_of_a_long_trace_no_part_of_a_line_is_looked_at() -> None:
    lines = Lines()
    lines.logger().exception("internal error", raised(ValueError(f"zhang@{'x' * 1500}\n" * 200)))
    (line,) = lines.parsed()
    assert set(line["exception"].split()) == {"****"}


def test_the_context_is_told_by_the_names_of_the_powertools_logger() -> None:
    context = make_context("python3.10", request_id="1-request")
    assert invocation_fields(context) == {
        "function_name": "function",
        "function_version": "LATEST",
        "function_memory_size": 128,
        "function_request_id": "1-request",
        "correlation_id": "1-request",
        "region": "cn-hangzhou",
        "retry_count": 0,
    }


def test_a_message_is_a_constant_so_that_it_can_show_nothing() -> None:
    """What varies goes into fields, each of which is masked where it is made."""
    calls = [
        (path.name, node.args[argument])
        for path in FUNCTIONS.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        for name, argument in (("log", 1), ("exception", 0))
        if node.func.attr == name
    ]
    assert len(calls) > 5
    # By Logger.exception; and a constant of each channel.
    passed_on = (("logger.py", "message"), ("log_line.py", "channel.summary"))
    constant = [
        isinstance(message, ast.Constant) or (path, ast.unparse(message)) in passed_on for path, message in calls
    ]
    assert all(constant), calls
