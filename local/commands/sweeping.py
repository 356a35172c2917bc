"""Has a running `fcapi serve` do what its timer does, and shows a terminal meanwhile how far it is."""

import json
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import click
import requests

_SECONDS = 120
"""Longer than function 2 and its initializer may take together, as template.yml limits them."""


def sweep(control: str) -> Any:
    """Have it swept by the control routes at this URL, and return what came of it, as `POST /_serve/tick` answers.

    Raises:
        requests.RequestException: nothing answers there, or not with what it should.

    """
    if not sys.stderr.isatty():
        return _sweep(control)
    last_line = requests.get(f"{control}/state", timeout=_SECONDS).json()["LastLine"]
    with ThreadPoolExecutor(1) as thread:
        swept = thread.submit(_sweep, control)
        tried = _tried(control, last_line, swept)
        with click.progressbar(tried, label="Sweeping", show_pos=True, file=sys.stderr) as shown:
            for _ in shown:
                pass
        return swept.result()


def _sweep(control: str) -> Any:
    answered = requests.post(f"{control}/tick", json={}, timeout=_SECONDS)
    answered.raise_for_status()
    return answered.json()


def _tried(control: str, last_line: int, swept: "Future[Any]") -> Iterator[str]:
    """Yield the summary line of each number that was tried, until all is done."""
    done = False
    while not done:
        done = swept.done()  # before the lines are read, so that none of them is missed
        wait = 0 if done else 0.5
        read = requests.get(f"{control}/logs", params={"since": last_line, "wait": wait}, timeout=_SECONDS).json()
        last_line = read["Next"]
        yield from (line["Text"] for line in read["Lines"] if _is_summary(line["Text"]))


def _is_summary(text: str) -> bool:
    try:
        return bool(json.loads(text)["message"] == "phone verification")
    except (ValueError, TypeError, KeyError):
        return False
