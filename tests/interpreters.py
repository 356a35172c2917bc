"""The Pythons that Function Compute runs, where they are installed: `python -m tests.interpreters` prepares them.

Each gets an environment of its own, `.venv-3.10` and so on, with the deployed requirements and nothing else.
"""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
REQUIREMENTS = ROOT / "requirements" / "deployed.txt"
INTO_THE_ENVIRONMENT = {"PIP_USER": "0", "PIP_TARGET": "", "PIP_PREFIX": "", "PIP_ROOT": ""}
"""Whatever pip's own settings say. An empty one counts as none."""

VERSIONS = ("3.10", "3.11", "3.12")


def prepared_interpreter(version: str) -> Path | None:
    """Return a Python of this version that has the deployed requirements, or None where there is none."""
    if _version_of(sys.executable) == version:
        return Path(sys.executable)
    python = _environment(version) / "bin" / "python"
    return python if _is_current(version) and _version_of(python) == version else None


def prepare(version: str) -> str:
    """Make the environment of a version if it is not there yet, and return a line that says what was found."""
    if prepared_interpreter(version):
        return f"Python {version}: ready"
    found = next((python for python in _candidates(version) if _version_of(python) == version), None)
    if found is None:
        return f"Python {version}: not installed, so the tests on it are skipped"
    environment = _environment(version)
    subprocess.run([found, "-m", "venv", "--clear", environment], check=True)
    # Its own pip: an older one, of another Python, may not run on this.
    pip = [str(environment / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command = [*pip, "--require-hashes", "--requirement", str(REQUIREMENTS)]
    ran = subprocess.run(
        command, env={**os.environ, **INTO_THE_ENVIRONMENT}, capture_output=True, check=False, encoding="utf-8"
    )
    if ran.returncode:
        problem = ([line for line in ran.stderr.splitlines() if line.startswith("ERROR")] or [ran.stderr])[-1]
        sys.exit(f"Python {version}: pip could not install what the functions need; is there a network? {problem}")
    _stamp(version).write_bytes(REQUIREMENTS.read_bytes())
    return f"Python {version}: prepared"


def untraced(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment for processes whose coverage nobody needs, since what they run is run elsewhere, too."""
    return {name: value for name, value in environ.items() if not name.startswith("COVERAGE_")}


def _candidates(version: str) -> Iterator[Path]:
    for folder in os.get_exec_path():
        yield Path(folder) / f"python{version}"
    pyenv = os.environ.get("PYENV_ROOT")
    for versions in (Path(sys.base_prefix).parent, Path(pyenv or "~/.pyenv").expanduser() / "versions"):
        yield from sorted(versions.glob(f"{version}.*/bin/python"), reverse=True)


def _version_of(python: str | Path) -> str | None:
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        # pyenv puts commands on the path that only say that the version is not selected.
        ran = subprocess.run([python, "-c", code], capture_output=True, check=False, encoding="utf-8")
    except OSError:
        return None
    return ran.stdout.strip() if ran.returncode == 0 else None


def _environment(version: str) -> Path:
    return ROOT / f".venv-{version}"


def _stamp(version: str) -> Path:
    return _environment(version) / "deployed.txt"


def _is_current(version: str) -> bool:
    return _stamp(version).exists() and _stamp(version).read_bytes() == REQUIREMENTS.read_bytes()


if __name__ == "__main__":
    for each in VERSIONS:
        print(prepare(each), flush=True)  # noqa: T201 -- this is a command
