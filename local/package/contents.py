"""Selects the files that go into a package, and names those that do not.

A file of a wheel goes in unchanged or not at all. A test checks that no file in the package needs one that is left out.
"""

import ssl
import zipfile
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from packaging.utils import NormalizedName

from local.package import PackageError

LICENSES = "licenses"

NOT_OURS_TO_DEPLOY = ("fcapi/testing.py",)
"""Makers of contexts, for tests and laptops."""

STORE_CA = "store-ca.pem"
"""The authorities of the store's certificate, where a file of them was given."""

MODELS = "fcapi/models.py"
"""The module of the functions that a package has a compiled version of."""

LEFT_OUT = (
    "*.dist-info/*",  # metadata that nothing reads; its licences go to a folder of their own
    "*.pyi",  # for type checkers
    "*/py.typed",
    "certifi/tests/*",
    "*/__main__.py",  # commands
    "requests/help.py",
    "redis/multidb/*",  # one client over many databases, and what only that needs
    "redis/asyncio/multidb/*",
    "redis/http/*",
    "redis/asyncio/http/*",
    "urllib3/contrib/emscripten/*",  # for browsers
)
"""The files of the wheels that go in are left out if they match one of these patterns."""

STUBBED = frozenset({NormalizedName("charset-normalizer"), NormalizedName("idna")})
"""Distributions that do not go in; a stub of ours takes the place of each."""

FOR_BUILDING = frozenset({NormalizedName(name) for name in ("annotated-types", "pydantic", "typing-inspection")})
"""Distributions that do not go in: pydantic and its own dependencies, which only compile the models."""

_STUBS = Path(__file__).with_name("stubs")
_COMPILED_MODELS = Path(__file__).with_name("compiled_models.py")
_LICENSE_NAMES = ("licenses/*", "LICEN[CS]E*", "COPYING*", "NOTICE*", "AUTHORS*")


def add_functions(functions: Path, folder: Path) -> None:
    """Copy the modules of the functions into `folder`."""
    for name in _deployed(functions):
        _write(folder / name, (functions / name).read_bytes())


def module_names(functions: Path) -> list[str]:
    """Return the names by which the modules of the functions are imported."""
    return [name.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for name in _deployed(functions)]


def add_wheel(name: NormalizedName, wheel: Path, folder: Path) -> None:
    """Unpack the runtime files and the licences of a wheel of distribution `name` into `folder`.

    Raises:
        PackageError: it has no licence, which must be shipped with its code, or files outside the import root.

    """
    licensed = False
    with zipfile.ZipFile(wheel) as opened:
        for member in sorted(opened.namelist()):
            top, _, rest = member.partition("/")
            if top.endswith(".data"):
                raise PackageError(f"{wheel.name} has files for other places than the import root: {member}")
            if member.endswith("/"):
                continue
            if top.endswith(".dist-info") and any(fnmatchcase(rest, pattern) for pattern in _LICENSE_NAMES):
                licensed = True
                _write(folder / LICENSES / name / rest.removeprefix("licenses/"), opened.read(member))
            elif not any(_patterns_of(member)):
                _write(folder / member, opened.read(member))
    if not licensed:
        raise PackageError(f"{wheel.name} comes without its licence.")


def left_out_of(wheel: Path) -> list[str]:
    """Return the patterns that leave files of a wheel out."""
    with zipfile.ZipFile(wheel) as opened:
        matched = {pattern for member in opened.namelist() for pattern in _patterns_of(member)}
    return [pattern for pattern in LEFT_OUT if pattern in matched]


def add_license(name: str, license_file: Path, folder: Path) -> None:
    """Put the licence of the project `name` with the others."""
    _write(folder / LICENSES / name / license_file.name, license_file.read_bytes())


def check_store_ca(pem: Path) -> None:
    """Look into a file of the authorities of the store's certificate.

    Raises:
        PackageError: it has no certificate that can be read, or has a private key.

    """
    try:
        found = ssl.create_default_context(cafile=pem).cert_store_stats()["x509"]
    except OSError:
        found = 0
    if not found:
        raise PackageError(f"{pem} is not a PEM file of certificates.")
    if b"PRIVATE KEY" in pem.read_bytes():
        raise PackageError(f"{pem} has a private key, which no package may hold: give the certificates alone.")


def add_store_ca(pem: Path, folder: Path) -> None:
    """Put the authorities of the store's certificate at the root of a package."""
    _write(folder / STORE_CA, pem.read_bytes())


def stub_of(name: NormalizedName) -> str:
    """Return the file that is the stub of a distribution, in a package and below the folder of stubs."""
    return f"{name.replace('-', '_')}/__init__.py"


def add_stub(name: NormalizedName, folder: Path) -> None:
    """Put our stub of a distribution where its own module would be."""
    _write(folder / stub_of(name), (_STUBS / stub_of(name)).read_bytes())


def add_compiled_models(compiled: str, folder: Path) -> None:
    """Replace the module of the models by its compiled version."""
    _write(folder / MODELS, _COMPILED_MODELS.read_bytes() + compiled.encode())


def _deployed(functions: Path) -> list[str]:
    names = sorted(source.relative_to(functions).as_posix() for source in functions.rglob("*.py"))
    return [name for name in names if name not in NOT_OURS_TO_DEPLOY]


def _patterns_of(member: str) -> Iterator[str]:
    return (pattern for pattern in LEFT_OUT if fnmatchcase(member, pattern))


def _write(path: Path, content: bytes) -> None:
    assert ".." not in PurePosixPath(path).parts
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
