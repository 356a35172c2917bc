"""Instances of a function: as many as its requests need, one request at a time each, frozen between them if wanted."""

import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from local.serve.changes import Changes
from local.serve.freezer import Freezer
from local.serve.journal import Journal
from local.serve.log_book import LogBook
from local.serve.pool import AllInstancesBusy, Pool
from tests.probes import NAME, eventually, instance_of, write_function

# Waits in the handler until another handler runs: only instances of their own can do that.
MEET = """
(HERE / event.decode()).touch()
while len(list(HERE.glob("meet-*"))) < 2: time.sleep(0.01)
return os.getpid()
"""


@contextmanager
def pool_of(folder: Path, *, limit: int = 4, freezer: Freezer | None = None, **how: Any) -> Iterator[Pool]:
    pool = Pool(
        NAME,
        lambda logs: instance_of(folder, logs=logs, platform_lines=True, **how),
        freezer=freezer or Freezer(enabled=False),
        book=LogBook(Changes()),
        journal=Journal(Changes()),
        limit=limit,
    )
    try:
        yield pool
    finally:
        pool.close()


def pid_of(pool: Pool, event: bytes = b"meet-") -> int:
    return int(pool.invoke(event, request_id="1-1-1-1").payload)


def state_of(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0]


def test_an_idle_instance_is_used_again(tmp_path: Path) -> None:
    with pool_of(write_function(tmp_path, "return os.getpid()")) as pool:
        assert pid_of(pool) == pid_of(pool)
        assert pool.size == 1


def test_requests_at_the_same_time_get_instances_of_their_own(tmp_path: Path) -> None:
    with pool_of(write_function(tmp_path, MEET)) as pool, ThreadPoolExecutor() as threads:
        one, other = threads.map(lambda event: pid_of(pool, event), [b"meet-1", b"meet-2"])
        assert one != other
        assert pool.size == 2


def test_beyond_the_limit_who_does_not_wait_is_refused_and_who_waits_is_served(tmp_path: Path) -> None:
    code = """
    (HERE / "running").touch()
    while not (HERE / "go").exists(): time.sleep(0.01)
    """
    with pool_of(write_function(tmp_path, code), limit=1) as pool, ThreadPoolExecutor() as threads:
        first = threads.submit(pool.invoke, b"", request_id="1-1-1-1")
        assert eventually((tmp_path / "running").exists)
        with pytest.raises(AllInstancesBusy):
            pool.invoke(b"", request_id="1-1-1-2", wait=False)
        second = threads.submit(pool.invoke, b"", request_id="1-1-1-3")
        (tmp_path / "go").touch()
        assert not first.result().failed
        assert not second.result().failed
        assert pool.size == 1


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("os._exit(1)", "Process exited unexpectedly before completing request"),
        ("time.sleep(60)", "Function timed out after 1 seconds"),
    ],
)
def test_after_an_instance_was_lost_the_next_request_gets_a_new_one(tmp_path: Path, code: str, message: str) -> None:
    write_function(tmp_path, f'if event == b"bad": {code}\nreturn os.getpid()')
    with pool_of(tmp_path, timeout=1) as pool:
        before = pid_of(pool)
        lost = pool.invoke(b"bad", request_id="1-1-1-2")
        assert lost.failed
        assert json.loads(lost.payload) == {"errorMessage": message}
        assert lost.logs[-1] == f"FC Invoke End RequestId: 1-1-1-2, Error: {message}"
        assert pid_of(pool) != before


def test_a_failing_initializer_is_told_to_the_caller_and_tried_anew_for_the_next(tmp_path: Path) -> None:
    start = """
    if not (HERE / "tried").exists():
        (HERE / "tried").touch()
        raise RuntimeError("not yet")
    """
    with pool_of(write_function(tmp_path, "return os.getpid()", initialize=start)) as pool:
        first = pool.invoke(b"", request_id="1-1-1-1")
        assert first.failed
        assert json.loads(first.payload)["errorMessage"] == "not yet"
        assert not pool.invoke(b"", request_id="1-1-1-2").failed


def test_an_answer_has_the_lines_of_its_own_invocation_between_the_platforms_marks(tmp_path: Path) -> None:
    with pool_of(write_function(tmp_path, "print('line', event.decode())")) as pool:
        pool.invoke(b"1", request_id="1-1-1-1")
        assert pool.invoke(b"2", request_id="1-1-1-2").logs == (
            "FC Invoke Start RequestId: 1-1-1-2",
            "line 2",
            "FC Invoke End RequestId: 1-1-1-2",
        )


def test_a_pool_that_is_closed_ends_what_is_running(tmp_path: Path) -> None:
    write_function(tmp_path, '(HERE / "pid").write_text(str(os.getpid()))\ntime.sleep(60)')
    with ThreadPoolExecutor() as threads:
        with pool_of(tmp_path) as pool:
            running = threads.submit(pool.invoke, b"", request_id="1-1-1-1")
            assert eventually(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text() != "")
        assert running.result(timeout=10).failed
        assert pool.invoke(b"", request_id="1-1-1-2").failed
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="the state of a process is read from /proc")
def test_an_instance_is_frozen_between_requests_and_goes_on_with_the_next(tmp_path: Path) -> None:
    frozen: list[str] = []
    freezer = Freezer(enabled=True, when_all_are_frozen=lambda: frozen.append("all"))
    with pool_of(write_function(tmp_path, "return os.getpid()"), freezer=freezer) as pool:
        pid = pid_of(pool)
        assert eventually(lambda: state_of(pid) == "T")
        assert pid_of(pool) == pid
        assert eventually(lambda: state_of(pid) == "T")
        assert frozen == ["all", "all"]
    assert not Path(f"/proc/{pid}").exists()
