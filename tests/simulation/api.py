"""The API, behind a network that may fail: what it was asked to text, and when it did."""

import json
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from email.utils import formatdate
from http import HTTPStatus
from io import BytesIO
from typing import Any, NamedTuple, NoReturn

import requests
from requests.adapters import BaseAdapter
from urllib3 import HTTPResponse
from urllib3.exceptions import MaxRetryError, NewConnectionError

from tests.simulation.schedule import DAY, MIDNIGHT, Fault
from tests.simulation.world import World

SECONDS = 0.03
"""One way over the network."""
MAX_CLOCK_DIFFERENCE = 900.0

FAULTS: Sequence[Fault] = (
    ("unreachable", (0.0, 3.0)),
    ("throttled", (0.0, 2.0, 20.0)),
    ("unavailable", (0.0,)),
    ("daily limit", (0.0,)),
    ("refused", (0.0,)),
    ("slow there", (1.0, 6.0, 9.0)),
    ("slow back", (1.0, 6.0, 9.0)),
    ("request lost", (0.0, 10.0)),
    ("answer lost", (0.0, 10.0)),
    ("answer of no use", (0.0,)),
    ("request doubled, first answer", (0.0,)),
    ("request doubled, second answer", (0.0,)),
)


class Text(NamedTuple):
    """A text or a mail that was sent: when, to whom, under which RequestId, and the invocation that asked for it.

    The recipient of a text is a contact's id, that of a mail the id with an `@`.
    """

    at: float
    recipient: str
    request_id: str
    sender: Any


class Api:
    """The operations, as far as the functions use them. Whatever is pending stays so, however often it is sent to.

    `targets` are the number or the address of each recipient. `mails_per_day` is the API's limit of mails alone, and
    `seconds_of_mail` how long it takes for each.
    """

    def __init__(self, world: World, targets: Mapping[str, str], *, mails_per_day: int, seconds_of_mail: float) -> None:
        self._world = world
        self.targets = targets
        self.seconds_of_mail = seconds_of_mail
        self._mails_per_day = mails_per_day
        self._mails = Counter[int]()
        self._nonces: set[str] = set()
        self.texts: list[Text] = []

    def answer(self, request: Any, recipient: str, sender: Any, refusal: str | None) -> tuple[int, dict[str, str], Any]:
        """Do what a request asks for, unless there is a reason not to; return status, headers and document.

        `recipient` is the one in the request, if it is about one.
        """
        no_headers: dict[str, str] = {}
        request_id = f"R-{len(self._nonces)}"
        if refusal is not None:
            status, code = REFUSALS[refusal]
            return status, no_headers, {"Code": code, "Message": "no", "RequestId": request_id}
        nonce = request.headers["x-acs-signature-nonce"]
        if nonce in self._nonces:
            return 400, no_headers, {"Code": "SignatureNonceUsed", "Message": "no", "RequestId": request_id}
        self._nonces.add(nonce)
        if not self._is_fresh(request.headers["x-acs-date"]):
            date = {"Date": formatdate(self._world.now, usegmt=True)}  # no other answer needs one
            return 400, date, {"Code": "InvalidTimeStamp.Expired", "Message": "no", "RequestId": request_id}
        if request.headers["x-acs-action"] == "ListMessageContactVerifications":
            pending = [{"ContactId": each.rstrip("@"), "Target": target} for each, target in self.targets.items()]
            page = {"ContactVerifications": pending, "TotalCount": len(pending), "PageNumber": 1, "PageSize": 100}
            return 200, no_headers, {**page, "RequestId": request_id}
        if recipient.endswith("@"):
            today = int((self._world.now - MIDNIGHT) // DAY)
            if self._mails[today] >= self._mails_per_day:
                status, code = REFUSALS["daily limit"]
                return status, no_headers, {"Code": code, "Message": "no", "RequestId": request_id}
            self._mails[today] += 1
        self.texts.append(Text(self._world.now, recipient, request_id, sender))
        self._world.note(sender.name, f"SENT to {recipient}, {request_id}")
        return 200, no_headers, {"RequestId": request_id}

    def _is_fresh(self, date: str) -> bool:
        now = self._world.now
        # Dates of this form sort as texts do; most are of this very second.
        return date == _date_at(now) or (
            _date_at(now - MAX_CLOCK_DIFFERENCE) <= date <= _date_at(now + MAX_CLOCK_DIFFERENCE)
        )


REFUSALS: Mapping[str, tuple[int, str]] = {
    "throttled": (400, "Throttling.User"),
    "unavailable": (503, "ServiceUnavailable"),
    "daily limit": (409, "SendValidateCodeExceedsLimitForAccount"),
    "refused": (404, "EntityNotExists.Contact"),
}


class ApiAdapter(BaseAdapter):
    """Sends the requests of one instance; `caller` returns its present invocation."""

    def __init__(self, api: Api, world: World, caller: Callable[[], Any]) -> None:
        super().__init__()
        self._api = api
        self._world = world
        self._caller = caller

    def send(self, request: Any, *_: Any, timeout: Any = None, **__: Any) -> requests.Response:
        """Send a request and return its answer, or raise what `requests` raises."""
        caller = self._caller()
        connect_timeout, read_timeout = timeout
        # To parse the whole query would take a twentieth of a schedule; no id of these has to be decoded.
        recipient = request.url.partition("ContactId=")[2].partition("&")[0]
        recipient += "@" if "EmailAddress=" in request.url else ""
        deviation = caller.choose(f"API: {recipient or 'list'}", FAULTS)
        fault, value = (deviation.fault, deviation.value) if deviation else ("", 0.0)
        if fault == "unreachable":
            caller.wait(min(value, connect_timeout))
            _raise_not_connected()
        if fault not in REFUSALS:
            caller.maybe_texted.add(recipient)
        there = SECONDS + (value if fault == "slow there" else 0)
        there += self._api.seconds_of_mail if recipient.endswith("@") else 0
        if fault == "request lost" or there >= read_timeout:
            caller.wait(min(value + there, read_timeout))
            raise requests.ReadTimeout
        caller.wait(there)
        answer = self._api.answer(request, recipient, caller, fault if fault in REFUSALS else None)
        if fault.startswith("request doubled"):
            second = self._api.answer(request, recipient, caller, None)
            answer = second if fault.endswith("second answer") else answer
        caller.may_be_killed_after(deviation)
        back = SECONDS + (value if fault == "slow back" else 0)
        if fault == "answer lost" or there + back >= read_timeout:
            caller.wait(max(min(value + back, read_timeout - there), 0))
            raise requests.ReadTimeout
        caller.wait(back)
        status, headers, document = answer
        if fault == "throttled" and value:
            headers["x-acs-retry-after"] = str(int(value * 1000))
        if fault == "answer of no use":
            document = {}
        elif status != HTTPStatus.OK and not fault.startswith("request doubled"):
            caller.maybe_texted.discard(recipient)
        return _response(status, headers, document)

    def close(self) -> None:
        """Close nothing."""


def _date_at(moment: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment))


def _response(status: int, headers: Mapping[str, str], document: object) -> requests.Response:
    response = requests.Response()
    response.status_code = status
    response.headers.update(headers)
    response.raw = HTTPResponse(BytesIO(json.dumps(document).encode()), status=status, preload_content=False)
    return response


def _raise_not_connected() -> NoReturn:
    raise requests.ConnectionError(MaxRetryError(None, "/", NewConnectionError(None, "no")))  # type: ignore[arg-type] # no pool
