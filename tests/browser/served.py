"""What the console shows: both functions, served on free ports."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from local.runtime.instance import CODE_PATH
from local.serve.cloud import Cloud, Options
from local.serve.schedule import parse_schedule


@contextmanager
def served(port: int = 0, daily_limit: int = 100) -> Iterator[Cloud]:
    """Serve them; the timer fires only when it is told to."""
    options = Options(
        port=port,
        runtime="python3.12",
        code_path=CODE_PATH,
        interpreter=(sys.executable,),
        schedule=parse_schedule("@every 600m"),
        daily_limit=daily_limit,
    )
    with Cloud(options, echo=lambda _: None) as cloud:
        yield cloud


def console_url(cloud: Cloud) -> str:
    """Return where the console is."""
    return f"{cloud.faces['invoke_api']}/"
