"""The wheels of a package: downloaded by pip from the index that it is set up for, and checked against their hashes.

They are kept, in a folder named by what was asked for, so that a second build needs no network. pip and not uv gets
them: uv does not read pip's configuration, so it would ask another index than `make run`; and it installs wheels but
gives none, while the bill of materials has the hash of each, and tests compare a package with them.
"""

import hashlib
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from packaging.utils import NormalizedName, parse_wheel_filename

from local.package import PackageError
from local.package.network import is_unreachable
from local.package.requirements import Pin
from local.package.targets import Target


def fetch_wheels(
    pins: Sequence[Pin], target: Target, cache: Path, platforms: Sequence[str] | None = None
) -> dict[NormalizedName, Path]:
    """Return the wheel of each pin, by its name, with the hash checked now, wherever it comes from.

    They run on the target's Python, on the target's platform or on `platforms`; empty are those of this machine.

    Raises:
        PackageError: pip could not get them all, or one is not what was locked.

    """
    platforms = target.platforms if platforms is None else platforms
    lines = "".join(f"{pin.line()}\n" for pin in pins)
    key = hashlib.sha256(f"{target.abi} {platforms}\n{lines}".encode()).hexdigest()
    folder = cache / key
    try:
        return _check(pins, target, folder)
    except PackageError:
        pass  # not there yet, or not what it was when it was put there
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as temporary:
        _download(lines, target, platforms, Path(temporary))
        folder.mkdir(exist_ok=True)
        for wheel in Path(temporary).glob("*.whl"):
            wheel.replace(folder / wheel.name)
    return _check(pins, target, folder)


def _download(lines: str, target: Target, platforms: Sequence[str], folder: Path) -> None:
    requirements = folder / "requirements.txt"
    requirements.write_text(lines, encoding="utf-8")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--require-hashes", "--only-binary", ":all:", "--implementation", "cp", "--abi", target.abi]
    command += ["--python-version", target.version]
    command += [argument for platform in platforms for argument in ("--platform", platform)]
    command += ["--dest", str(folder), "--requirement", str(requirements)]
    ran = subprocess.run(command, capture_output=True, check=False, encoding="utf-8", errors="replace")  # noqa: S603 -- our own words
    if ran.returncode:
        if is_unreachable(ran.stderr):
            raise PackageError("pip reaches no package index for the wheels of the package: is there a network?")
        errors = [line for line in ran.stderr.splitlines() if line.startswith("ERROR")]
        raise PackageError("pip could not get the wheels of the package:\n" + "\n".join(errors or [ran.stderr]))


def _check(pins: Sequence[Pin], target: Target, folder: Path) -> dict[NormalizedName, Path]:
    found = {parse_wheel_filename(wheel.name)[0]: wheel for wheel in sorted(folder.glob("*.whl"))}
    for pin in pins:
        wheel = found.get(pin.name)
        if wheel is None:
            raise PackageError(f"There is no wheel of {pin.name} {pin.version} for {target.runtime}.")
        if hashlib.sha256(wheel.read_bytes()).hexdigest() not in pin.hashes:
            raise PackageError(f"{wheel.name} is not the file that was locked.")
    return {pin.name: found[pin.name] for pin in pins}
