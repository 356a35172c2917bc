"""The checks of a smoke test: each asks one thing of a platform and says what it found."""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol

from local.account import AccountError
from local.account.findings import Finding, NotCheckedHere, object_in, plain
from local.account.invocation import Invoked
from local.account.log_store import StoredLine, line_in
from local.account.unsigned_post import CODE_OF_THE_REFUSAL, REFUSED_BODY, unsigned_post
from phone_verification.masking import mask_phone_number

_DRY_RUN = {"triggerTime": "1970-01-01T00:00:00Z", "triggerName": "smoke", "payload": json.dumps({"DryRun": True})}


class Platform(Protocol):
    """Where the functions run: an account, or `fcapi serve`."""

    def invoke(self, name: str, event: bytes) -> Invoked:
        """Invoke the function of a file in functions/, and wait."""

    def urls(self) -> Mapping[str, str]:
        """Return the URLs to POST to by their names."""

    def entries(self, request_ids: Iterable[str], since: float) -> list[Mapping[str, str]]:
        """Return the entries of the log that name these invocations, as far as they are there by now."""

    def queues(self) -> Mapping[str, str]:
        """Return the queues by the outputs that name them."""

    def messages(self, queue: str) -> int:
        """Return how many messages lie in a queue."""


@dataclass
class SmokeTest:
    """A smoke test of a platform. `contact` and `number` get one text, if both are given.

    Log lines may take `patience` seconds, and are looked for every few.
    """

    platform: Platform
    contact: str = ""
    number: str = ""
    patience: float = 60
    look_every: float = 3
    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    invoked: dict[str, Invoked] = field(default_factory=dict)
    lines: list[StoredLine] = field(default_factory=list)
    records: list[Mapping[str, str]] = field(default_factory=list)
    """Entries that the platform itself wrote about the invocations; alerts read them."""

    def run(self) -> Iterator[Finding]:
        """Yield the finding of each check as it is made."""
        started = self.now()
        yield self._guarded("function 2, dry run", self._dry_run)
        yield self._guarded("function 1, a refusal", self._refusal)
        yield from self._unsigned_posts()
        yield self._guarded("one text", self._text)
        yield self._guarded("log lines", lambda: self._log_lines(started))
        yield from self._queues()

    def _guarded(self, check: str, look: Callable[[], Finding]) -> Finding:
        try:
            return look()
        except NotCheckedHere as reason:
            return Finding(check, "not checked here", str(reason))
        except AccountError as error:
            first, _, rest = str(error.message).partition("\n")
            return Finding(check, "failed", first, rest.replace("\n", " ") or "see docs/deploy.md")

    def _dry_run(self) -> Finding:
        check = "function 2, dry run"
        invoked = self._invoke(check, "resend_pending_verifications", _DRY_RUN)
        report = object_in(invoked.payload)
        if not invoked.failed and report.get("DryRun") is True:
            return Finding(check, "ok", f"{report.get('Pending')} pending, it would send {report.get('Sent')}")
        return Finding(check, "failed", _told(invoked), "docs/runbook.md#misconfigured says what to look for")

    def _refusal(self) -> Finding:
        check = "function 1, a refusal"
        reply = self._post(check, REFUSED_BODY)
        code = object_in(str(reply.get("body", "")).encode()).get("Code")
        if reply.get("statusCode") == 400 and code == CODE_OF_THE_REFUSAL:
            return Finding(check, "ok", f"400 {code}, as documented")
        told = f"{reply.get('statusCode')} {code}" if reply else _told(self.invoked[check])
        return Finding(check, "failed", told, "docs/runbook.md#failing-initializer says what to look for")

    def _unsigned_posts(self) -> Iterator[Finding]:
        try:
            urls = self.platform.urls()
        except NotCheckedHere as reason:
            yield Finding("unsigned POST", "not checked here", str(reason))
            return
        if not urls:
            yield Finding("unsigned POST", "not checked here", "the stack has no URL")
        for name, url in urls.items():
            check = f"unsigned POST to {name}"
            yield self._guarded(check, partial(unsigned_post, check, url))

    def _text(self) -> Finding:
        if not (self.contact and self.number):
            raise NotCheckedHere("one is sent with CONTACT=c-… NUMBER=86-…")
        reply = self._post("one text", {"ContactId": self.contact, "PhoneNumber": self.number})
        answer, status = object_in(str(reply.get("body", "")).encode()), reply.get("statusCode")
        number = mask_phone_number(self.number)
        if status == 200:
            replayed = "Idempotency-Replayed" in (reply.get("headers") or {})
            how = "was texted within the window; nothing was sent now" if replayed else "was texted"
            return Finding("one text", "ok", f"{number} {how}, RequestId {plain(answer.get('RequestId'))}")
        told = f"{status} {plain(answer.get('Code'))}" if reply else _told(self.invoked["one text"])
        return Finding("one text", "failed", told, "docs/http-api.md#codes says what it means")

    def _log_lines(self, started: float) -> Finding:
        wanted = {invoked.request_id: check for check, invoked in self.invoked.items()}
        if not wanted:
            raise NotCheckedHere("no function could be invoked")
        give_up_at = self.now() + self.patience
        while True:
            entries = self.platform.entries(wanted, started)
            self.lines = [line for line in map(line_in, entries) if line]
            self.records = [entry for entry in entries if "hasFunctionError" in entry]
            there = {str(line.fields.get("function_request_id")) for line in self.lines}
            missing = [check for request_id, check in wanted.items() if request_id not in there]
            if not missing:
                return Finding("log lines", "ok", f"each of {len(wanted)} invocations has its line")
            if self.now() >= give_up_at:
                return Finding(
                    "log lines",
                    "failed",
                    f"no line within {self.patience:.0f} s of: {', '.join(missing)}",
                    "look for the request id in the log store; the role may lack log:PostLogStoreLogs",
                )
            self.sleep(self.look_every)

    def _queues(self) -> Iterator[Finding]:
        try:
            queues = self.platform.queues()
        except NotCheckedHere as reason:
            yield Finding("queues", "not checked here", str(reason))
            return
        for output, queue in queues.items():
            check = f"queue of {output}"
            yield self._guarded(check, partial(self._queue, check, queue))

    def _queue(self, check: str, queue: str) -> Finding:
        count = self.platform.messages(queue)
        todo = "docs/runbook.md#dead-letters says what they are" if count else ""
        return Finding(check, "ok", f"{count} messages", todo)

    def _post(self, check: str, body: Mapping[str, str]) -> Mapping[str, Any]:
        """Have function 1 handle a POST with this body; return its reply, empty where it gave none."""
        event = {
            "version": "v1",
            "rawPath": "/",
            "headers": {"Content-Type": "application/json"},
            "queryParameters": {},
            "body": json.dumps(body),
            "isBase64Encoded": False,
            "requestContext": {"http": {"method": "POST", "path": "/"}},
        }
        invoked = self._invoke(check, "send_phone_verification", event)
        return {} if invoked.failed else object_in(invoked.payload)

    def _invoke(self, check: str, name: str, event: Mapping[str, Any]) -> Invoked:
        invoked = self.platform.invoke(name, json.dumps(event).encode())
        self.invoked[check] = invoked
        return invoked


def _told(invoked: Invoked) -> str:
    if not invoked.failed:
        return "it did not answer as documented"
    document = object_in(invoked.payload)
    return f"it failed: {plain(document.get('errorType'))}"
