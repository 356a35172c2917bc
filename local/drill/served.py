"""A running `fcapi serve`, as a cause plays with it, and what its functions left in the log store."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

import requests

from phone_verification.settings import SendSettings, SweepSettings

_FCAPI = Path(sys.executable).with_name("fcapi")
_SECONDS = 60
_NAMES = {
    "send_phone_verification": "phone-verification-send",
    "resend_pending_verifications": "phone-verification-resend",
}
"""The functions' names in the cloud, with the template's default NamePrefix."""

Entry = Mapping[str, Any]
"""An entry of the log store: `message` is a line of ours or of the platform; or it is the record of an execution."""


class NotServed(Exception):
    """`fcapi serve` did not start."""


class Served:
    """A running `fcapi serve`.

    Attributes:
        ca: a file that its functions read at their start, if it was started with one.

    """

    def __init__(self, urls: Mapping[str, str], ca: Path | None = None) -> None:
        self.ca = ca
        self._urls = urls
        self._session = requests.Session()
        self._session.trust_env = False  # what runs on this machine is not behind the environment's proxy

    def new_contact(self) -> dict[str, str]:
        """Have the directory get a contact; return the request for its verification."""
        made = self._post(f"{self._urls['emulator']}/_emulator/contacts", {})
        return {"ContactId": made["ContactId"], "PhoneNumber": made["PhoneNumber"]}

    def spoil(self, kind: str, action: str, times: int, **others: object) -> None:
        """Have the API go wrong the next times that it is asked for something."""
        fault = {"Kind": kind, "Action": action, "Times": times, **others}
        self._post(f"{self._urls['emulator']}/_emulator/faults", fault)

    def post(self, request: Mapping[str, str]) -> None:
        """Call the HTTP trigger."""
        self._session.post(self._urls["http_trigger"], json=request, timeout=_SECONDS)

    def invoke(self, event: object, *, function: str = "send_phone_verification") -> None:
        """Invoke a function, and wait for its answer."""
        self._control("invoke", {"Function": function, "Event": event})

    def submit(self, event: object) -> None:
        """Invoke function 1 asynchronously, and wait until the event succeeded or is a dead letter."""
        request_id = self._control("invoke", {"Function": "send_phone_verification", "Event": event, "Async": True})
        changes = 0
        while self._see(f"invocations/{request_id['RequestId']}")["FinishedAt"] is None:
            changes = self._see(f"changes?since={changes}&wait=1")["Changes"]

    def tick(self) -> None:
        """Have the timer fire, and wait for the run."""
        self._control("tick", {})

    def begin_anew(self, *, keep_instances: bool = True) -> None:
        """Forget all that was: the directory and the log are as at the start; instances go on, or start again."""
        self._control("reset", {"KeepInstances": keep_instances})

    def entries(self) -> Iterator[Entry]:
        """Yield what the log store would have: the lines, then the platform's record of each execution."""
        for line in self._see("logs")["Lines"]:
            yield {"message": _document(line["Text"])}
        for invocation in self._see("invocations")["Invocations"]:
            for each in self._see(f"invocations/{invocation['RequestId']}")["TriesMade"]:
                yield {
                    "functionName": _NAMES[invocation["Function"]],
                    "requestId": invocation["RequestId"],
                    "invocationType": "Async" if invocation["Async"] else "Sync",
                    "hasFunctionError": str(bool(each["Failed"])).lower(),
                }

    def _see(self, route: str) -> Any:
        answered = self._session.get(f"{self._urls['invoke_api']}/_serve/{route}", timeout=_SECONDS)
        answered.raise_for_status()
        return answered.json()

    def _control(self, route: str, body: Mapping[str, Any]) -> Any:
        return self._post(f"{self._urls['invoke_api']}/_serve/{route}", body)

    def _post(self, url: str, body: Mapping[str, Any]) -> Any:
        answered = self._session.post(url, json=body, timeout=_SECONDS)
        answered.raise_for_status()
        return answered.json()


@contextmanager
def serving(settings: Mapping[str, str], ca: Path | None = None) -> Iterator[Served]:
    """Run `fcapi serve` on free ports, with settings of the functions, and a timer that does not fire by itself.

    Raises:
        NotServed: it did not start; it says why on stderr.

    """
    command = [str(_FCAPI), "serve", "--port", "0", "--json", "--schedule", "@every 9999m", "--daily-limit", "3"]
    # An empty variable is none: the settings of the environment could keep an alert from firing.
    defaults = {name.upper(): "" for each in (SendSettings, SweepSettings) for name in each.model_fields}
    environ = {**os.environ, **defaults, "MAX_ATTEMPTS": "1", **settings}
    with TemporaryFile("w+", encoding="utf-8") as errors, _started(command, environ, errors) as process:
        line = process.stdout.readline() if process.stdout else ""
        if not line:
            errors.seek(0)
            raise NotServed(errors.read().strip())
        yield Served(json.loads(line), ca)


@contextmanager
def _started(command: Sequence[str], environ: Mapping[str, str], errors: IO[str]) -> Iterator["subprocess.Popen[str]"]:
    """Run a command until this is left. Ctrl+C, which a terminal sends to it too, is blocked in it, and here meanwhile.

    Otherwise one that comes while it is started would leave it running.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        # Its errors go to a file: a pipe that is never read fills up.
        with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=errors, encoding="utf-8") as process:  # noqa: S603 -- our own words
            try:
                signal.pthread_sigmask(signal.SIG_SETMASK, before)
                yield process
            finally:
                process.terminate()
                process.wait()  # after a Ctrl+C, the `with` does not
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _document(text: str) -> object:
    """Return a line as the log store has it: of JSON, its fields."""
    return json.loads(text) if text.startswith("{") else text
