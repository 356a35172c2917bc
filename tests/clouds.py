"""What `fcapi serve` runs, in this process and by default on free ports, and how a test talks to it."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from local.instances.instance import CODE_PATH
from local.serve.cloud import Cloud, Options
from local.serve.declared import TEMPLATE, read_declared
from local.serve.schedule import parse_schedule
from tests.probes import eventually, write_function

SECONDS = 30
SEND, RESEND = "send_phone_verification", "resend_pending_verifications"

NO_LIMITS = {
    "HTTP_COOLDOWN_SECONDS": "0",
    "EVENT_COOLDOWN_SECONDS": "0",
    "SWEEP_COOLDOWN_SECONDS": "0",
    "HTTP_SENDS_PER_DAY": "0",
    "MAX_TEXTS_PER_NUMBER": "16",
    "MAX_MAILS_PER_ADDRESS": "16",
}
"""Settings with which functions text a number as often as they are asked: so that tests can share running instances."""


@dataclass(frozen=True)
class Served:
    """Something served: its endpoints' URLs by name, and the lines that its functions wrote."""

    endpoints: Mapping[str, str]
    lines: list[str] = field(default_factory=list)

    def url(self, route: str) -> str:
        """Return the URL of a control route, of those of the emulator too."""
        return f"{self.endpoints['invoke_api']}/{route}"

    def see(self, route: str) -> Any:
        """Return what a control route shows."""
        answered = requests.get(self.url(f"_serve/{route}"), timeout=SECONDS)
        answered.raise_for_status()
        return answered.json()

    def do(self, route: str, body: Any = None) -> requests.Response:
        """Have a control route do something."""
        return requests.post(self.url(f"_serve/{route}"), json={} if body is None else body, timeout=SECONDS)

    def invoke(self, event: object, *, function: str = SEND, asynchronous: bool = False) -> Any:
        """Invoke a function by the control route."""
        answered = self.do("invoke", {"Function": function, "Event": event, "Async": asynchronous})
        answered.raise_for_status()
        return answered.json()

    def texts(self) -> list[Any]:
        """Return what was texted."""
        texts: list[Any] = requests.get(self.url("_emulator/messages"), timeout=SECONDS).json()["Messages"]
        return texts

    def spoil(self, times: int) -> None:
        """Have the emulated API refuse so many calls, in a way that no retry in place helps."""
        fault: dict[str, Any] = {"Kind": "error", "Status": 403, "Code": "NoPermission", "Message": "x", "Times": times}
        requests.post(self.url("_emulator/faults"), json=fault, timeout=SECONDS).raise_for_status()

    def begin_anew(self) -> None:
        """Have it as at the start, but for the instances: they go on."""
        self.finish()
        self.do("reset", {"KeepInstances": True}).raise_for_status()

    def finish(self) -> None:
        """Wait until no event waits."""
        assert eventually(lambda: self.see("state")["EventsWaiting"] == 0)


@contextmanager
def serving(
    code_path: Path = CODE_PATH, *, template: Path = TEMPLATE, schedule: str = "@every 9999m", **how: Any
) -> Iterator[Served]:
    """Serve the functions in a folder that a template declares; unless a test wants it to, the timer does not fire."""
    lines: list[str] = []
    options = Options(
        port=how.pop("port", 0),
        runtime=how.pop("runtime", "python3.12"),
        code_path=code_path,
        interpreter=how.pop("interpreter", (sys.executable,)),
        schedule=parse_schedule(schedule),
        **how,
    )
    with Cloud(read_declared(template, code_path), options, echo=lines.append) as cloud:
        yield Served(cloud.endpoints, lines)


def write_both(folder: Path, code: str, **how: Any) -> Path:
    """Write both functions, with the same body of the handler; return the folder."""
    for name in (SEND, RESEND):
        write_function(folder, code, name=name, **how)
    return folder
