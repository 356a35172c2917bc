"""What may happen on a day, as the log store has it: the lines that the functions really write, and the platform's.

The platform's record of an invocation follows the vendor's page "Request-level metric logs". Each scene ends with one
good run of function 2, but for those about its runs: without one, an alert fires.
"""

import itertools
import json
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from pydantic import TypeAdapter

import resend_pending_verifications
from local.emulator.contacts import Details
from local.emulator.faults import Fault
from local.emulator.server import Emulator
from local.instances.instance import Instance, InstanceFailed
from tests.handlers import KEY_PAIR, REQUEST, LocalFunction, http_event
from tests.integration.raw_server import raw_server
from tests.stores import HASH_KEY

EVENTS = Path(__file__).parents[2] / "events"
LIST, SEND = "ListMessageContactVerifications", "SendPhoneVerificationForMessageContact"
MAIL = "SendEmailVerificationForMessageContact"
UNKNOWN_CONTACT = {**REQUEST, "ContactId": "c-nobodyabcd"}


def sample(name: str) -> Any:
    """Return an event of the samples."""
    return json.loads((EVENTS / f"{name}.json").read_text(encoding="utf-8"))


def fault(kind: str, **others: object) -> Fault:
    """Return a fault of the next answers of the API."""
    made: Fault = TypeAdapter(Fault).validate_python({"Kind": kind, "Times": 9, **others})
    return made


def refused(action: str, code: str = "NoPermission", status: int = 403) -> Fault:
    """Return a refusal of the API."""
    return fault("error", Status=status, Code=code, Message="x", Action=action)


class Day:
    """Invokes functions, and keeps what the log store gets."""

    def __init__(self, emulator: Emulator, **settings: str) -> None:
        self.entries: list[Mapping[str, Any]] = []
        self.emulator = emulator
        self._settings = {"MAX_ATTEMPTS": "1", "COOLDOWN_STORE_URL": "", "COOLDOWN_HASH_KEY": "", **settings}
        self._numbers = itertools.count()

    def http(self, event: object = None, **settings: str) -> None:
        """Have function 1 answer a request."""
        self._invoke(self._function(settings), event or http_event(), "send", "Sync")

    def event(self, event: object, *, times: int = 1, fresh_ids: bool = False) -> None:
        """Have function 1 handle an event so often, as the platform retries it, or under a new request id each time."""
        request_id = self._request_id()
        for _ in range(times):
            kind = "Sync" if fresh_ids else "Async"
            self._invoke(self._function({}), event, "send", kind, self._request_id() if fresh_ids else request_id)

    def sweep(
        self,
        name: str = "sweep",
        *,
        has_role: bool = True,
        settings: Mapping[str, str] | None = None,
        time_limit: int = 60,
    ) -> None:
        """Run function 2."""
        credentials = KEY_PAIR if has_role else None
        function = replace(self._function(settings or {}), module=resend_pending_verifications, credentials=credentials)
        self._invoke(function, sample(name), "resend", "Async", time_limit=time_limit)

    @contextmanager
    def with_fault(self, fault: Fault) -> Iterator[None]:
        """Have the API go wrong for a while."""
        self.emulator.faults.add(fault)
        yield
        self.emulator.faults.clear()

    def fail_to_start(self) -> None:
        """Start an instance with a setting that cannot be meant."""
        with TemporaryFile() as logs:
            environ = {"READ_TIMEOUT_SECONDS": "soon"}
            instance = Instance(
                "send_phone_verification", environ=environ, credentials=KEY_PAIR, logs=logs, platform_lines=True
            )
            try:
                with instance:
                    raise AssertionError("it started")
            except InstanceFailed:
                logs.seek(0)
                self.entries += [{"message": line} for line in logs.read().decode().splitlines()]

    def _function(self, settings: Mapping[str, str]) -> LocalFunction:
        return LocalFunction(self.emulator.url, {**self._settings, **settings})

    def _request_id(self) -> str:
        return f"1-65b8a3f0-15f26b4c-{next(self._numbers):012x}"

    def _invoke(
        self,
        function: LocalFunction,
        event: object,
        name: str,
        kind: str,
        request_id: str | None = None,
        time_limit: int = 60,
    ) -> None:
        invoked = function(event, timeout=time_limit)
        self.entries += [{"message": line} for line in invoked.lines]
        record = {
            "functionName": f"phone-verification-{name}",
            "requestId": request_id or self._request_id(),
            "invocationType": kind,
            "hasFunctionError": str(invoked.error is not None).lower(),
        }
        self.entries.append(record)


def a_good_day(day: Day) -> None:
    """Texts, duplicates, callers' mistakes, one event that a retry healed, one lost answer, and a dry run."""
    day.http()
    day.event(sample("eventbridge"))
    day.event(sample("direct_list"))
    day.event(sample("smq_queue"))
    for name in ("refused_missing_contact_id", "refused_broken_json", "refused_masked_number"):
        day.http(sample(name))
    with day.with_fault(fault("drop_after", Action=SEND)):
        day.http()
    with day.with_fault(fault("throttle", Times=1)):
        day.event(sample("smq_queue"), times=2)
    day.sweep("sweep_dry_run")


def nothing(_: Day) -> None:
    """Nothing but the good run."""


def three_executions(day: Day) -> None:
    day.event(UNKNOWN_CONTACT, times=3)


def a_letter_that_was_sent_back_fails_again(day: Day) -> None:
    event = sample("eventbridge")
    day.event({**event, "data": UNKNOWN_CONTACT}, times=3, fresh_ids=True)


def a_refused_role(day: Day) -> None:
    with day.with_fault(refused(SEND)):
        day.http()


def no_role(day: Day) -> None:
    day.sweep(has_role=False)


def the_accounts_limit(day: Day) -> None:
    with day.with_fault(refused(SEND, "SendValidateCodeExceedsLimitForAccount", 409)):
        day.http()


def a_run_at_the_limit(day: Day) -> None:
    with day.with_fault(refused(SEND, "SendValidateCodeExceedsLimitForAccount", 409)):
        day.sweep()


def a_run_at_the_limit_of_emails(day: Day) -> None:
    with day.with_fault(refused(MAIL, "SendValidateCodeExceedsLimitForAccount", 409)):
        day.sweep()


def a_role_that_may_not_mail(day: Day) -> None:
    with day.with_fault(refused(MAIL)):
        day.sweep()


def three_lost_mails(day: Day) -> None:
    for name in ("Second", "Third"):
        day.emulator.directory.add(Details(name, f"{name}@example.com", None, "Other", ("SecurityMessage",)))
    with day.with_fault(fault("drop_after", Action=MAIL)):
        day.sweep()


def the_budget_of_http(day: Day) -> None:
    function = LocalFunction(day.emulator.url, {"HTTP_SENDS_PER_DAY": "1"}).kept()
    for request in (REQUEST, UNKNOWN_CONTACT):
        day.entries += [{"message": line} for line in function(http_event(request)).lines]


def three_lost_answers(day: Day) -> None:
    with day.with_fault(fault("drop_after", Action=SEND)):
        for _ in range(3):
            day.http()


def a_closed_port() -> dict[str, str]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    return {"COOLDOWN_STORE_URL": f"redis://127.0.0.1:{port}/0", "COOLDOWN_HASH_KEY": HASH_KEY}


def a_store_that_is_down(day: Day) -> None:
    day.http(**a_closed_port())


def a_run_without_its_store(day: Day) -> None:
    day.sweep(settings=a_closed_port())


def a_node_of_a_cluster(day: Day) -> None:
    def send_on(connection: socket.socket) -> None:
        while connection.recv(65536):
            connection.sendall(b"-MOVED 3999 127.0.0.1:6381\r\n" * 2)

    with raw_server(send_on, reads=False) as node:
        day.http(COOLDOWN_STORE_URL=f"redis://127.0.0.1:{node.port}/0", COOLDOWN_HASH_KEY=HASH_KEY)


def a_listing(fault: Fault) -> Callable[[Day], None]:
    """Return a scene in which a listing goes wrong so."""

    def scene(day: Day) -> None:
        with day.with_fault(fault):
            day.sweep()

    return scene


def a_number_that_is_refused(day: Day) -> None:
    second = Details("Second Contact", "second@example.com", "86-13900000002", "Other", ("SecurityMessage",))
    day.emulator.directory.add(second)
    refusal = {"Status": 400, "Code": "InvalidParameter.MobileCountryCode", "Message": "x"}
    with day.with_fault(fault("error", Times=1, Action=SEND, **refusal)):
        day.sweep()


def only_texts_that_fail(day: Day) -> None:
    with day.with_fault(fault("throttle", Action=SEND)):
        day.sweep()


def only_a_run_without_time(day: Day) -> None:
    day.sweep(time_limit=10)


def only_a_dry_run(day: Day) -> None:
    day.sweep("sweep_dry_run")


def an_initializer_that_fails(day: Day) -> None:
    day.fail_to_start()


OF_A_FAILED_RUN = {"dead-letter"}
"""A run of function 2 that fails is not retried, so the platform notes it in the queue as it does an event."""

SCENES: Mapping[str, tuple[Callable[[Day], None], set[str]]] = {
    # With one good run of function 2 on that day.
    "a good day": (a_good_day, set()),
    "nothing but a sweep": (nothing, set()),
    "three executions": (three_executions, {"dead-letter"}),
    "a letter sent back": (a_letter_that_was_sent_back_fails_again, {"event-failed"}),
    "a refused role": (a_refused_role, {"misconfigured"}),
    "no role": (no_role, {"misconfigured", "listing-failed", *OF_A_FAILED_RUN}),
    "the account's limit": (the_accounts_limit, {"daily-limit"}),
    "a run at the limit": (a_run_at_the_limit, {"daily-limit"}),
    "a run at the limit of e-mails": (a_run_at_the_limit_of_emails, {"daily-limit"}),
    "a role that may not mail": (a_role_that_may_not_mail, {"misconfigured"}),
    "three lost e-mails": (three_lost_mails, {"unknown-outcomes", *OF_A_FAILED_RUN}),
    "the budget of HTTP": (the_budget_of_http, {"daily-limit"}),
    "three lost answers": (three_lost_answers, {"unknown-outcomes"}),
    "a store that is down": (a_store_that_is_down, {"store-down"}),
    "a node of a cluster": (a_node_of_a_cluster, {"store-down"}),
    "a run without its store": (a_run_without_its_store, {"store-down", "listing-failed", *OF_A_FAILED_RUN}),
    "a refused listing": (a_listing(refused(LIST)), {"misconfigured", "listing-failed", *OF_A_FAILED_RUN}),
    "a throttled listing": (
        a_listing(fault("throttle", Action=LIST)),
        {"listing-failed", *OF_A_FAILED_RUN},
    ),
    "a lost listing": (a_listing(fault("drop_after", Action=LIST)), {"listing-failed", *OF_A_FAILED_RUN}),
    "a listing that is none": (a_listing(fault("garbage", Action=LIST)), {"listing-failed", *OF_A_FAILED_RUN}),
    "a failing initializer": (an_initializer_that_fails, {"initializer"}),
}

SCENES_OF_RUNS: Mapping[str, tuple[Callable[[Day], None], set[str]]] = {
    # Without any other run of function 2.
    "no run": (nothing, {"no-sweep"}),
    "only a dry run": (only_a_dry_run, {"no-sweep"}),
    "only a run without time": (only_a_run_without_time, {"no-sweep"}),
    "only a run at the limit": (a_run_at_the_limit, {"daily-limit"}),
    "only a run with a number refused": (a_number_that_is_refused, OF_A_FAILED_RUN),
    "only a refused listing": (
        a_listing(refused(LIST)),
        {"no-sweep", "misconfigured", "listing-failed", *OF_A_FAILED_RUN},
    ),
    "only a run without a role": (no_role, {"no-sweep", "misconfigured", "listing-failed", *OF_A_FAILED_RUN}),
    "only texts that fail": (only_texts_that_fail, {"no-sweep", *OF_A_FAILED_RUN}),
}


def entries_of(scene: Callable[[Day], None], *, good_run: bool, level: str) -> Sequence[Mapping[str, Any]]:
    """Return what the log store has after a scene, with the functions' log at a level."""
    with Emulator() as emulator:
        day = Day(emulator, LOG_LEVEL=level)
        scene(day)
        if good_run:
            day.sweep()
    return day.entries
