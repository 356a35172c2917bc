"""Which lines of the functions each test runs, and how long it takes: recorded once for each version of the code.

The processes that a test starts are recorded, too. The records are kept in `.mutants/`: a test file is recorded again
when it changes, and all are when anything else does.
"""

import hashlib
import json
import os
import subprocess
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import coverage

from tests.interpreters import untraced
from tests.mutants import recorder
from tests.mutants.copies import copied
from tests.mutants.trial import PLUGINS, PYTEST_OPTIONS

LEFT_OUT = ("account", "browser", "e2e", "mutants", "template", "integration/test_package")
"""Tests of what is around the functions, slow ones of commands and of packages, and those of this folder."""


class RecordedTest(NamedTuple):
    """A test that passes: its id, the seconds that it takes, and the lines that it runs of each module."""

    id: str
    seconds: float
    lines: dict[str, set[int]]


def recorded_tests(project: Path, jobs: int, say: Callable[[str], None]) -> list[RecordedTest]:
    """Return the tests of a project that run its functions; what is not known yet is recorded."""
    kept = project / ".mutants"
    kept.mkdir(exist_ok=True)
    tests: list[RecordedTest] = []
    missing: dict[str, Path] = {}
    shared = _shared_version(project)
    files = list(_test_files(project))
    for file in files:
        version = hashlib.sha256(f"{shared} {file} {_version([project / file])}".encode()).hexdigest()[:16]
        record = kept / f"{version}.json"
        if record.exists():
            tests += _read(record)
        else:
            missing[file] = record
    if missing:
        say(f"recording what {len(missing)} of {len(files)} test files run; this is done once for each version of them")
        recorded = _record(project, missing, jobs)
        for file, record in missing.items():
            found = [test for test in recorded if test.id.partition("::")[0] == file]
            record.write_text(json.dumps([[id_, seconds, _as_lists(lines)] for id_, seconds, lines in found]))
            tests += found
    return tests


def _test_files(project: Path) -> Iterator[str]:
    left_out = tuple(f"tests/{each}" for each in LEFT_OUT)
    for path in sorted((project / "tests").rglob("test_*.py")):
        file = path.relative_to(project).as_posix()
        if not file.startswith(left_out):
            yield file


def _shared_version(project: Path) -> str:
    tests = set(_test_files(project))
    paths = [path for folder in ("functions", "local", "tests", "events") for path in (project / folder).rglob("*")]
    names = {path: path.relative_to(project).as_posix() for path in paths}
    left_out = tuple(f"tests/{each}" for each in LEFT_OUT)
    return _version(
        path
        for path, name in names.items()
        if path.is_file() and "__pycache__" not in name and name not in tests and not name.startswith(left_out)
    )


def _version(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(f"{path.name} ".encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _read(record: Path) -> list[RecordedTest]:
    return [
        RecordedTest(id_, seconds, {module: set(numbers) for module, numbers in lines.items()})
        for id_, seconds, lines in json.loads(record.read_text())
    ]


def _as_lists(lines: dict[str, set[int]]) -> dict[str, list[int]]:
    return {module: sorted(numbers) for module, numbers in lines.items()}


def _record(project: Path, files: Collection[str], jobs: int) -> list[RecordedTest]:
    with copied(project) as copy, TemporaryDirectory() as path:
        folder = Path(path)
        # `${…}` stands for the value of the variable in the process that reads it.
        (folder / "rc").write_text(
            f"[run]\nsource = {copy.root / 'functions'}\ndata_file = {folder / 'data'}\nparallel = true\n"
            f"context = ${{{recorder.TEST}-}}\n"
        )
        plugins = (option for plugin in (*PLUGINS, recorder.__name__) for option in ("-p", plugin))
        command = [str(copy.python), "-m", "pytest", *PYTEST_OPTIONS, *plugins]
        subprocess.run(  # whether the tests pass is in what they write
            [*command, *(("-n", str(jobs), "--dist", "loadgroup") if jobs > 1 else ()), *files],
            cwd=copy.root,
            env={**untraced(os.environ), "COVERAGE_PROCESS_START": str(folder / "rc"), recorder.FOLDER: str(folder)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,  # Ctrl+C reaches it, too, and its traceback would be the end of ours
            check=False,
        )
        passed = {}
        for durations in folder.glob("seconds-*.json"):
            passed.update(json.loads(durations.read_text()))
        if not passed:
            raise RuntimeError("no test passed in a copy of the project: does `make test`?")
        lines: dict[str, dict[str, set[int]]] = {}
        _combine(folder, copy.root / "functions", lines)
    return [RecordedTest(id_, seconds, lines[id_]) for id_, seconds in passed.items() if id_ in lines]


def _combine(folder: Path, functions: Path, lines: dict[str, dict[str, set[int]]]) -> None:
    whole = coverage.Coverage(data_file=str(folder / "data"), config_file=False)
    whole.combine([str(folder)])
    data = whole.get_data()
    for name in data.measured_files():
        module = Path(name).relative_to(functions).as_posix()
        for number, contexts in data.contexts_by_lineno(name).items():
            for context in contexts:
                lines.setdefault(context, {}).setdefault(module, set()).add(number)
