"""Invokes a function once and says which modules that loaded, each with the imports that led to it.

Run as a script, in isolated mode and without `site`, so that nothing is loaded but by the function. Given are the
folders of the import path, the function, the file of an event, and credentials as JSON.
"""

import json
import os
import sys
from importlib import import_module
from importlib.abc import MetaPathFinder
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType


class Witness(MetaPathFinder):
    """Finds no module, but is asked for each one first, and keeps who asked."""

    def __init__(self) -> None:
        self.chains: dict[str, list[str]] = {}

    def find_spec(self, fullname: str, *_where: object) -> None:
        """Keep the chain of modules that are being loaded, or that ran the function which imports."""
        importing: list[str] = []
        frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 -- there is no other way to see who imports
        while frame is not None:
            name = str(frame.f_globals.get("__name__"))
            if not name.startswith("importlib") and name not in ("__main__", *importing[-1:]):
                importing.append(name)
            frame = frame.f_back
        self.chains.setdefault(fullname, [*reversed(importing), fullname])


def main() -> None:
    path, function, event, credentials = sys.argv[1:]
    sys.path += json.loads(path)
    for name, part in json.loads(credentials).items():
        os.environ[f"ALIBABA_CLOUD_{name.upper()}"] = part
    from fcapi.testing import make_context

    context = make_context("python3.12", function_name=function)
    before = set(sys.modules)
    witness = Witness()
    sys.meta_path.insert(0, witness)
    module = import_module(function)
    module.initialize(context)
    module.handler(Path(event).read_bytes(), context)
    # Compiled modules may put modules there that nobody imports.
    loaded = {name: witness.chains[name] for name in sorted(witness.chains.keys() & sys.modules.keys() - before)}
    print(json.dumps(loaded))  # noqa: T201 -- its answer


if __name__ == "__main__":
    main()
