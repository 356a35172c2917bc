"""The wheels of a package: downloaded by pip from the index that it is set up for, and checked against their hashes.

They are kept, in a folder named by what was asked for, so that a second build needs no network.
"""

import hashlib
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from packaging.utils import InvalidWheelFilename, NormalizedName, parse_wheel_filename

from local.package.errors import PackageError
from local.package.requirements import Pin
from local.package.targets import Target


def fetch_wheels(pins: Sequence[Pin], target: Target, cache: Path) -> dict[NormalizedName, Path]:
    """Return the wheel of each pin, by its name, with the hash checked now, wherever it comes from.

    Raises:
        PackageError: pip could not get them all, or one is not what was locked.

    """
    lines = "".join(f"{pin.line()}\n" for pin in pins)
    key = hashlib.sha256(f"{target.abi} {target.platforms}\n{lines}".encode()).hexdigest()
    folder = cache / key
    try:
        return _check(pins, target, folder)
    except PackageError:
        pass  # not there yet, or not what it was when it was put there
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as temporary:
        _download(lines, target, Path(temporary))
        folder.mkdir(exist_ok=True)
        for wheel in Path(temporary).glob("*.whl"):
            wheel.replace(folder / wheel.name)
    return _check(pins, target, folder)


def _download(lines: str, target: Target, folder: Path) -> None:
    requirements = folder / "requirements.txt"
    requirements.write_text(lines)
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--require-hashes", "--only-binary", ":all:", "--implementation", "cp", "--abi", target.abi]
    command += ["--python-version", target.version]
    command += [argument for platform in target.platforms for argument in ("--platform", platform)]
    command += ["--dest", str(folder), "--requirement", str(requirements)]
    ran = subprocess.run(command, capture_output=True, check=False, text=True)  # noqa: S603 -- our own words
    if ran.returncode:
        errors = [line for line in ran.stderr.splitlines() if line.startswith("ERROR")]
        raise PackageError("pip could not get the wheels of the package:\n" + "\n".join(errors or [ran.stderr]))


def _check(pins: Sequence[Pin], target: Target, folder: Path) -> dict[NormalizedName, Path]:
    found = {name: wheel for wheel in sorted(folder.glob("*.whl")) if (name := _runs_on(wheel, target))}
    for pin in pins:
        wheel = found.get(pin.name)
        if wheel is None:
            raise PackageError(f"There is no wheel of {pin.name} {pin.version} for {target.runtime}.")
        if hashlib.sha256(wheel.read_bytes()).hexdigest() not in pin.hashes:
            raise PackageError(f"{wheel.name} is not the file that was locked.")
    return {pin.name: found[pin.name] for pin in pins}


def _runs_on(wheel: Path, target: Target) -> NormalizedName | None:
    try:
        name, _, _, tags = parse_wheel_filename(wheel.name)
    except InvalidWheelFilename:
        return None
    return name if tags & target.tags else None
