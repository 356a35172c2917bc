"""`fcapi tick`: fires the timer of a running `fcapi serve`."""

import json
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import click
import requests

from local.serve.ports import DEFAULT_PORT, port_of

_SECONDS = 120
"""Longer than the timer's function and its initializer may take together, as template.yml limits them."""


@click.command()
@click.option(
    "--url",
    default=f"http://127.0.0.1:{port_of('invoke_api', DEFAULT_PORT)}",
    show_default=True,
    help="URL of the Invoke API, as `fcapi serve` prints it.",
)
def tick(url: str) -> None:
    """Fire the timer of a running `fcapi serve` now, and print the result of the timer's function.

    In a terminal, a progress bar counts the numbers that were tried. Exits with 1 if the function failed.
    """
    control = f"{url.rstrip('/')}/_serve"
    try:
        outcome = _ticked_with_progress(control) if sys.stderr.isatty() else _ticked(control)
        payload, failed = outcome["Payload"], outcome["Failed"]
    except (requests.RequestException, TypeError, KeyError) as error:
        raise click.ClickException(
            f"No `fcapi serve` answers at {url} ({type(error).__name__}). What it printed as its invoke api: --url URL"
        ) from None
    click.echo(payload)
    sys.exit(1 if failed else 0)


def _ticked(control: str) -> Any:
    """Return what `POST /_serve/tick` answers. Raises requests.RequestException."""
    return _answer("POST", f"{control}/tick", json={})


def _ticked_with_progress(control: str) -> Any:
    last_line = _answer("GET", f"{control}/state")["LastLine"]
    with ThreadPoolExecutor(1) as thread:
        ticked = thread.submit(_ticked, control)
        tried = _numbers_tried(control, last_line, ticked)
        with click.progressbar(tried, label="Sweeping", show_pos=True, file=sys.stderr) as shown:
            for _ in shown:
                pass
        return ticked.result()


def _numbers_tried(control: str, last_line: int, ticked: "Future[Any]") -> Iterator[str]:
    """Yield the summary line of each number as it is tried, until all is done."""
    done = False
    while not done:
        done = ticked.done()  # asked before the lines are read, so that none of them is missed
        wait = 0 if done else 0.5
        read = _answer("GET", f"{control}/logs", params={"since": last_line, "wait": wait})
        last_line = read["Next"]
        yield from (line["Text"] for line in read["Lines"] if _is_summary(line["Text"]))


def _answer(method: str, url: str, **parts: Any) -> Any:
    """Return the document that a route answers with. Raises requests.RequestException."""
    with requests.Session() as session:
        session.trust_env = False  # what runs on this machine is not behind the environment's proxy
        answered = session.request(method, url, timeout=_SECONDS, **parts)
    answered.raise_for_status()
    return answered.json()


def _is_summary(text: str) -> bool:
    try:
        return bool(json.loads(text)["message"] == "phone verification")
    except (ValueError, TypeError, KeyError):
        return False
