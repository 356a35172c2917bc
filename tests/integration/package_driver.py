"""Invokes a function of an unpacked package once; run as a script, by the interpreter that the package is for.

Given are the package's folder, the runtime, the function, the file of an event, and credentials as JSON. The makers of
contexts are not in a package, so they are read from next to it, without their folder getting on the path. The function
prints its log lines; the last line is where each module that was imported comes from.
"""

import importlib
import importlib.util
import json
import os
import sys
import sysconfig
from pathlib import Path
from types import ModuleType

FUNCTIONS = Path(__file__).parents[2] / "functions"


def main() -> None:
    folder, runtime, function, event, credentials = sys.argv[1:]
    standard = [sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib")]
    assert all(entry.startswith(tuple(standard)) or entry.endswith(".zip") for entry in sys.path), sys.path
    sys.path.insert(0, folder)
    parts = json.loads(credentials)
    if runtime == "python3.12":
        for name, part in parts.items():
            os.environ[f"ALIBABA_CLOUD_{name.upper()}"] = part
    testing = load(FUNCTIONS / "fcapi" / "testing.py")
    given = testing.ContextCredentials(**parts) if runtime == "python3.10" else None
    context = testing.make_context(runtime, function_name=function, credentials=given)
    module = importlib.import_module(function)
    module.initialize(context)
    json.dumps(module.handler(Path(event).read_bytes(), context))
    del sys.modules[testing.__name__]
    files = {name: str(loaded.__file__) for name, loaded in sys.modules.items() if getattr(loaded, "__file__", None)}
    del files["__main__"]
    within = {name.partition(".")[0] for name, file in files.items() if file.startswith(folder)}
    foreign = [name for name, file in files.items() if not file.startswith((folder, *standard))]
    print(json.dumps({"third_party": sorted(within), "foreign": foreign}))  # noqa: T201 -- its answer


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("makers_of_contexts", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    main()
