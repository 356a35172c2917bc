"""Reads what the functions logged.

Source: the vendor's page "GetLogsV2" of Simple Log Service (SLS).
"""

import json
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from local.account import WrongCall
from local.account.service_errors import NoAnswer
from local.account.session import Session

_LINES_A_PAGE = 100
_FAILURES_IN_A_ROW = 20
_LATENESS_SECONDS = 90
"""How much later than its time a line may become visible."""


@dataclass(frozen=True, slots=True)
class StoredLine:
    """An entry of the log store: its Unix time, the name of the field that holds a JSON object, and that object."""

    time: int
    field_name: str
    text: str
    fields: Mapping[str, Any]


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
