"""What of the functions and of each wheel goes into a package: what runs, and the licences of all of it.

What is left out is listed here; a test holds that nothing which stays can need it. No distribution's metadata goes in:
what runs reads none, since the store's client is told not to look up its own version.

Some modules go in as stand-ins of our own, each of which says why: those in `stand_ins` always, those in `frozen` where
the models' schemas have been written down.
"""

import shutil
import zipfile
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from packaging.utils import NormalizedName

from local.package.errors import PackageError

LICENSES = "licenses"

NOT_OURS_TO_DEPLOY = ("fcapi/testing.py",)
"""Makers of contexts, for tests and laptops."""

LEFT_OUT = (
    "*.pyi",  # for type checkers, as are the next two
    "*/py.typed",
    "pydantic/mypy.py",
    "pydantic/v1/*",  # the API of pydantic 1
    "pydantic/experimental/*",
    "annotated_types/test_cases.py",
    "certifi/tests/*",
    "*/__main__.py",  # commands
    "requests/help.py",
    "redis/multidb/*",  # one client over many databases, and what only that needs
    "redis/asyncio/multidb/*",
    "redis/http/*",
    "redis/asyncio/http/*",
    "urllib3/contrib/emscripten/*",  # for browsers
)

REPLACED = {NormalizedName("charset-normalizer"), NormalizedName("idna")}
"""Distributions left out whole, with a stand-in in their place."""

REPLACED_WHEN_FROZEN = {
    NormalizedName(name) for name in ("annotated-types", "pydantic", "typing-extensions", "typing-inspection")
}
"""Distributions left out whole where the schemas that pydantic makes are written down: it, and what only it needs."""

_STAND_INS = Path(__file__).with_name("stand_ins")
_FROZEN = Path(__file__).with_name("frozen")
_LICENSE_NAMES = ("licenses/*", "LICEN[CS]E*", "COPYING*", "NOTICE*", "AUTHORS*")


def add_functions(functions: Path, folder: Path) -> None:
    """Copy the modules of the functions into `folder`."""
    for name in _deployed(functions):
        _write(folder / name, (functions / name).read_bytes())


def module_names(functions: Path) -> list[str]:
    """Return the names by which the modules of the functions are imported."""
    return [name.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for name in _deployed(functions)]


def _deployed(functions: Path) -> list[str]:
    names = sorted(source.relative_to(functions).as_posix() for source in functions.rglob("*.py"))
    return [name for name in names if name not in NOT_OURS_TO_DEPLOY]


def add_wheel(name: NormalizedName, wheel: Path, folder: Path) -> None:
    """Unpack what runs of the wheel of distribution `name`, and its licences, into `folder`.

    Raises:
        PackageError: it comes without a licence, which must go wherever its code goes, or puts files elsewhere.

    """
    licensed = False
    with zipfile.ZipFile(wheel) as opened:
        for member in sorted(opened.namelist()):
            top, _, rest = member.partition("/")
            if top.endswith(".data"):
                raise PackageError(f"{wheel.name} has files for other places than the import root: {member}")
            if member.endswith("/") or _is_left_out(member):
                continue
            if not top.endswith(".dist-info"):
                _write(folder / member, opened.read(member))
            elif any(fnmatchcase(rest, pattern) for pattern in _LICENSE_NAMES):
                licensed = True
                _write(folder / LICENSES / name / rest.removeprefix("licenses/"), opened.read(member))
    if not licensed:
        raise PackageError(f"{wheel.name} comes without its licence.")


def add_license(name: str, license_file: Path, folder: Path) -> None:
    """Put the licence of the project `name` beside the others."""
    _write(folder / LICENSES / name / license_file.name, license_file.read_bytes())


def add_stand_ins(folder: Path) -> None:
    """Put our own modules where those of the replaced distributions would be."""
    _add_modules(_STAND_INS, folder)


def add_frozen_models(schemas: str, folder: Path) -> None:
    """Put `schemas`, a module that was written for the models of the functions, where pydantic would make them."""
    _add_modules(_FROZEN, folder)
    (folder / "pydantic" / "schemas.py").write_text(schemas)
    (folder / "pydantic_core" / "core_schema.py").unlink()  # what schemas are made with


def _add_modules(source: Path, folder: Path) -> None:
    shutil.copytree(source, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))


def _is_left_out(member: str) -> bool:
    return any(fnmatchcase(member, pattern) for pattern in LEFT_OUT)


def _write(path: Path, content: bytes) -> None:
    assert ".." not in PurePosixPath(path).parts
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
