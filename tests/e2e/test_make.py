"""The Makefile as a user meets it: variables that are misspelt, Ctrl+C, bars, and no network."""

import os
import pty
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.utils import NormalizedName

from local.account.deploy import main as deploy
from local.account.smoke import main as smoke
from local.account.target import VARIABLES
from local.demo.__main__ import main as demo
from local.drill.__main__ import main as drill
from local.package import PackageError
from local.package.__main__ import main as package
from local.package.network import is_unreachable
from local.package.requirements import Pin
from local.package.targets import TARGETS
from local.package.wheels import fetch_wheels
from phone_verification.settings import SendSettings, SweepSettings
from tests.interpreters import untraced

ROOT = Path(__file__).parents[2]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def make(*arguments: str) -> "subprocess.CompletedProcess[str]":
    given = {name: value for name, value in untraced(os.environ).items() if not name.startswith("MAKE")}
    command = [str(shutil.which("make")), *arguments]
    return subprocess.run(command, cwd=ROOT, env=given, capture_output=True, check=False, text=True)


def listed(name: str) -> set[str]:
    """Return the words of a variable of the Makefile."""
    (words,) = re.findall(rf"^{name} := ((?:.*\\\n)*.*)$", MAKEFILE, re.MULTILINE)
    return set(words.replace("\\\n", " ").split())


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        ("DRYRUN=1", ": did you mean DRY_RUN?"),
        ("dry_run=1", ": did you mean DRY_RUN?"),
        ("HTP_COOLDOWN_SECONDS=0", ": did you mean HTTP_COOLDOWN_SECONDS?"),
        ("UNHEARD=1", ""),
        ("it's;$(touch${IFS}pwned)`id`=1", ""),
    ],
)
def test_a_variable_that_no_target_knows_is_refused(given: str, hint: str) -> None:
    ran = make("--dry-run", "deploy", given)
    assert (ran.returncode, ran.stdout) == (2, "")
    if "$" not in given:  # make expands what is in a name
        assert f"No target knows the variable {given.partition('=')[0]}{hint}" in ran.stderr
    assert not (ROOT / "pwned").exists()


def test_every_variable_that_a_command_reads_may_be_given() -> None:
    options = {
        str(option.envvar)
        for command in (deploy, smoke, package, drill, demo)
        for option in command.params
        if getattr(option, "envvar", None)
    }
    own = {*re.findall(r"^([A-Z_]+) [:?]?=", MAKEFILE, re.MULTILINE), "MAKE", "MAKEFILE_LIST"}
    in_recipes = set(re.findall(r"\$\((?:if |or )?\$?\(?([A-Z_]+)\)?[,)]", MAKEFILE)) - own
    assert listed("OF_TARGETS") == {*options, *VARIABLES, *in_recipes, "PYTHON"}
    settings = {name.upper() for each in (SendSettings, SweepSettings) for name in each.model_fields}
    assert listed("OF_FUNCTIONS") == settings


def test_what_other_programs_read_and_every_variable_that_the_help_names_may_be_given() -> None:
    named = set(
        re.findall(r"\b[A-Z][A-Z_]{2,}\b", " ".join(re.findall(r"^[a-z-]+:.*## .*\((.*)\)$", MAKEFILE, re.MULTILINE)))
    )
    given = [f"{name}=1" for name in (*named, "PIP_INDEX_URL", "ALIBABA_CLOUD_ACCESS_KEY_ID", "NO_COLOR", "SHELL")]
    assert make("--dry-run", "help", *given).returncode == 0


def test_ctrl_c_leaves_no_traceback_however_early_it_comes(tmp_path: Path) -> None:
    (tmp_path / "slow.py").write_text("import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n")
    command = [sys.executable, "-m", "local.interruptible", "slow"]
    environ = {**untraced(os.environ), "PYTHONPATH": str(tmp_path)}
    ran = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, check=False)
    assert (ran.returncode, ran.stdout, ran.stderr) == (130, b"", b"")


def test_every_target_that_runs_for_long_is_run_so() -> None:
    recipes = re.findall(r"^\t.*$|^[A-Z_]+ :?= .*$", MAKEFILE, re.MULTILINE)
    plain = [line for line in recipes if "$(BIN)/python -m" in line and "-m pip" not in line]
    assert [re.findall(r"-m (\S+)", line)[0] for line in plain] == ["local.interruptible", "tests.interpreters"]


@pytest.mark.parametrize(
    ("command", "label"),
    [
        (("tests.fuzz", "--events", "5", "--seed", "1"), "Events"),
        (("tests.simulation", "--seeds", "5", "--jobs", "1"), "Schedules"),
    ],
)
def test_long_work_shows_a_bar_on_a_terminal(command: tuple[str, ...], label: str) -> None:
    whole = [sys.executable, "-m", "local.interruptible", *command]
    environ = {**untraced(os.environ), "TERM": "xterm"}
    ours, terminal = pty.openpty()
    subprocess.run(whole, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL, stderr=terminal, check=True, timeout=60)
    os.close(terminal)
    shown = os.read(ours, 65536).decode()
    os.close(ours)
    assert re.search(rf"{label}  \[#+\]  5/5", shown), shown


def test_ctrl_c_ends_a_search_of_schedules_without_a_traceback() -> None:
    command = [sys.executable, "-m", "local.interruptible", "tests.simulation", "--jobs", "1"]
    ours, terminal = pty.openpty()
    with subprocess.Popen(
        command, cwd=ROOT, stdout=terminal, stderr=terminal, start_new_session=True, env=untraced(os.environ)
    ) as process:
        os.close(terminal)
        shown = b""
        while b"Schedules" not in shown:
            shown += os.read(ours, 65536)
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(timeout=30) == 130
    while (rest := read_or_nothing(ours)) != b"":
        shown += rest
    os.close(ours)
    assert b"Traceback" not in shown, shown


def read_or_nothing(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # the other end is closed
        return b""


def test_without_a_network_a_package_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "PIP_INDEX_URL": "http://127.0.0.1:1/simple",
        "PIP_RETRIES": "1",
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_CACHE_DIR": "1",
        "PIP_FIND_LINKS": "",
    }.items():
        monkeypatch.setenv(name, value)
    pin = Pin(NormalizedName("a-package-that-no-index-has"), "1", frozenset({"0" * 64}))
    with pytest.raises(PackageError, match=r"^pip reaches no package index .*: is there a network\?$"):
        fetch_wheels([pin], TARGETS[0], tmp_path)


def test_another_failure_of_pip_is_not_taken_for_one_of_the_network() -> None:
    assert not is_unreachable("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.")
    assert not is_unreachable("ERROR: Could not find a version that satisfies the requirement a==2 (from versions: 1)")
