"""Gives the answer that a fault makes of a request."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from socket import SHUT_RDWR, socket

from flask import Response

from local.emulator.errors import ApiError, refusal
from local.emulator.faults import DelayFault, ErrorFault, Fault, ThrottleFault
from local.emulator.responses import error_answer

REDIRECT_TARGET = "/_emulator/redirected"


@dataclass(frozen=True)
class Exchange:
    """What a fault can do to one request.

    `perform` does the operation and gives its normal answer, `connection` is the caller's, `pause` waits so many
    seconds (less when the emulator stops).
    """

    request_id: str
    perform: Callable[[], Response]
    connection: socket
    pause: Callable[[float], object]


def faulty_answer(fault: Fault, exchange: Exchange) -> Response:
    """Give the answer of this exchange under this fault; where the connection is dropped, it is not received."""
    if isinstance(fault, ErrorFault):
        error = ApiError(fault.code, status=fault.status, message=fault.message)
        return error_answer(error, exchange.request_id)
    if isinstance(fault, ThrottleFault):
        error = refusal("Throttling.User", retry_after_ms=fault.retry_after_ms)
        return error_answer(error, exchange.request_id)
    if isinstance(fault, DelayFault):
        exchange.pause(fault.seconds)
        return exchange.perform()
    match fault.kind:
        case "drop_before":
            return _dropped(exchange)
        case "drop_after":
            exchange.perform()
            return _dropped(exchange)
        case "half_answer":
            return _half_of(exchange.perform(), exchange.connection)
        case "garbage":
            exchange.perform()
            return Response("<html><body>It works!</body></html>", mimetype="text/html")
        case "redirect":
            return Response(status=302, headers={"Location": REDIRECT_TARGET})
        case "no_request_id":
            exchange.perform()
            return Response("{}", mimetype="application/json")


def _dropped(exchange: Exchange) -> Response:
    exchange.connection.shutdown(SHUT_RDWR)
    return Response()


def _half_of(answer: Response, connection: socket) -> Response:
    whole = answer.get_data()

    def half() -> Iterator[bytes]:
        yield whole[: len(whole) // 2]
        connection.shutdown(SHUT_RDWR)

    headers = {**answer.headers, "Content-Length": str(len(whole))}
    return Response(half(), status=answer.status_code, headers=headers)
