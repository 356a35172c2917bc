"""The `traceparent` header."""

import pytest

from fcapi.events.http_request import trace_id_of

TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.mark.parametrize("version", ["00", "0a", "fe"])
@pytest.mark.parametrize("flags", ["00", "01", "af"])
def test_a_valid_header_has_a_trace_id(version: str, flags: str) -> None:
    assert trace_id_of(f"{version}-{TRACE_ID}-00f067aa0ba902b7-{flags}") == TRACE_ID


@pytest.mark.parametrize(
    "header",
    [
        "",
        TRACE_ID,
        f"ff-{TRACE_ID}-00f067aa0ba902b7-01",
        f"00-{'0' * 32}-00f067aa0ba902b7-01",
        f"00-{TRACE_ID}-{'0' * 16}-01",
        f"00-{TRACE_ID.upper()}-00f067aa0ba902b7-01",
        f"00-{TRACE_ID}-00f067aa0ba902b7-01\nx: y",
    ],
)
def test_an_invalid_header_has_none(header: str) -> None:
    assert trace_id_of(header) is None
