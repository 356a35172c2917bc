"""Function 2 by phones alone: whom a run texts, in what order, when it stops, and what it reports."""

import json
import socket
import string
import tracemalloc
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timezone
from typing import Any

import pytest
import requests
from requests.adapters import HTTPAdapter

import resend_pending_verifications
from fcapi.errors import EventFailed, EventRejected, MalformedEvent, UnrecognizedEvent
from fcapi.testing import PythonVersion
from local.emulator.contacts import Details
from local.emulator.server import Emulator
from tests.handlers import REQUEST, RUNTIMES, Clock, LocalFunction, http_event
from tests.integration.raw_server import RawServer, http_answer, raw_server
from tests.stores import pass_time, store_settings, valkey

DAY = 24 * 60 * 60
NOON = 1_793_592_000.0  # 12:00 of a day in UTC+8


def tick(clock: Clock | None = None, payload: object = "") -> dict[str, object]:
    time = datetime.fromtimestamp(clock.time if clock else NOON, timezone.utc)
    return {"triggerTime": time.strftime("%Y-%m-%dT%H:%M:%SZ"), "triggerName": "daily", "payload": payload}


def sweeper(url: str, **settings: str) -> LocalFunction:
    return LocalFunction(url, {"SWEEP_CHANNELS": "phone", **settings}, module=resend_pending_verifications)


def name_of(number: int) -> str:
    letters = string.ascii_lowercase
    return "Contact" + letters[number // 676 % 26] + letters[number // 26 % 26] + letters[number % 26]


def add_contacts(emulator: Emulator, count: int) -> None:
    """Put in contacts, each with a number and an e-mail address of its own, and take the first one's as verified."""
    for number in range(count):
        details = Details(name_of(number), f"{number}@example.com", f"86-139{number:08}", "Other", ("SecurityMessage",))
        emulator.directory.add(details)


class SlowListing(HTTPAdapter):
    """Lets so many seconds of a test's clock pass with each page of the listing."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        super().__init__()
        self._clock = clock
        self._seconds = seconds

    def send(self, request: requests.PreparedRequest, *others: Any, **named: Any) -> requests.Response:
        if request.headers["x-acs-action"] == "ListMessageContactVerifications":
            self._clock.time += self._seconds
        return super().send(request, *others, **named)


def numbers_texted(emulator: Emulator) -> list[str]:
    return [message.target for message in emulator.directory.messages()]


def inject(emulator: Emulator, **fault: Any) -> None:
    requests.post(f"{emulator.url}/_emulator/faults", json=fault, timeout=5).raise_for_status()


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_a_run_texts_what_is_pending_and_counts_it(emulator: Emulator, runtime: PythonVersion) -> None:
    add_contacts(emulator, 3)
    invoked = sweeper(emulator.url)(tick(), runtime)
    counts = {"Pending": 4, "Sent": 4, "Skipped": 0, "Failed": 0, "Left": 0, "DryRun": False, "StoppedBy": None}
    assert invoked.result == counts
    *lines, last = invoked.lines
    assert [(line["message"], line["outcome"], line["trigger"]) for line in lines] == [
        ("phone verification", "sent", "timer")
    ] * 4
    assert [line["delivery_index"] for line in lines] == [0, 1, 2, 3]
    assert (last["message"], last["level"]) == ("sweep finished", "INFO")
    assert (last["pending"], last["sent"], last["left"], last["dry_run"]) == (4, 4, 0, False)
    assert len(set(numbers_texted(emulator))) == 4


def test_a_directory_with_nothing_pending_is_no_error(emulator: Emulator) -> None:
    emulator.directory.delete("c-qL4HqKONzOM7abcd", at_once=True)
    assert sweeper(emulator.url)(tick()).result["Pending"] == 0


def test_a_run_sends_no_more_than_its_budget_and_says_so(emulator: Emulator) -> None:
    add_contacts(emulator, 30)
    result = sweeper(emulator.url)(tick()).result
    assert (result["Pending"], result["Sent"], result["Left"], result["StoppedBy"]) == (31, 20, 11, "Budget")
    assert len(numbers_texted(emulator)) == 20


def test_the_daily_limit_ends_a_run_without_an_error() -> None:
    with Emulator(daily_limit=3) as limited:
        add_contacts(limited, 9)
        invoked = sweeper(limited.url)(tick())
    assert invoked.result == {
        "Pending": 10,
        "Sent": 3,
        "Skipped": 0,
        "Failed": 0,
        "Left": 7,
        "DryRun": False,
        "StoppedBy": "DailyLimit",
    }
    assert {line["level"] for line in invoked.lines} == {"INFO"}


@pytest.mark.parametrize("payload", ['{"DryRun": true}', {"DryRun": True}])
def test_a_dry_run_sends_nothing_and_says_what_it_would_do(emulator: Emulator, payload: object) -> None:
    add_contacts(emulator, 2)
    invoked = sweeper(emulator.url, MAX_SENDS_PER_RUN="2")(tick(payload=payload))
    assert invoked.result == {
        "Pending": 3,
        "Sent": 2,
        "Skipped": 0,
        "Failed": 0,
        "Left": 1,
        "DryRun": True,
        "StoppedBy": "Budget",
    }
    assert [line["message"] for line in invoked.lines] == ["would send", "would send", "sweep finished"]
    assert all(line["phone_number"].count("*") == 4 for line in invoked.lines[:-1])
    assert numbers_texted(emulator) == []


@pytest.mark.parametrize("payload", ["", "awesome-fc", "{", '{"DryRun": "yes"}', '{"DryRun": 1}', "[]", None, "null"])
def test_any_other_payload_means_the_defaults(emulator: Emulator, payload: object) -> None:
    assert sweeper(emulator.url)(tick(payload=payload)).result["Sent"] == 1


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        (http_event(), UnrecognizedEvent),
        (REQUEST, UnrecognizedEvent),
        (b"tick", UnrecognizedEvent),
        ({**tick(), "triggerTime": "soon"}, MalformedEvent),
    ],
)
def test_what_is_no_tick_of_a_timer_is_refused(emulator: Emulator, event: object, kind: type[EventRejected]) -> None:
    invoked = sweeper(emulator.url)(event)
    assert type(invoked.error) is kind
    assert invoked.line["message"] == "event failed"
    assert numbers_texted(emulator) == []


@pytest.mark.parametrize("timeout", [1, 60])
def test_a_function_without_credentials_is_misconfigured(emulator: Emulator, timeout: int) -> None:
    function = LocalFunction(emulator.url, credentials=None, module=resend_pending_verifications)
    invoked = function(tick(), timeout=timeout)
    assert str(invoked.error) == "Not all that was tried was done: FunctionMisconfigured (1)."
    failure, last = invoked.lines
    assert (failure["message"], failure["level"]) == ("listing failed", "ERROR")
    assert (failure["code"], failure["upstream_code"]) == ("FunctionMisconfigured", "MissingCredentials")
    assert "give the function a role" in failure["warning"]
    assert (last["message"], last["level"]) == ("sweep finished", "ERROR")
    assert last["code"] == "FunctionMisconfigured"


LIST, SEND = "ListMessageContactVerifications", "SendPhoneVerificationForMessageContact"
NO_PERMISSION = {"Kind": "error", "Status": 403, "Code": "NoPermission", "Message": "x", "Times": 9}
LISTING_FAULTS: dict[str, tuple[dict[str, Any], str, str, bool]] = {
    # What goes wrong, the code, the API's own, and whether it answered with a RequestId.
    "refused": (NO_PERMISSION, "FunctionMisconfigured", "NoPermission", True),
    "an unknown code": ({**NO_PERMISSION, "Code": "Odd.Code"}, "UpstreamError", "Odd.Code", True),
    "a code with a year": ({**NO_PERMISSION, "Code": "Odd.2026"}, "UpstreamError", "Odd.2026", True),
    "throttled": ({"Kind": "throttle", "Times": 9}, "Throttling.User", "", True),
    "lost": ({"Kind": "drop_after", "Times": 9}, "UpstreamError", "NoAnswer", False),
    "late": ({"Kind": "delay", "Seconds": 5}, "UpstreamTimeout", "NoAnswer", False),
    "no JSON": ({"Kind": "garbage", "Times": 9}, "UpstreamError", "UnusableAnswer", False),
}


@pytest.mark.parametrize("fault", LISTING_FAULTS)
def test_a_listing_that_fails_is_logged_with_its_cause(emulator: Emulator, fault: str) -> None:
    given, code, upstream_code, has_request_id = LISTING_FAULTS[fault]
    inject(emulator, **given, Action=LIST)
    invoked = sweeper(emulator.url, MAX_ATTEMPTS="1", READ_TIMEOUT_SECONDS="0.3")(tick())
    failure, last = invoked.lines
    assert (failure["message"], failure["level"], failure["code"]) == ("listing failed", "ERROR", code)
    assert failure.get("upstream_code", "") == upstream_code
    assert ("api_request_id" in failure) is has_request_id
    assert (last["message"], last["level"], last["code"]) == ("sweep finished", "ERROR", code)


def test_an_endpoint_that_refuses_connections_and_a_store_that_is_away_are_causes_too(emulator: Emulator) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with valkey() as gone:
        settings = store_settings(gone)
    unreachable = sweeper(f"http://127.0.0.1:{port}", MAX_ATTEMPTS="1")(tick())
    without_store = sweeper(emulator.url, **settings)(tick())
    for invoked, code in ((unreachable, "UpstreamUnreachable"), (without_store, "CooldownStoreUnavailable")):
        assert [(line["message"], line["code"]) for line in invoked.lines] == [
            ("listing failed", code),
            ("sweep finished", code),
        ]
    assert without_store.lines[0]["upstream_code"] == "ConnectionRefusedError"


def test_a_listing_without_a_list_is_logged_with_its_request_id() -> None:
    with raw_server(lambda connection: connection.sendall(http_answer(b'{"RequestId": "A-1"}'))) as server:
        failure, last = sweeper(server.url)(tick()).lines
    assert (failure["upstream_code"], failure["api_request_id"]) == ("UnusableAnswer", "A-1")
    assert last["code"] == "UpstreamError"


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (None, None),
        ({**NO_PERMISSION, "Code": "SendValidateCodeExceedsLimitForAccount", "Status": 409}, None),
        ({**NO_PERMISSION, "Code": "InvalidParameter.PhoneNumber", "Status": 400}, None),
        ({**NO_PERMISSION, "Code": "InvalidParameter.PhoneNumber", "Status": 400, "Times": 1}, None),
        ({**NO_PERMISSION, "Code": "EntityNotExists.Contact", "Status": 404}, None),
        ({"Kind": "throttle", "Times": 1}, None),
        ({"Kind": "throttle", "Times": 9}, "Throttling.User"),
        ({"Kind": "drop_after", "Times": 9}, "UpstreamError"),
        (NO_PERMISSION, "FunctionMisconfigured"),
    ],
)
def test_a_run_ends_with_the_code_of_what_kept_it_from_its_work(
    emulator: Emulator, fault: dict[str, Any] | None, code: str | None
) -> None:
    """The daily limit is none, and neither are single numbers that cannot be texted; each has its own line."""
    add_contacts(emulator, 2)
    if fault is not None:
        inject(emulator, **fault, Action=SEND)
    *lines, last = sweeper(emulator.url, MAX_ATTEMPTS="1")(tick()).lines
    assert last.get("code") == code
    for line in lines:
        assert (line["outcome"] == "sent") is ("code" not in line)
        assert line["api_request_id"] if line.get("code") != "UpstreamError" else line["upstream_code"]


def test_the_failure_that_ended_a_run_is_told_from_those_before_it(emulator: Emulator) -> None:
    add_contacts(emulator, 3)
    inject(emulator, Kind="throttle", Times=2, Action=SEND)
    inject(emulator, **NO_PERMISSION, Action=SEND)
    assert sweeper(emulator.url, MAX_ATTEMPTS="1")(tick()).lines[-1]["code"] == "FunctionMisconfigured"


def test_a_run_that_sends_nothing_is_told_from_one_whose_numbers_are_all_refused(emulator: Emulator) -> None:
    add_contacts(emulator, 3)
    refused = {**NO_PERMISSION, "Code": "InvalidParameter.MobileCountryCode", "Status": 400, "Times": 3}
    inject(emulator, **refused, Action=SEND)
    inject(emulator, Kind="throttle", Times=1, Action=SEND)
    assert sweeper(emulator.url, MAX_ATTEMPTS="1")(tick()).lines[-1]["code"] == "Throttling.User"


def test_one_failure_does_not_stop_the_others_and_fails_the_run_at_last(emulator: Emulator) -> None:
    add_contacts(emulator, 3)
    inject(
        emulator,
        Kind="error",
        Status=400,
        Code="InvalidParameter.MobileCountryCode",
        Message="x",
        Action="SendPhoneVerificationForMessageContact",
    )
    invoked = sweeper(emulator.url)(tick())
    assert type(invoked.error) is EventRejected
    assert str(invoked.error) == "Not all that was tried was done: InvalidParameter.MobileCountryCode (1)."
    last = invoked.lines[-1]
    assert (last["message"], last["level"], last["sent"], last["failed"]) == ("sweep finished", "ERROR", 3, 1)
    assert last["left"] == 0
    assert len(numbers_texted(emulator)) == 3


def test_a_lost_answer_fails_the_run_as_one_that_may_be_helped(emulator: Emulator) -> None:
    inject(emulator, Kind="drop_after", Action="SendPhoneVerificationForMessageContact")
    invoked = sweeper(emulator.url)(tick())
    assert type(invoked.error) is EventFailed
    assert "UpstreamError (1)" in str(invoked.error)


def test_a_run_ends_when_another_attempt_would_not_fit_the_time_limit(emulator: Emulator) -> None:
    invoked = sweeper(emulator.url)(tick(), timeout=10)  # below the 13 seconds of one attempt
    result = invoked.result
    assert (result["Sent"], result["Left"], result["StoppedBy"]) == (0, 1, "Deadline")
    assert (invoked.line["level"], invoked.line["code"]) == ("INFO", "NotAttempted")


def test_with_a_store_a_number_within_its_window_is_skipped(
    emulator: Emulator, store: dict[str, str], server: Any
) -> None:
    clock = Clock()
    LocalFunction(emulator.url, store).kept(clock)(REQUEST)
    function = sweeper(emulator.url, **store)
    assert function.kept(clock)(tick(clock)).result["Skipped"] == 1
    pass_time(server, DAY)
    assert function.kept(clock)(tick(clock)).result["Sent"] == 1
    assert len(numbers_texted(emulator)) == 2


@pytest.mark.parametrize("ends_before_its_answer", [False, True])
def test_a_number_that_another_instance_took_meanwhile_is_skipped(
    emulator: Emulator,
    store: dict[str, str],
    ends_before_its_answer: bool,
) -> None:
    """The other one has texted it, or was killed over it. The number that the run is at is the run's own."""
    add_contacts(emulator, 1)
    pending = [
        {"ContactId": each.contact_id, "PhoneNumber": each.phone.pending} for each in emulator.directory.contacts()
    ]
    clock = Clock()

    class Killed(HTTPAdapter):
        def send(self, *_: Any, **__: Any) -> Any:
            raise KeyboardInterrupt

    class Meanwhile(HTTPAdapter):
        def send(self, request: requests.PreparedRequest, *others: Any, **named: Any) -> requests.Response:
            if request.headers["x-acs-action"] == SEND:
                adapter = Killed() if ends_before_its_answer else HTTPAdapter()
                other = LocalFunction(emulator.url, store).kept(clock, adapter=adapter)
                for each in pending:
                    with suppress(KeyboardInterrupt):
                        other(each)
            return super().send(request, *others, **named)

    result = sweeper(emulator.url, **store).kept(clock, adapter=Meanwhile())(tick(clock)).result
    assert (result["Sent"], result["Skipped"], result["Left"]) == (1, 1, 0)


def test_with_a_store_a_number_is_given_up_and_counted_until_30_days_have_passed(
    emulator: Emulator, store: dict[str, str], server: Any
) -> None:
    clock = Clock()
    function = sweeper(emulator.url, **store).kept(clock)
    for _ in range(3):
        assert function(tick(clock)).result["Sent"] == 1
        pass_time(server, DAY)
    given_up = function(tick(clock))
    assert (given_up.result["Sent"], given_up.result["Skipped"]) == (0, 1)
    assert given_up.line["given_up"] == 1
    pass_time(server, 26.5 * DAY)  # the first text is 29.5 days old
    assert function(tick(clock)).line["given_up"] == 1
    pass_time(server, 1.5 * DAY)
    assert function(tick(clock)).result["Sent"] == 1


def test_a_slow_listing_leaves_half_of_the_time_for_sending(emulator: Emulator) -> None:
    """Two pages at 12 seconds each do not fit into half of 41 seconds, an attempt of 13 fits into the rest."""
    add_contacts(emulator, 120)
    clock = Clock()
    function = sweeper(emulator.url, MAX_SENDS_PER_RUN="1").kept(clock, adapter=SlowListing(clock, seconds=12))
    invoked = function(tick(clock), timeout=41)
    assert (invoked.result["Sent"], invoked.result["StoppedBy"]) == (1, "Deadline")
    assert "code" not in invoked.lines[-1]


def test_without_its_store_nothing_is_sent(emulator: Emulator) -> None:
    with valkey() as gone:
        settings = store_settings(gone)
    invoked = sweeper(emulator.url, **settings)(tick())
    assert type(invoked.error) is EventFailed
    assert "CooldownStoreUnavailable" in str(invoked.error)
    assert numbers_texted(emulator) == []


Pages = Callable[[int], list[dict[str, str]]]


@contextmanager
def page_server(pages: Pages, total: object, size: object = 100, refused: Collection[str] = ()) -> Iterator[RawServer]:
    """Serve pages of a listing, and accept every text but to `refused` numbers; fail for a page that is not a list."""
    running: list[RawServer] = []

    def answer(connection: socket.socket) -> None:
        request = running[0].received[-1].decode()
        document: dict[str, Any] = {"RequestId": "R"}
        if "ListMessageContactVerifications" in request:
            number = int(request.partition("PageNumber=")[2].partition("&")[0])
            document |= {"TotalCount": total, "PageSize": size, "ContactVerifications": pages(number)}
        if request.partition("PhoneNumber=")[2].partition(" ")[0] in refused:
            refusal = b'{"Code": "InvalidParameter.MobileCountryCode", "RequestId": "R"}'
            connection.sendall(http_answer(refusal, "400 Bad Request"))
        else:
            connection.sendall(http_answer(json.dumps(document).encode()))

    with raw_server(answer) as server:
        running.append(server)
        yield server


def entry(number: int) -> dict[str, str]:
    return {"ContactId": f"c-{number:08}A", "Target": f"86-139{number:08}"}


def test_a_listing_goes_on_behind_pages_without_an_entry_that_can_be_used() -> None:
    unusable = [{"ContactId": "c-1"}] * 100
    with page_server(lambda number: unusable if number < 3 else [entry(1)], 201) as server:
        assert sweeper(server.url)(tick()).result["Sent"] == 1


def test_a_number_in_the_answer_to_a_listing_is_not_logged() -> None:
    refusal = http_answer(b'{"Code": "NoPermission", "RequestId": "A13900001234"}', "403 Forbidden")
    with raw_server(lambda connection: connection.sendall(refusal)) as server:
        failure, _ = sweeper(server.url)(tick()).lines
    assert (failure["message"], failure["upstream_code"]) == ("listing failed", "NoPermission")
    assert failure["api_request_id"] == "A****34"


def texted(server: RawServer) -> list[str]:
    sends = [request.decode() for request in server.received if b"SendPhoneVerification" in request]
    return [request.partition("PhoneNumber=")[2].partition(" ")[0] for request in sends]


@pytest.mark.parametrize(
    ("pages", "total", "pending"),
    [
        (lambda number: [entry(i) for i in range(100)] if number == 1 else [], 100, 100),
        (lambda _: [entry(i) for i in range(100)], 250, 100),  # the same page again, whatever is asked for
        (lambda number: [entry(i) for i in range(60 * number, 60 * number + 60)], 60, 60),
        (lambda number: [entry(i) for i in range(90 * number, 90 * number + (100 if number < 3 else 7))], 0, 190),
        (lambda number: [entry(i) for i in range(100 * number, 100 * number + 60)] if number < 5 else [], 10**9, 240),
        (lambda number: [entry(i) for i in range(30)] if number == 1 else [], 10**9, 30),
    ],
)
def test_a_listing_ends_with_its_count_reached_or_a_page_that_comes_again(
    pages: Pages, total: int, pending: int
) -> None:
    with page_server(pages, total) as server:
        result = sweeper(server.url)(tick()).result
    assert result["Pending"] == pending
    assert result["Sent"] == 20
    assert len(texted(server)) == len(set(texted(server))) == 20


def pages_called(server: RawServer) -> list[str]:
    listings = [request.decode() for request in server.received if b"ListMessageContactVerifications" in request]
    return [request.partition("PageNumber=")[2].partition("&")[0] for request in listings]


@pytest.mark.parametrize(
    ("lengths", "pending", "called"),
    [
        ([99, 100, 50], 249, 4),  # one of 250 is hidden: only an empty page tells that no more come
        ([100, 99, 51], 250, 3),
        ([50] * 5, 250, 5),  # a server that gives no more than 50, and does not say so
        ([100, 0, 50], 150, 4),  # all of a page is hidden
    ],
)
def test_a_short_page_is_not_the_last_while_the_count_says_that_more_come(
    lengths: list[int], pending: int, called: int
) -> None:
    def pages(number: int) -> list[dict[str, str]]:
        first = 1000 * number
        return [entry(i) for i in range(first, first + lengths[number - 1])] if number <= len(lengths) else []

    with page_server(pages, 250) as server:
        assert sweeper(server.url)(tick()).result["Pending"] == pending
    assert pages_called(server) == [str(number) for number in range(1, called + 1)]


def test_a_listing_without_end_is_left_at_the_deadline() -> None:
    clock = Clock()

    def pages(number: int) -> list[dict[str, str]]:
        clock.time += 5
        return [entry(i) for i in range(1000 * number, 1000 * number + 99)]

    with page_server(pages, 10**9) as server:
        result = sweeper(server.url, MAX_SENDS_PER_RUN="1").kept(clock)(tick(clock), timeout=61).result
    assert len(pages_called(server)) == 6
    assert (result["Pending"], result["Sent"], result["StoppedBy"]) == (6 * 99, 1, "Deadline")


@pytest.mark.parametrize("verifications", [{}, {"ContactVerifications": None}, {"ContactVerifications": []}], ids=str)
def test_no_list_and_a_count_of_0_are_an_empty_listing(verifications: dict[str, Any]) -> None:
    document = {"RequestId": "R", "PageNumber": 1, "PageSize": 100, "TotalCount": 0, **verifications}
    with raw_server(lambda connection: connection.sendall(http_answer(json.dumps(document).encode()))) as server:
        invoked = sweeper(server.url)(tick())
    assert invoked.result["Pending"] == 0
    assert invoked.line["level"] == "INFO"


@pytest.mark.parametrize("total", [{}, {"TotalCount": 1}, {"TotalCount": None}, {"TotalCount": "0"}], ids=str)
@pytest.mark.parametrize("verifications", [{}, {"ContactVerifications": None}], ids=str)
def test_no_list_without_a_count_of_0_is_no_listing(verifications: dict[str, Any], total: dict[str, Any]) -> None:
    document = {"RequestId": "R", **total, **verifications}
    with raw_server(lambda connection: connection.sendall(http_answer(json.dumps(document).encode()))) as server:
        invoked = sweeper(server.url)(tick())
    assert "UpstreamError (1)" in str(invoked.error)


@pytest.mark.parametrize(("total", "size"), [(None, None), ("7", "100"), (-7, -100), ([], {})])
def test_a_listing_whose_counts_are_none_is_walked_until_a_short_page(total: object, size: object) -> None:
    with page_server(lambda _: [entry(1), entry(2)], total, size) as server:
        result = sweeper(server.url)(tick()).result
    assert (result["Pending"], result["Sent"]) == (2, 2)


def test_an_entry_that_is_listed_twice_is_texted_and_counted_once() -> None:
    with page_server(lambda _: [entry(1), entry(2), entry(1), entry(2)], 4) as server:
        result = sweeper(server.url)(tick()).result
    assert sorted(texted(server)) == ["86-13900000001", "86-13900000002"]
    assert (result["Pending"], result["Left"], result["StoppedBy"]) == (2, 0, None)


@pytest.mark.parametrize("added", [1, 60])
def test_an_entry_that_moves_to_the_next_page_meanwhile_counts_once(store: dict[str, str], added: int) -> None:
    """So many contacts are added between two pages; in the second run, all are within their windows."""

    def pages(number: int) -> list[dict[str, str]]:
        return [entry(i) for i in (range(100), range(100 - added, 130))[number - 1]]

    with page_server(pages, 130) as server:
        function = sweeper(server.url, MAX_SENDS_PER_RUN="200", **store)
        first, second = function(tick()).result, function(tick()).result
    assert len(texted(server)) == len(set(texted(server))) == 130
    assert (first["Pending"], first["Sent"], first["Left"], first["StoppedBy"]) == (130, 130, 0, None)
    assert (second["Pending"], second["Skipped"], second["Left"], second["StoppedBy"]) == (130, 130, 0, None)


def test_a_server_that_serves_smaller_pages_is_walked_through() -> None:
    def pages(number: int) -> list[dict[str, str]]:
        return [entry(i) for i in range((number - 1) * 10, min(number * 10, 45))]

    with page_server(pages, 45, size=10) as server:
        assert sweeper(server.url)(tick()).result["Pending"] == 45


@pytest.mark.parametrize(
    "odd",
    [
        {"ContactId": "\ud800", "Target": "86-13900000002"},
        {"Target": 7},
        {"ContactId": "c-1"},
        {},
        None,
        {"ContactId": "c-1", "Target": "x@y"},
        {"ContactId": "c-1", "Target": "86-"},
        {"ContactId": "c-1", "Target": "-13900000002"},
    ],
)
def test_an_entry_that_names_no_number_is_passed_over(odd: Any) -> None:
    with page_server(lambda _: [odd, entry(1)], 2) as server:
        assert sweeper(server.url)(tick()).result["Pending"] == 1
    assert texted(server) == ["86-13900000001"]


def test_a_listing_that_breaks_off_fails_the_run_but_what_was_seen_is_sent() -> None:
    def pages(number: int) -> Any:
        return [entry(i) for i in range(100)] if number == 1 else None

    with page_server(pages, 200) as server:
        invoked = sweeper(server.url)(tick())
    assert type(invoked.error) is EventFailed
    assert str(invoked.error) == "Not all that was tried was done: UpstreamError (1)."
    assert (invoked.lines[-1]["pending"], invoked.lines[-1]["sent"], invoked.lines[-1]["level"]) == (100, 20, "ERROR")
    assert invoked.lines[-1]["code"] == "UpstreamError"
    assert len(texted(server)) == 20


def test_who_was_texted_most_comes_last_in_a_run(store: dict[str, str], server: Any) -> None:
    """So it is whom the daily limit or the deadline leaves out."""
    clock = Clock(time=NOON)
    with page_server(lambda _: [entry(1)], 1) as one:
        sweeper(one.url, **store).kept(clock)(tick(clock))
    clock.time += DAY
    pass_time(server, DAY)
    with page_server(lambda _: [entry(number) for number in range(4)], 4) as four:
        sweeper(four.url, **store).kept(clock)(tick(clock))
    assert sorted(texted(four)) == [entry(number)["Target"] for number in range(4)]
    assert texted(four)[-1] == entry(1)["Target"]


@pytest.mark.parametrize(
    ("pending", "window", "runs", "a_run"),
    [pytest.param(60, 3600, 8, 15, id="hourly"), pytest.param(250, DAY, 10, 50, id="three pages")],
)
def test_without_a_store_the_runs_reach_everybody_in_turn(pending: int, window: int, runs: int, a_run: int) -> None:
    """In twice as many runs as it would take if no number got a second text before each had its first."""
    clock = Clock(time=NOON)

    def pages(number: int) -> list[dict[str, str]]:
        return [entry(i) for i in range((number - 1) * 100, min(number * 100, pending))]

    with page_server(pages, pending) as server:
        for _ in range(runs):
            settings = {"MAX_SENDS_PER_RUN": str(a_run), "SWEEP_COOLDOWN_SECONDS": str(window)}
            sweeper(server.url, **settings).kept(clock)(tick(clock))  # a new instance each time
            clock.time += window
        assert len(set(texted(server))) == pending


def test_a_text_that_failed_is_logged_as_an_error(emulator: Emulator) -> None:
    inject(emulator, Kind="drop_after", Action="SendPhoneVerificationForMessageContact")
    invoked = sweeper(emulator.url, LOG_LEVEL="ERROR")(tick())
    assert [(line["message"], line.get("outcome")) for line in invoked.lines] == [
        ("phone verification", "unknown"),
        ("sweep finished", None),
    ]


def peak_bytes(pending: int) -> int:
    """Return how much memory a run takes at its peak, with so many numbers pending."""

    def pages(number: int) -> list[dict[str, str]]:
        return [entry(i) for i in range((number - 1) * 100, min(number * 100, pending))]

    with page_server(pages, pending) as server:
        function = sweeper(server.url).kept()
        tracemalloc.start()
        try:
            assert function(tick()).result["Pending"] == pending
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()


def test_memory_stays_flat_at_ten_thousand_pending() -> None:
    peak_bytes(200)  # whatever a first run loads
    # Held all at once, the entries alone would be three million; one of these runs differs by up to one, from garbage.
    assert peak_bytes(10_050) < peak_bytes(550) + 2_000_000
