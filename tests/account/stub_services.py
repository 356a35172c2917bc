"""Stubs of the smaller services: identity, Resource Directory, queues, functions and their logs."""

import base64
import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4


class ServiceError(Exception):
    """An error that a service answers."""

    def __init__(self, status: int, code: str, message: str = "") -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.message = message


def refuse_unknown(given: Mapping[str, Any], known: set[str]) -> None:
    """Refuse parameters that an operation does not have."""
    for name in given:
        if re.sub(r"\.\d+", ".N", name) not in known:
            raise ServiceError(400, "InvalidParameter", f"the stub does not know the parameter {name}")


@dataclass
class Sts:
    """Says who calls."""

    account: str

    def call(self, action: str, given: dict[str, str]) -> dict[str, Any]:
        assert action == "GetCallerIdentity"
        refuse_unknown(given, set())
        return {"AccountId": self.account, "Arn": f"acs:ram::{self.account}:user/deployer", "IdentityType": "RAMUser"}


@dataclass
class Directory:
    """Says whose the directory is."""

    master: str
    error: ServiceError | None = None

    def call(self, action: str, given: dict[str, str]) -> dict[str, Any]:
        assert action == "GetResourceDirectory"
        refuse_unknown(given, set())
        if self.error:
            raise self.error
        return {"ResourceDirectory": {"MasterAccountId": self.master, "ResourceDirectoryId": "rd-1"}}


@dataclass
class Queues:
    """Counts messages."""

    counts: dict[str, tuple[int, int, int]] = field(default_factory=dict)

    def call(self, action: str, given: dict[str, str]) -> dict[str, Any]:
        assert action == "GetQueueAttributes"
        refuse_unknown(given, {"QueueName"})
        if given["QueueName"] not in self.counts:
            raise ServiceError(404, "QueueNotExist", "The queue name you provided is not exist.")
        active, inactive, delayed = self.counts[given["QueueName"]]
        data = {"ActiveMessages": active, "InactiveMessages": inactive, "DelayMessages": delayed}
        return {"Code": 200, "Data": data, "Message": "", "Status": "Success", "Success": True}


Invoke = Callable[[str, bytes, str], tuple[bytes, list[str], bool]]
"""A function by its name, an event and a request id: what it answers, its log lines, and whether it failed."""


@dataclass
class Functions:
    """Invokes functions, and keeps what they log in a log store that is searched by the text in quotes."""

    invoke_function: Invoke = lambda _, __, ___: (b"{}", [], False)
    entries: list[dict[str, str]] = field(default_factory=list)
    lines_from: Callable[[], list[str]] = list
    """Further lines, of functions that run elsewhere."""
    field_name: str = "message"
    looks_until_seen: int = 0

    def invoke(self, path: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes, dict[str, str]]:
        match = re.fullmatch("/2023-03-30/functions/([^/]+)/invocations", path)
        assert match
        request_id = f"1-{uuid4().hex[:8]}-{uuid4().hex[:8]}-{uuid4().hex[:12]}"
        answered = {"X-Fc-Request-Id": request_id}
        payload, lines, failed = self.invoke_function(match[1], body, request_id)
        for line in lines:
            self.add(line)
        self.entries.append(
            {
                "__time__": str(int(time.time())),
                "requestId": request_id,
                "functionName": match[1],
                "invocationType": headers.get("x-fc-invocation-type", "Sync"),
                "hasFunctionError": str(failed).lower(),
            }
        )
        if headers.get("x-fc-invocation-type") == "Async":
            return 202, b"", answered
        if failed:
            answered["X-Fc-Error-Type"] = "UnhandledInvocationError"
        if headers.get("x-fc-log-type") == "Tail":
            answered["X-Fc-Log-Result"] = base64.b64encode("".join(f"{line}\n" for line in lines).encode()).decode()
        return 200, payload, answered

    def add(self, line: str, at: float | None = None) -> None:
        """Put a line into the log store."""
        self.entries.append({"__time__": str(int(at or time.time())), self.field_name: line})

    def find_logs(self, host: str, path: str, request: dict[str, Any]) -> dict[str, Any]:
        assert re.fullmatch(r"/logstores/functions/logs", path), path
        assert host.startswith("phone-verification-"), host
        refuse_unknown(request, {"from", "to", "query", "line", "offset", "reverse"})
        if self.looks_until_seen:
            self.looks_until_seen -= 1
            return {"meta": {"progress": "Complete", "count": 0}, "data": []}
        wanted = re.findall(r'"([^"]*)"', request.get("query", ""))
        elsewhere = [{"__time__": str(int(time.time())), self.field_name: line} for line in self.lines_from()]
        found = [
            each for each in self.entries + elsewhere if not wanted or any(text in json.dumps(each) for text in wanted)
        ]
        within = [each for each in found if request["from"] <= int(each["__time__"]) <= request["to"]]
        start = request.get("offset", 0)
        page = within[start : start + request.get("line", 100)]
        return {"meta": {"progress": "Complete", "count": len(page)}, "data": page}
