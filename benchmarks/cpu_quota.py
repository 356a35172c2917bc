"""Runs a process with a part of a CPU, as the platform gives it to an instance: in a cgroup with a quota.

Linux lets root make one, in version 2 or 1 of cgroups. The quota is for 100 ms at a time, the kernel's default; the
platform's own period is not published.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

CGROUPS = Path("/sys/fs/cgroup")
PERIOD_MICROSECONDS = 100_000

Enter = Callable[[], None]
"""Called in a child process before its program starts."""


class NoQuota(Exception):
    """The machine allows no CPU quota; the message says why."""


@contextmanager
def cpu_quota(vcpu: float) -> Iterator[Enter]:
    """Make a cgroup with so many vCPU, and remove it in the end.

    Raises:
        NoQuota: the machine does not allow it.

    """
    limits = {"cpu.max": f"{round(vcpu * PERIOD_MICROSECONDS)} {PERIOD_MICROSECONDS}"}
    parent = CGROUPS
    if not (CGROUPS / "cgroup.controllers").exists():
        parent = CGROUPS / "cpu"
        limits = {
            "cpu.cfs_period_us": str(PERIOD_MICROSECONDS),
            "cpu.cfs_quota_us": str(round(vcpu * PERIOD_MICROSECONDS)),
        }
    group = parent / f"bench-{os.getpid()}"
    try:
        if parent is CGROUPS:
            (parent / "cgroup.subtree_control").write_text("+cpu", encoding="utf-8")
        group.mkdir()
    except OSError as error:
        raise NoQuota(f"{error.filename or parent}: {error.strerror}. A CPU quota needs root and cgroups") from None
    try:
        try:
            for name, value in limits.items():
                (group / name).write_text(value, encoding="utf-8")
        except OSError as error:
            raise NoQuota(f"{group}: {error.strerror}. A CPU quota needs the cpu controller of cgroups") from None
        yield lambda: _enter(group)
    finally:
        group.rmdir()


def _enter(group: Path) -> None:
    (group / "cgroup.procs").write_text(str(os.getpid()), encoding="utf-8")
