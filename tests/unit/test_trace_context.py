"""The `traceparent` header."""

import pytest

from fcapi.events.http_request import trace_id_of

TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"


def test_a_valid_header_has_a_trace_id() -> None:
    assert trace_id_of(f"00-{TRACE_ID}-00f067aa0ba902b7-01") == TRACE_ID


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
