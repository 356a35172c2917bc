"""An instance ends with the process that started it, whatever ended that, and whatever the instance is doing."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.interpreters import ROOT
from tests.probes import NAME, eventually, write_function

CODE = """
if event == b"sleep":
    (HERE / "busy").touch()
    time.sleep(60)
return str(os.getpid())
"""

PARENT = """
import sys, time
from pathlib import Path
from local.instances.instance import Instance

folder, doing = sys.argv[1:]
with Instance({name!r}, environ={{}}, credentials=None, code_path=Path(folder), timeout=60) as instance:
    print(instance.invoke(b"").payload.decode(), flush=True)
    if doing == "frozen":
        instance.freeze()
        (Path(folder) / "busy").touch()
    elif doing == "busy":
        instance.invoke(b"sleep")
    else:
        (Path(folder) / "busy").touch()
    time.sleep(60)
"""


def is_running(process_id: int) -> bool:
    """Tell whether there is such a process, and not only its exit code that nobody asked for yet."""
    ran = subprocess.run(["/bin/ps", "-o", "stat=", "-p", str(process_id)], capture_output=True, check=False, text=True)
    return bool(ran.stdout.strip()) and not ran.stdout.strip().startswith("Z")


@pytest.mark.parametrize(
    ("doing", "ended_by"),
    [
        ("nothing", signal.SIGKILL),
        ("busy", signal.SIGKILL),
        ("busy", signal.SIGTERM),
        ("frozen", signal.SIGKILL),
        ("frozen", signal.SIGHUP),
    ],
)
def test_an_instance_ends_with_its_parent(tmp_path: Path, doing: str, ended_by: signal.Signals) -> None:
    write_function(tmp_path, CODE)
    command = [sys.executable, "-c", PARENT.format(name=NAME), str(tmp_path), doing]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as parent:
        assert parent.stdout is not None
        instance = int(parent.stdout.readline())
        assert eventually((tmp_path / "busy").exists)
        assert is_running(instance)
        os.kill(parent.pid, ended_by)
        parent.wait()
        assert eventually(lambda: not is_running(instance))
