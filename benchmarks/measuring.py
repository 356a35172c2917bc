"""Measures entrants as whole processes, one after the other in turns, so that whatever else goes on meets all alike."""

import json
import os
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any, Literal

from benchmarks.building import FLOOR, Entrant, Tls
from benchmarks.server import Endpoints

INVOCATIONS, IGNORED = 400, 100
INSTANCE = Path(__file__).with_name("instance.py")
MIB = 1024 * 1024

Figures = dict[str, float]


@dataclass(frozen=True, slots=True)
class Sample:
    """What one process said of itself; those of one round ran one after the other."""

    runtime: str
    contender: str
    way: str
    round: int
    figures: Figures


@dataclass(frozen=True, slots=True)
class Way:
    """A way of measuring warm invocations, or cold starts; in each round it takes so many `turns`."""

    name: str
    scheme: str = "http"
    without: Literal["network", "transport"] | None = None
    refused: bool = False
    turns: int = 1


COLD = (Way("http"), Way("TLS", "https"))
WARM = (
    Way("no transport", without="transport", turns=3),  # there is a target for it
    Way("no network", without="network"),
    Way("refused", without="transport", refused=True),
    Way("http"),
    Way("TLS", "https"),
)


def run(
    entrant: Entrant,
    endpoint: str,
    tls: Tls,
    settings: dict[str, str] | None = None,
    enter: Callable[[], None] | None = None,
    **task: Any,
) -> Any:
    """Run a task (see `benchmarks.instance`) in a process of its own, and return its figures.

    `enter` is called in that process before the interpreter starts.
    """
    environ = {
        "HOME": "/",
        "PATH": os.defpath,
        "RESOURCE_DIRECTORY_ENDPOINT": endpoint,
        "ALIBABA_CLOUD_ACCESS_KEY_ID": "LTAIlocal",
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "local-secret",
        "ALIBABA_CLOUD_SECURITY_TOKEN": "local-token",
        "HTTP_SENDS_PER_DAY": "1000000",
        **(settings or {}),
    }
    if entrant.contender is FLOOR:
        environ["SSL_CERT_FILE"] = str(tls.bundle)
    task = {"module": entrant.contender.module, "folder": str(entrant.folder), "without": None, **task}
    readable, writable = os.pipe()
    with os.fdopen(readable, encoding="utf-8") as answer:
        command = [str(entrant.interpreter), "-I", "-S", str(INSTANCE)]
        task["spawned"] = time.monotonic()
        with subprocess.Popen(  # noqa: S603 -- our own words
            [*command, json.dumps(task), str(writable)],
            env=environ,
            pass_fds=[writable],
            preexec_fn=enter,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        ) as process:
            os.close(writable)
            _, errors = process.communicate()
            if process.returncode:
                raise RuntimeError(
                    f"{entrant.contender.name} on {entrant.target.runtime} ended with {process.returncode}: {errors}"
                )
        return json.loads(answer.read())


def measure_cold(
    entrants: Sequence[Entrant], endpoints: Endpoints, tls: Tls, rounds: int, told: Callable[[str], object]
) -> list[Sample]:
    """Return what so many starts of each entrant cost, each way."""
    samples = []
    for number in range(rounds + 1):
        told(f"cold start: round {number} of {rounds}")
        for way in COLD:
            for entrant in _turned(entrants, number):
                figures = run(entrant, endpoints.of(way.scheme), tls, what="cold")
                samples.append(_sample(entrant, way, number, figures))
    return [sample for sample in samples if sample.round > 0]  # in the first, files come from the disk


def measure_warm(
    entrants: Sequence[Entrant],
    endpoints: Endpoints,
    tls: Tls,
    rounds: int,
    told: Callable[[str], object],
    ways: Sequence[Way] = WARM,
) -> list[Sample]:
    """Return what an invocation of each entrant takes once it is warm, in each of these ways."""
    samples = []
    for number in range(1, rounds + 1):
        told(f"warm: round {number} of {rounds}")
        turns = [(way, number * way.turns + each) for way in ways for each in range(way.turns)]
        for way, turn in turns:
            for entrant in _turned(entrants, turn):
                figures = run(
                    entrant,
                    endpoints.of(way.scheme),
                    tls,
                    what="warm",
                    invocations=INVOCATIONS,
                    ignored=IGNORED,
                    without=way.without,
                    refused=way.refused,
                )
                seconds = figures["seconds"]
                two = {"median": median(seconds), "p99": quantiles(seconds, n=100)[98]}
                samples.append(_sample(entrant, way, turn, two))
    return samples


def _turned(entrants: Sequence[Entrant], number: int) -> list[Entrant]:
    """Return the entrants, another one first in each round."""
    first = number % len(entrants)
    return [*entrants[first:], *entrants[:first]]


def _sample(entrant: Entrant, way: Way, number: int, figures: Figures) -> Sample:
    return Sample(entrant.target.runtime, entrant.contender.name, way.name, number, figures)
