"""Invokes deployed functions, and reads what they logged.

Source: the vendor's pages "InvokeFunction" of Function Compute 3.0 and "GetLogsV2" of Simple Log Service (SLS).
"""

import base64
import io
import json
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from local.account import AccountError, WrongCall
from local.account.deployed import Deployed
from local.account.secrets import Secrets
from local.account.session import NoAnswer, Session
from local.account.stacks import Stacks
from local.account.target import Target, read_given
from local.template.document import read_template

TEMPLATE = Path(__file__).parents[2] / "template.yml"

_LINES_A_PAGE = 100
_FAILURES_IN_A_ROW = 20
_LATENESS_SECONDS = 90
"""How much later than its time a line may become visible."""


@dataclass(frozen=True, slots=True)
class Invoked:
    """What came of an invocation; a function that raised has `failed`. The log holds its last 4 KB."""

    request_id: str
    failed: bool
    payload: bytes
    log: str


@dataclass(frozen=True, slots=True)
class StoredLine:
    """An entry of the log store: its Unix time, the name of the field that holds a JSON object, and that object."""

    time: int
    field_name: str
    text: str
    fields: Mapping[str, Any]


def invoke(session: Session, function: str, event: bytes, *, asynchronous: bool = False) -> Invoked:
    """Invoke a function by its name in the account.

    Raises:
        AccountError: it could not be invoked.

    """
    from alibabacloud_fc20230330.models import InvokeFunctionHeaders, InvokeFunctionRequest
    from darabonba.runtime import RuntimeOptions

    headers = InvokeFunctionHeaders(
        x_fc_invocation_type="Async" if asynchronous else "Sync", x_fc_log_type="None" if asynchronous else "Tail"
    )

    def call() -> tuple[Mapping[str, str], bytes]:
        request = InvokeFunctionRequest(body=io.BytesIO(event))
        runtime = RuntimeOptions(autoretry=False)
        answered = session.functions.invoke_function_with_options(function, request, headers, runtime)
        return answered.headers, answered.body.read()

    answered, payload = session.ask(f"Invoking {function}", "fc", call)
    log = base64.b64decode(answered.get("x-fc-log-result", "")).decode("utf-8", "replace")
    return Invoked(answered.get("x-fc-request-id", ""), "x-fc-error-type" in answered, payload, log)


def open_stack(stack: str, environ: Any) -> tuple[Session, Deployed]:
    """Return a session for the account that a stack is in, and the stack; where it is, variables or deploy.toml say.

    Raises:
        AccountError: there is no such stack, or it cannot be asked for.

    """
    given = read_given({**environ, "STACK": stack})
    target = given.target()
    session = Session(target, environ, Secrets())
    return session, find_deployed(session, target)


def find_deployed(session: Session, target: Target) -> Deployed:
    """Return the stack of a target.

    Raises:
        AccountError: it is not there.

    """
    text = TEMPLATE.read_text(encoding="utf-8")
    found = Stacks(session, text).find(target.stack)
    if found is None:
        raise AccountError(f"There is no stack {target.stack} in {target.region}. make deploy makes one.")
    return Deployed(read_template(text), found)


@dataclass
class LogStore:
    """A log store, and how it is waited for."""

    session: Session
    project: str
    store: str
    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    _shown: "OrderedDict[tuple[int, str], None]" = field(default_factory=OrderedDict)

    def entries(self, query: str, since: float, until: float) -> Iterator[Mapping[str, str]]:
        """Yield the entries of a time that match a query, the oldest first.

        Raises:
            AccountError: they cannot be read.

        """
        from alibabacloud_sls20201230.models import GetLogsV2Request

        offset = 0
        while True:
            request = GetLogsV2Request(
                from_=int(since), to=int(until), query=query, line=_LINES_A_PAGE, offset=offset, reverse=False
            )
            call = partial(self.session.logs.get_logs_v2, self.project, self.store, request)
            page = self.session.ask("SLS GetLogs", "sls", call)
            data = page.body.data or []
            yield from data
            offset += len(data)
            if len(data) < _LINES_A_PAGE:
                return

    def lines(self, query: str, since: float, until: float) -> Iterator[StoredLine]:
        """Yield the functions' own lines among the entries, each once for this object."""
        for entry in self.entries(query, since, until):
            line = line_in(entry)
            if line and (line.time, line.text) not in self._shown:
                self._shown[line.time, line.text] = None
                if len(self._shown) > 100_000:
                    self._shown.popitem(last=False)
                yield line

    def follow(self, query: str, since: float, *, every: float) -> Iterator[StoredLine]:
        """Yield the lines since a time, then new ones as they come, without end; a lost connection is tried again."""
        start, failures = since, 0
        while True:
            until = self.now()
            try:
                yield from self.lines(query, start, until + 1)
                start, failures = max(since, until - _LATENESS_SECONDS), 0
            except NoAnswer:
                failures += 1
                if failures > _FAILURES_IN_A_ROW:
                    raise
            self.sleep(every)


def line_in(entry: Mapping[str, str]) -> StoredLine | None:
    """Return the line of a function in an entry of the log store.

    By the vendor's pages it is in the field `message`, as it was written. That is inferred, so other fields count too.
    """
    for name in ("message", *sorted(entry)):
        text = entry.get(name)
        if not isinstance(text, str) or not text.startswith("{"):
            continue
        try:
            fields = json.loads(text)
        except (ValueError, RecursionError):
            continue
        if isinstance(fields, dict) and "message" in fields:
            moment = str(entry.get("__time__", "0"))
            return StoredLine(int(moment) if moment.isdigit() else 0, name, text, fields)
    return None


def contact_query(contact: str | None) -> str:
    """Return the query for a contact's lines, or for all.

    Raises:
        WrongCall: it is not a contact's id, and could be more of a query.

    """
    if contact is None:
        return ""
    if not re.fullmatch(r"[A-Za-z0-9_.-]{1,64}", contact):
        raise WrongCall("--contact must be the id of a contact: c-…")
    return f'"{contact}"'
