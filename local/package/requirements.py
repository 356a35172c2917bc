"""Reads the pinned and hashed requirements of a runtime."""

import re
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name

from local.package import PackageError
from local.package.targets import Target


@dataclass(frozen=True, slots=True)
class Pin:
    """One version of one distribution, and the SHA-256 of every file of it that was locked."""

    name: NormalizedName
    version: str
    hashes: frozenset[str]

    def line(self) -> str:
        """Return it as pip reads it, with its hashes and without a marker."""
        return " ".join([f"{self.name}=={self.version}", *(f"--hash=sha256:{each}" for each in sorted(self.hashes))])


def read_pins(requirements: Path, target: Target | None = None) -> list[Pin]:
    """Return what `requirements`, as `uv pip compile` writes it, pins for `target`, or for any, sorted by name.

    Raises:
        PackageError: a line pins no version, or has no hash.

    """
    # Comments first: one ends where its line does, and a requirement goes on over many.
    text = re.sub(r"^\s*#.*\n", "", requirements.read_text(encoding="utf-8"), flags=re.MULTILINE).replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip()]
    pins = [_pin(line, target) for line in lines]
    return sorted((pin for pin in pins if pin), key=lambda pin: pin.name)


def _pin(line: str, target: Target | None) -> Pin | None:
    requirement = Requirement(line.partition(" --hash")[0])
    if target and not target.matches(requirement.marker):
        return None
    versions = [each.version for each in requirement.specifier if each.operator == "=="]
    hashes = frozenset(re.findall(r"--hash=sha256:([0-9a-f]{64})\b", line))
    if len(versions) != 1 or not hashes:
        raise PackageError(f"{requirement.name} is not pinned with a hash. Renew the requirement files: make lock")
    return Pin(canonicalize_name(requirement.name), versions[0], hashes)
