"""The runtimes that a package is built for: Python version, C library and processor of each.

Source of the base images: the vendor's page "Runtime environments" of Function Compute 3.0: Python 3.12 on Debian 11,
which has glibc 2.31, and Python 3.10 on Debian 10, which has glibc 2.28. Both run on x86-64.
"""

from collections.abc import Set
from dataclasses import dataclass

from packaging.markers import Marker

_OLDEST_GLIBC_MINOR = 17
"""manylinux2014 is manylinux_2_17; no newer CPython publishes anything older."""


@dataclass(frozen=True, slots=True)
class Target:
    """A runtime of Function Compute: a CPython version like `3.12`, on a glibc 2.`glibc_minor`, on x86-64."""

    version: str
    glibc_minor: int

    @property
    def runtime(self) -> str:
        """What the cloud calls it: `python3.12`."""
        return f"python{self.version}"

    @property
    def cache_tag(self) -> str:
        """The cache tag of its bytecode: `cpython-312`."""
        return f"cpython-{self._digits}"

    @property
    def archive(self) -> str:
        """The name of its package."""
        return f"phone-verification-{self.runtime}-x86_64.zip"

    @property
    def platforms(self) -> list[str]:
        """The platform tags of wheels that run there, best first."""
        newest_first = range(self.glibc_minor, _OLDEST_GLIBC_MINOR - 1, -1)
        return [*(f"manylinux_2_{minor}_x86_64" for minor in newest_first), "manylinux2014_x86_64"]

    @property
    def abi(self) -> str:
        """The tag of its binary interface: `cp312`."""
        return f"cp{self._digits}"

    @property
    def library_suffix(self) -> str:
        """What the files of its compiled modules end with."""
        return f".{self.cache_tag}-x86_64-linux-gnu.so"

    def matches(self, marker: Marker | None) -> bool:
        """Tell whether a requirement with this environment marker is wanted there."""
        return marker is None or marker.evaluate(self._environment)

    @property
    def _digits(self) -> str:
        return self.version.replace(".", "")

    @property
    def _environment(self) -> dict[str, str | Set[str]]:
        # By default a marker is evaluated for the Python that builds, not for the target.
        return {
            "implementation_name": "cpython",
            "implementation_version": f"{self.version}.0",
            "os_name": "posix",
            "platform_machine": "x86_64",
            "platform_release": "",
            "platform_system": "Linux",
            "platform_version": "",
            "python_full_version": f"{self.version}.0",
            "platform_python_implementation": "CPython",
            "python_version": self.version,
            "sys_platform": "linux",
        }


TARGETS = (Target("3.12", glibc_minor=31), Target("3.10", glibc_minor=28))
