"""What is measured, and its making: each contender in a folder of its own, with what it imports, for each Python."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import asdict, dataclass
from pathlib import Path

import certifi
import trustme

from local.package.archive import write_zip
from local.package.build import build
from local.package.interpreters import find_interpreter
from local.package.project import Project
from local.package.targets import TARGETS, Target

ROOT = Path(__file__).parents[1]
HERE = Path(__file__).parent
FOLDER = ROOT / ".bench"
"""Git ignores it."""


@dataclass(frozen=True, slots=True)
class Contender:
    """Something that sends a verification: its name, its module with `initialize` and `handler`, and what it needs."""

    name: str
    module: str
    has_requirements: bool = True


OURS = Contender("ours", "send_phone_verification")
SDK = Contender("SDK", "sdk")
SDK_POWERTOOLS = Contender("SDK + powertools", "sdk_powertools")
PLAIN = Contender("plain", "plain")
FLOOR = Contender("floor", "floor", has_requirements=False)
CONTENDERS = (OURS, SDK, SDK_POWERTOOLS, PLAIN, FLOOR)


@dataclass(frozen=True, slots=True)
class Size:
    """The bytes of all files with bytecode, as a zip and unpacked."""

    zipped: int
    unpacked: int


@dataclass(frozen=True, slots=True)
class Entrant:
    """A contender that is built for a Python."""

    contender: Contender
    target: Target
    interpreter: Path
    folder: Path
    size: Size


@dataclass(frozen=True, slots=True)
class Tls:
    """The certificate of the server, with its key, and that of the authority which the contenders are to trust.

    The bundle is that of certifi with the authority added, for a contender that brings none.
    """

    certificate: Path
    authority: Path
    bundle: Path


def prepare_tls() -> Tls:
    """Return the certificates, made at the first time."""
    folder = FOLDER / "tls"
    tls = Tls(folder / "server.pem", folder / "authority.pem", folder / "bundle.pem")
    if not tls.authority.exists():
        folder.mkdir(parents=True, exist_ok=True)
        authority = trustme.CA()
        leaf = authority.issue_cert("127.0.0.1")
        tls.certificate.write_bytes(leaf.private_key_and_cert_chain_pem.bytes())
        tls.authority.write_bytes(authority.cert_pem.bytes())
        tls.bundle.write_bytes(Path(certifi.where()).read_bytes() + b"\n" + tls.authority.read_bytes())
    return tls


def prepare_entrants(tls: Tls) -> list[Entrant]:
    """Return every contender on every Python; those whose making has not changed are kept from the last time."""
    entrants = []
    for target in TARGETS:
        interpreter = find_interpreter(target, os.environ)
        for contender in CONTENDERS:
            folder = FOLDER / target.runtime / contender.module
            if contender is OURS:
                size = _make_ours(target, interpreter, folder, tls)
            else:
                size = _make_peer(contender, interpreter, folder, tls)
            entrants.append(Entrant(contender, target, interpreter, folder, size))
    return entrants


def _make_ours(target: Target, interpreter: Path, folder: Path, tls: Tls) -> Size:
    """Unpack what `make package` builds."""
    built = build(Project(ROOT), target, FOLDER / "dist", interpreter)
    shutil.rmtree(folder, ignore_errors=True)
    with zipfile.ZipFile(built.path) as archive:
        archive.extractall(folder)
    size = Size(built.size, _bytes_of(folder))
    _trust(tls, folder)
    return size


def _make_peer(contender: Contender, interpreter: Path, folder: Path, tls: Tls) -> Size:
    """Install what a peer needs next to it, as `pip install --target` does, and compile all of it."""
    source = HERE / "contenders" / f"{contender.module}.py"
    requirements = HERE / "requirements" / f"{contender.module}.txt"
    inputs = [source, tls.authority, *([requirements] if contender.has_requirements else [])]
    key = hashlib.sha256(b"".join(path.read_bytes() for path in inputs) + bytes(interpreter)).hexdigest()
    made = folder.with_suffix(".json")
    if made.exists() and (kept := json.loads(made.read_text(encoding="utf-8")))["key"] == key:
        return Size(**kept["size"])
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    if contender.has_requirements:
        command = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", str(interpreter)]
        # Copies, since the certificates in them are about to be changed.
        command += ["--target", str(folder), "--link-mode", "copy", "--require-hashes", "--no-deps"]
        _run([*command, "--requirement", str(requirements)])
    shutil.copy(source, folder)
    _run([str(interpreter), "-I", "-m", "compileall", "-q", str(folder)])
    size = Size(_zipped(folder), _bytes_of(folder))
    _trust(tls, folder)
    made.write_text(json.dumps({"key": key, "size": asdict(size)}), encoding="utf-8")
    return size


def _trust(tls: Tls, folder: Path) -> None:
    """Add the authority to the certificates that whatever is in the folder trusts, and to nothing else."""
    for bundle in folder.glob("certifi/cacert.pem"):
        bundle.write_bytes(bundle.read_bytes() + b"\n" + tls.authority.read_bytes())


def _zipped(folder: Path) -> int:
    archive = folder.with_suffix(".zip")
    write_zip(folder, archive)
    try:
        return archive.stat().st_size
    finally:
        archive.unlink()


def _bytes_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True)  # noqa: S603 -- our own words
