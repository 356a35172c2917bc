"""The files that a package is built from."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


@dataclass(frozen=True, slots=True)
class Project:
    """A project's files, below its root. `store_ca`: a PEM file of the store's authorities, which goes in as well."""

    root: Path
    store_ca: Path | None = None

    @property
    def functions(self) -> Path:
        """The modules of the functions."""
        return self.root / "functions"

    @property
    def requirements(self) -> Path:
        """The pinned and hashed requirements of the functions."""
        return self.root / "requirements" / "deployed.txt"

    @property
    def license(self) -> Path:
        """The project's own licence."""
        return self.root / "LICENSE"

    @property
    def wheels(self) -> Path:
        """Where downloaded wheels are kept."""
        return self.root / ".wheels"

    @property
    def metadata(self) -> dict[str, Any]:
        """The project table of pyproject.toml."""
        table: dict[str, Any] = tomllib.loads((self.root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        return table
