"""`fcapi tick`: the timer's work, now."""

import json
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import click

from local.serve.cloud import FACES
from local.serve.command import DEFAULT_PORT

_SECONDS = 120
"""Longer than function 2 and its initializer may take together, as template.yml limits them."""


@click.command()
@click.option(
    "--url",
    default=f"http://127.0.0.1:{DEFAULT_PORT + FACES.index('invoke_api')}",
    show_default=True,
    help="What `fcapi serve` printed as its invoke api.",
)
def tick(url: str) -> None:
    """Have a running `fcapi serve` do what its timer does, and print what function 2 returned.

    Exits with 1 when the function failed.
    """
    import requests  # which takes long, and no other command needs

    try:
        outcome = _swept(f"{url.rstrip('/')}/_serve")
        payload, failed = outcome["Payload"], outcome["Failed"]
    except (requests.RequestException, TypeError, KeyError) as error:
        raise click.ClickException(
            f"No `fcapi serve` answers at {url} ({type(error).__name__}). What it printed as its invoke api: --url URL"
        ) from None
    click.echo(payload)
    sys.exit(1 if failed else 0)


def _swept(control: str) -> Any:
    """Have it swept, and return what came of it; a terminal is shown meanwhile how many numbers were tried."""
    import requests

    def sweep() -> Any:
        answered = requests.post(f"{control}/tick", json={}, timeout=_SECONDS)
        answered.raise_for_status()
        return answered.json()

    if not sys.stderr.isatty():
        return sweep()
    last_line = requests.get(f"{control}/state", timeout=_SECONDS).json()["LastLine"]
    with ThreadPoolExecutor(1) as thread:
        swept = thread.submit(sweep)
        with click.progressbar(
            _tried(control, last_line, swept), label="Sweeping", show_pos=True, file=sys.stderr
        ) as bar:
            for _ in bar:
                pass
        return swept.result()


def _tried(control: str, last_line: int, swept: "Future[Any]") -> Iterator[str]:
    """Yield the summary line of each number that was tried, until all is done."""
    import requests

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
