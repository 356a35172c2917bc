"""The code that is served, the source or a built package, and the Python that runs it."""

import os
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from local.instances.instance import CODE_PATH
from local.package import PackageError
from local.package.interpreters import find_interpreter
from local.package.targets import TARGETS


@contextmanager
def unpacked(package: Path | None) -> Iterator[Path]:
    """Unpack a package into a folder of its own, for as long as it is needed; without one, give that of the source.

    Raises:
        PackageError: it is not a package of the functions.

    """
    if package is None:
        yield CODE_PATH
        return
    with TemporaryDirectory(prefix="fcapi-serve-") as folder:
        try:
            with zipfile.ZipFile(package) as archive:
                archive.extractall(folder)
        except (OSError, zipfile.BadZipFile) as error:
            raise PackageError(f"{package} cannot be unpacked: {error}. Build one: make package") from None
        if not (Path(folder) / "fcapi").is_dir():
            raise PackageError(f"{package} is not a package of the functions. Build one: make package")
        yield Path(folder)


def interpreter_for(runtime: str, package: Path | None, chosen: Path | None) -> tuple[str, ...]:
    """Return the command of the Python that runs the functions.

    It is the `chosen` one; for a package, one of its version; else this one. A package is all there is to import next
    to the standard library, as in the cloud: what else is installed might hide that something is missing in it.

    Raises:
        PackageError: the package is one for another runtime, or no Python of that version is installed.

    """
    if package is None:
        return (str(chosen or sys.executable),)
    for target in TARGETS:
        if target.archive == package.name and target.runtime != runtime:
            raise PackageError(f"{package.name} is for another runtime: add --runtime {target.runtime}")
    (target,) = (target for target in TARGETS if target.runtime == runtime)
    return (str(chosen or find_interpreter(target, os.environ)), "-S", "-s")
