"""Functions of a few lines, to see what the local runtime does with them."""

import textwrap
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

from local.instances.instance import Instance
from tests.handlers import KEY_PAIR

NAME = "probe"


def write_function(folder: Path, code: str, *, initialize: str = "pass", name: str = NAME) -> Path:
    """Write a function whose handler has this body, and its initializer that one; return the folder."""
    body, start = (textwrap.indent(textwrap.dedent(text).strip(), "    ") for text in (code, initialize))
    source = f"import json, os, sys, time\nfrom pathlib import Path\n\nHERE = Path({str(folder)!r})\n\n\n"
    source += f"def initialize(context):\n{start}\n\n\ndef handler(event, context):\n{body}\n"
    (folder / f"{name}.py").write_text(source)
    return folder


def instance_of(
    folder: Path, *, environ: Mapping[str, str] | None = None, logs: IO[bytes] | None = None, **how: Any
) -> Instance:
    """Return an instance of the function in that folder."""
    given = {"PATH": "", **(environ or {})}
    return Instance(NAME, environ=given, credentials=KEY_PAIR, code_path=folder, logs=logs, **how)


def eventually(holds: Callable[[], object]) -> bool:
    """Wait for what another process or thread does; tell whether it did within ten seconds."""
    deadline = time.monotonic() + 10
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.005)
    return True
