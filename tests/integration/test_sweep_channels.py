"""Function 2 by both channels: each has limits, records and counts of its own; neither stops or hides the other."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from requests.adapters import HTTPAdapter

import resend_pending_verifications
from fcapi.errors import EventFailed, EventRejected
from local.emulator.contacts import Details
from local.emulator.server import Emulator
from tests.handlers import REQUEST, Clock, LocalFunction
from tests.integration.test_sweep import (
    DAY,
    LIST,
    NO_PERMISSION,
    NOON,
    SEND,
    add_contacts,
    entry,
    inject,
    page_server,
    texted,
    tick,
)
from tests.stores import pass_time

MAIL = "SendEmailVerificationForMessageContact"
AT_LIMIT = {**NO_PERMISSION, "Code": "SendValidateCodeExceedsLimitForAccount", "Status": 409}
REFUSED = {**NO_PERMISSION, "Code": "InvalidParameter.ContactId", "Status": 400}
COUNTS = ("Pending", "Sent", "Skipped", "Failed", "Left", "StoppedBy")


class Recording(HTTPAdapter):
    """Keeps what was accepted, and the timeouts; lets so many seconds of a clock pass with each call of an action."""

    def __init__(self, clock: Clock | None = None, **seconds: float) -> None:
        super().__init__()
        self._clock = clock
        self._seconds = seconds
        self.texts: list[str] = []
        self.mails: list[str] = []
        self.timeouts: set[object] = set()

    def send(self, request: requests.PreparedRequest, *others: Any, **named: Any) -> requests.Response:
        action = request.headers["x-acs-action"]
        if self._clock is not None:
            self._clock.time += self._seconds.get(str(action), 0)
        self.timeouts.add(named["timeout"])
        response = super().send(request, *others, **named)
        query = parse_qs(urlsplit(str(request.url)).query)
        if response.status_code == 200:
            self.texts += query.get("PhoneNumber", [])
            self.mails += query.get("EmailAddress", [])
        return response


def sweeper(url: str, **settings: str) -> LocalFunction:
    return LocalFunction(url, {"MAX_ATTEMPTS": "1", **settings}, module=resend_pending_verifications)


def counts(result: Any) -> tuple[tuple[object, ...], tuple[object, ...]]:
    return tuple(result[name] for name in COUNTS), tuple(result["Emails"][name] for name in COUNTS)


def test_a_run_sends_by_both_channels_and_counts_each(emulator: Emulator) -> None:
    add_contacts(emulator, 1)
    details = Details("Mailonly", "zhang.san@example.com", None, "Other", ("SecurityMessage",))
    emulator.directory.add(details)
    clock, api = Clock(), Recording()
    invoked = sweeper(emulator.url).kept(clock, adapter=api)(tick())
    assert invoked.result == {
        "Pending": 2,
        "Sent": 2,
        "Skipped": 0,
        "Failed": 0,
        "Left": 0,
        "DryRun": False,
        "StoppedBy": None,
        "Emails": {"Pending": 3, "Sent": 3, "Skipped": 0, "Failed": 0, "Left": 0, "StoppedBy": None},
    }
    assert sorted(api.texts) == ["86-13900000000", "86-13900001234"]
    assert sorted(api.mails) == ["0@example.com", "operations@example.com", "zhang.san@example.com"]
    *lines, last = invoked.lines
    assert [(line["message"], line["delivery_index"], line["batch_size"], line["outcome"]) for line in lines] == [
        ("phone verification", 0, 5, "sent"),
        ("email verification", 1, 5, "sent"),
        ("phone verification", 2, 5, "sent"),
        ("email verification", 3, 5, "sent"),
        ("email verification", 4, 5, "sent"),
    ]
    assert sorted(line.get("phone_number") or line["email_address"] for line in lines) == [
        *("***@example.com", "86-139****0000", "86-139****1234", "o***@example.com", "z***@example.com")
    ]
    assert last["emails"] == {"pending": 3, "sent": 3, "skipped": 0, "given_up": 0, "failed": 0, "left": 0}
    assert (last["message"], last["level"], last["pending"], last["sent"]) == ("sweep finished", "INFO", 2, 2)


def test_without_the_channel_a_run_and_its_lines_are_those_of_phones_alone(emulator: Emulator) -> None:
    api = Recording()
    invoked = sweeper(emulator.url, SWEEP_CHANNELS="phone").kept(adapter=api)(tick())
    assert list(invoked.result) == ["Pending", "Sent", "Skipped", "Failed", "Left", "DryRun", "StoppedBy"]
    assert (invoked.result["Sent"], api.texts, api.mails) == (1, ["86-13900001234"], [])
    assert not any("email" in key for line in invoked.lines for key in line)


def test_with_that_channel_alone_only_mails_are_sent(emulator: Emulator) -> None:
    api = Recording()
    invoked = sweeper(emulator.url, SWEEP_CHANNELS="email").kept(adapter=api)(tick())
    assert counts(invoked.result) == ((0, 0, 0, 0, 0, None), (1, 1, 0, 0, 0, None))
    assert (api.texts, api.mails) == ([], ["operations@example.com"])


def test_each_channel_has_a_budget_of_its_own(emulator: Emulator) -> None:
    add_contacts(emulator, 9)
    result = sweeper(emulator.url, MAX_SENDS_PER_RUN="3", MAX_EMAILS_PER_RUN="4")(tick()).result
    assert counts(result) == ((10, 3, 0, 0, 7, "Budget"), (10, 4, 0, 0, 6, "Budget"))
    result = sweeper(emulator.url, MAX_SENDS_PER_RUN="30", MAX_EMAILS_PER_RUN="1")(tick()).result
    assert counts(result) == ((10, 10, 0, 0, 0, None), (10, 1, 0, 0, 9, "Budget"))


def test_a_dry_run_says_what_it_would_send_by_each(emulator: Emulator) -> None:
    api = Recording()
    invoked = sweeper(emulator.url).kept(adapter=api)(tick(payload='{"DryRun": true}'))
    assert counts(invoked.result) == ((1, 1, 0, 0, 0, None), (1, 1, 0, 0, 0, None))
    shown = [line.get("phone_number", line.get("email_address")) for line in invoked.lines[:-1]]
    assert shown == ["86-139****1234", "o***@example.com"]
    assert api.texts + api.mails == []


@pytest.mark.parametrize(
    ("action", "counted"),
    [
        (SEND, ((3, 0, 0, 0, 3, "DailyLimit"), (3, 3, 0, 0, 0, None))),
        (MAIL, ((3, 3, 0, 0, 0, None), (3, 0, 0, 0, 3, "DailyLimit"))),
    ],
)
def test_the_daily_limit_of_one_channel_is_not_that_of_the_other(
    emulator: Emulator, action: str, counted: tuple[object, object]
) -> None:
    add_contacts(emulator, 2)
    inject(emulator, **AT_LIMIT, Action=action)
    invoked = sweeper(emulator.url)(tick())
    assert counts(invoked.result) == counted
    assert {line["level"] for line in invoked.lines} == {"INFO"}
    limited = [line for line in invoked.lines if line.get("code") == "SendValidateCodeExceedsLimitForAccount"]
    assert len(limited) == 1


@pytest.mark.parametrize("code", ["NoPermission", "Forbidden.RAM", "Forbidden"])
def test_without_the_permission_for_mails_texts_are_sent_and_it_is_told_once(emulator: Emulator, code: str) -> None:
    add_contacts(emulator, 2)
    inject(emulator, **{**NO_PERMISSION, "Code": code}, Action=MAIL)
    invoked = sweeper(emulator.url)(tick())
    assert counts(invoked.result) == ((3, 3, 0, 0, 0, None), (3, 0, 0, 0, 3, "NoPermission"))
    *lines, last = invoked.lines
    (told,) = [line for line in lines if line["message"] == "email verification"]
    assert (told["level"], told["code"], told["upstream_code"]) == ("ERROR", "FunctionMisconfigured", code)
    assert "resourcemanager:SendEmailVerificationForMessageContact" in told["warning"]
    assert (last["level"], last.get("code"), last["failed"]) == ("INFO", None, 0)
    assert (last["emails"]["code"], last["emails"]["stopped_by"]) == ("FunctionMisconfigured", "NoPermission")


def test_without_the_permission_for_texts_mails_are_sent_and_the_run_fails_as_ever(emulator: Emulator) -> None:
    inject(emulator, **NO_PERMISSION, Action=SEND)
    api = Recording()
    invoked = sweeper(emulator.url).kept(adapter=api)(tick())
    assert str(invoked.error) == "Not all that was tried was done: FunctionMisconfigured (1)."
    assert api.mails == ["operations@example.com"]
    assert invoked.lines[-1]["code"] == "FunctionMisconfigured"


def test_of_a_single_channel_the_permission_must_be_there(emulator: Emulator) -> None:
    inject(emulator, **NO_PERMISSION, Action=MAIL)
    invoked = sweeper(emulator.url, SWEEP_CHANNELS="email")(tick())
    assert str(invoked.error) == "Not all that was tried was done: emails: FunctionMisconfigured (1)."
    assert (invoked.lines[-1]["level"], invoked.lines[-1]["code"]) == ("ERROR", "FunctionMisconfigured")


@pytest.mark.parametrize(
    ("fault", "kind", "code"),
    [
        ({"Kind": "drop_after", "Times": 9}, EventFailed, "UpstreamError"),
        ({"Kind": "throttle", "Times": 9}, EventFailed, "Throttling.User"),
        (REFUSED, EventRejected, "InvalidParameter.ContactId"),
    ],
)
def test_mails_that_fail_are_told_apart_from_texts_which_are_sent(
    emulator: Emulator, fault: dict[str, Any], kind: type[EventFailed], code: str
) -> None:
    add_contacts(emulator, 2)
    inject(emulator, **fault, Action=MAIL)
    api = Recording()
    invoked = sweeper(emulator.url).kept(adapter=api)(tick())
    assert type(invoked.error) is kind
    assert str(invoked.error) == f"Not all that was tried was done: emails: {code} (3)."
    last = invoked.lines[-1]
    assert (last["level"], last["sent"], last["failed"], last.get("code")) == ("ERROR", 3, 0, None)
    assert last["emails"]["failed"] == len(api.texts) == 3
    assert last["emails"].get("code") == (None if kind is EventRejected else code)


def test_failures_of_both_are_named_with_their_channel(emulator: Emulator) -> None:
    add_contacts(emulator, 1)
    inject(emulator, **REFUSED, Action=SEND)
    inject(emulator, Kind="throttle", Times=9, Action=MAIL)
    invoked = sweeper(emulator.url)(tick())
    assert type(invoked.error) is EventFailed
    assert str(invoked.error) == (
        "Not all that was tried was done: InvalidParameter.ContactId (2); emails: Throttling.User (2)."
    )


def test_a_failed_listing_is_one_failure_and_the_reason_of_both(emulator: Emulator) -> None:
    inject(emulator, **NO_PERMISSION, Action=LIST)
    invoked = sweeper(emulator.url)(tick())
    assert str(invoked.error) == "Not all that was tried was done: FunctionMisconfigured (1)."
    last = invoked.lines[-1]
    assert (last["code"], last["emails"]["code"]) == ("FunctionMisconfigured", "FunctionMisconfigured")


def test_a_text_is_no_reason_to_wait_with_a_mail(emulator: Emulator, store: dict[str, str]) -> None:
    clock = Clock()
    LocalFunction(emulator.url, store).kept(clock)(REQUEST)
    result = sweeper(emulator.url, **store).kept(clock)(tick(clock)).result
    assert counts(result) == ((1, 0, 1, 0, 0, None), (1, 1, 0, 0, 0, None))
    result = sweeper(emulator.url, **store).kept(clock)(tick(clock)).result
    assert counts(result) == ((1, 0, 1, 0, 0, None), (1, 0, 1, 0, 0, None))


def test_an_address_is_given_up_after_its_own_maximum(emulator: Emulator, store: dict[str, str], server: Any) -> None:
    clock, api = Clock(), Recording()
    function = sweeper(emulator.url, **store, MAX_MAILS_PER_ADDRESS="2", MAX_TEXTS_PER_NUMBER="1")
    for _ in range(4):
        last = function.kept(clock, adapter=api)(tick(clock)).lines[-1]
        pass_time(server, DAY)
    assert (api.texts, api.mails) == (["86-13900001234"], ["operations@example.com"] * 2)
    assert (last["given_up"], last["emails"]["given_up"]) == (1, 1)
    pass_time(server, 28 * DAY)
    function.kept(clock, adapter=api)(tick(clock))
    assert len(api.mails) == 3


def test_addresses_mailed_least_go_first(emulator: Emulator, store: dict[str, str], server: Any) -> None:
    add_contacts(emulator, 5)
    clock, api = Clock(), Recording()
    function = sweeper(emulator.url, **store, MAX_EMAILS_PER_RUN="4", SWEEP_COOLDOWN_SECONDS="60")
    for _ in range(3):
        function.kept(clock, adapter=api)(tick(clock))
        pass_time(server, 60)
    assert sorted(map(api.mails.count, set(api.mails))) == [2] * 6


@pytest.mark.parametrize(
    "target",
    [
        *("zhang.san@example.com", '"zhang"@example.com', "z+1@[192.0.2.1]", "Z@EXAMPLE.COM", "root@localhost"),
        *("张三@例子.example", "o'neil%40@example.com", "a@b@example.com", "x" * 242 + "@example.com"),
    ],
)
def test_which_address_is_valid_is_for_the_api_to_judge(target: str) -> None:
    with page_server(lambda _: [{"ContactId": "c-1", "Target": target}], 1) as server:
        invoked = sweeper(server.url)(tick())
    assert invoked.result["Emails"]["Sent"] == 1
    mailed = next(request for request in server.received if MAIL.encode() in request).split(b" ")[1].decode()
    assert parse_qs(urlsplit(mailed).query)["EmailAddress"] == [target]
    assert target not in json.dumps(invoked.lines, ensure_ascii=False)


@pytest.mark.parametrize(
    "target",
    ["zhang.san", "@example.com", "zhang@", "zhang san@example.com", "z\u2003@example.com", "x" * 243 + "@example.com"],
)
def test_what_cannot_be_an_address_is_passed_over(target: str) -> None:
    with page_server(lambda _: [{"ContactId": "c-1", "Target": target}, entry(1)], 2) as server:
        result = sweeper(server.url)(tick()).result
    assert counts(result) == ((1, 1, 0, 0, 0, None), (0, 0, 0, 0, 0, None))


def test_an_address_of_a_contact_whose_id_cannot_be_one_is_refused_unasked() -> None:
    with page_server(lambda _: [{"ContactId": "c 1", "Target": "z@example.com"}], 1) as server:
        invoked = sweeper(server.url)(tick())
    assert str(invoked.error) == "Not all that was tried was done: emails: InvalidParameter.ContactId (1)."
    assert not [request for request in server.received if MAIL.encode() in request]


def test_without_a_store_many_addresses_do_not_keep_a_number_from_its_turn() -> None:
    """Where places in the list counted both, a run began somewhere among the addresses, and texted the same 20."""
    addresses = [{"ContactId": f"c-{number:08}B", "Target": f"{number}@example.com"} for number in range(960)]
    listed = addresses + [entry(number) for number in range(40)]
    clock = Clock(time=NOON)
    with page_server(lambda number: listed[(number - 1) * 100 : number * 100], len(listed)) as server:
        for _ in range(5):
            sweeper(server.url, MAX_EMAILS_PER_RUN="1").kept(clock)(tick(clock))  # a new instance each day
            clock.time += DAY
    assert len(set(texted(server))) == 40


def test_spellings_of_a_domain_are_one_address(store: dict[str, str], server: Any) -> None:
    """What comes before the domain may have a case. The API gets the address as it is listed."""
    clock, address = Clock(), "zhang.san@example.com"
    with page_server(lambda _: [{"ContactId": "c-1", "Target": address}], 1) as listing:
        function = sweeper(listing.url, **store)

        def sent() -> int:
            return int(function.kept(clock)(tick(clock)).result["Emails"]["Sent"])

        assert sent() == 1
        address = "zhang.san@Example.COM"
        assert sent() == 0
        pass_time(server, DAY)
        assert sent() == 1
        assert b"EmailAddress=zhang.san%40Example.COM" in listing.received[-1]
        address = "Zhang.San@example.com"
        assert sent() == 1


def test_two_spellings_in_one_listing_get_one_mail(store: dict[str, str]) -> None:
    listed = [{"ContactId": "c-1", "Target": f"zhang@{domain}"} for domain in ("x.example", "X.example")]
    with page_server(lambda _: listed, 2) as listing:
        result = sweeper(listing.url, **store)(tick()).result
    assert counts(result) == ((0, 0, 0, 0, 0, None), (1, 1, 0, 0, 0, None))
