"""Says what a folder of functions makes of events and of settings; run as a script, by the interpreter that it is for.

Given are the folder and, on stdin, JSON: the `environs` to read settings from, and `events`, pairs of a
function's name and base64. Printed is JSON, with nothing in it that depends on the time or on chance, so that a package
can be compared with its sources. One instance of each function takes all its events, with a clock that stands still.
"""

import base64
import json
import os
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from functools import partial
from importlib import import_module
from io import StringIO
from types import SimpleNamespace
from typing import Any


def main() -> None:
    sys.path.insert(0, sys.argv[1])
    given = json.load(sys.stdin)
    from phone_verification import settings

    kinds: dict[str, Any] = {
        "send_phone_verification": settings.SendSettings,
        "resend_pending_verifications": settings.SweepSettings,
    }
    read = [[read_settings(kind, environ) for kind in kinds.values()] for environ in given["environs"]]
    instances = {name: instance(name, kind) for name, kind in kinds.items()}
    about = SimpleNamespace(name="function", memory=128, timeout=60, version_id="LATEST")
    context = SimpleNamespace(request_id="1-1-1", function=about, region="cn-hangzhou", account_id="1234567890123456")
    come = [come_of(instances[function], base64.b64decode(event), context) for function, event in given["events"]]
    print(json.dumps({"settings": read, "events": come}))  # noqa: T201 -- its answer


def read_settings(kind: Any, environ: dict[str, str]) -> object:
    try:
        settings = kind.from_environ(environ)
        return [vars(settings), [*settings.loggable()]]
    except Exception as error:  # noqa: BLE001 -- whatever comes is compared
        return said(error)


def instance(name: str, kind: Any) -> Callable[[bytes, object], object]:
    """Return one instance of a function, with clocks that stand still."""
    from phone_verification.components import start

    components = start(kind.from_environ(os.environ), now=lambda: 1_795_400_000.0, monotonic=lambda: 0.0)
    return partial(import_module(name).function.run, components)


def come_of(function: Callable[[bytes, object], object], event: bytes, context: object) -> list[object]:
    """Return what an event gave: a result or an exception, and what was printed."""
    printed = StringIO()
    with redirect_stdout(printed):
        try:
            came: object = function(event, context)
        except Exception as error:  # noqa: BLE001 -- whatever comes is compared
            came = said(error)
    return [came, printed.getvalue()]


def said(error: Exception) -> list[str]:
    return [type(error).__name__, str(error)]


if __name__ == "__main__":
    main()
