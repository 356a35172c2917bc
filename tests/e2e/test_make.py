"""The Makefile as a user meets it: variables that are misspelt, Ctrl+C, bars, and no network."""

import os
import pty
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from packaging.utils import NormalizedName

from local.account.deploy import main as deploy
from local.account.smoke import main as smoke
from local.account.target import VARIABLES, Target
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


def taken(target: str) -> set[str]:
    """Return the variables that the Makefile has a target take."""
    found = re.findall(rf"^TAKES_{target} := ((?:.*\\\n)*.*)$", MAKEFILE, re.MULTILINE)
    words = " ".join(found).replace("\\\n", " ").replace("$(OF_FUNCTIONS)", of_functions())
    return set(words.split())


def of_functions() -> str:
    (words,) = re.findall(r"^OF_FUNCTIONS := ((?:.*\\\n)*.*)$", MAKEFILE, re.MULTILINE)
    return str(words).replace("\\\n", " ")


RULES: Mapping[str, str] = dict(re.findall(r"^([a-z-]+):.* ## .*\n((?:##.*\n|\t.*\n)*)", MAKEFILE, re.MULTILINE))
"""What is below each target's line: the rest of its help, and its recipe."""

COMMANDS = {"deploy": deploy, "smoke": smoke, "package": package, "drill": drill, "demo": demo}
SETTINGS = {name.upper() for each in (SendSettings, SweepSettings) for name in each.model_fields}
BESIDES = {
    "run": SETTINGS,
    "serve": SETTINGS,
    "deploy": set(VARIABLES),
    "smoke": {each.name.upper() for each in fields(Target)},
}
"""What the commands of a target read of the environment, besides the variables that are options of them."""


@pytest.mark.parametrize(
    ("goals", "given", "said"),
    [
        ("deploy", "DRYRUN=1", "takes no DRYRUN: did you mean DRY_RUN? It takes STACK REGION BUCKET "),
        ("deploy", "dry_run=1", "takes no dry_run: did you mean DRY_RUN? It takes STACK "),
        ("serve", "HTP_COOLDOWN_SECONDS=0", "takes no HTP_COOLDOWN_SECONDS: did you mean HTTP_COOLDOWN_SECONDS? It "),
        ("deploy", "UNHEARD=1", "takes no UNHEARD. It takes STACK "),
        ("deploy", "it's;$(touch${IFS}pwned)`id`=1", ""),  # make expands what is in a name
        ("demo", "CONTACT=5", "takes no CONTACT: did you mean CONTACTS? It takes CONTACTS DAYS SEED.  Stop."),
        ("demo", "SEEDS=5", "takes no SEEDS: did you mean SEED? It takes CONTACTS DAYS SEED.  Stop."),
        ("serve", "EVENTS=3", "takes no EVENTS. It takes SERVE_ARGS RESOURCE_DIRECTORY_ENDPOINT "),
        ("deploy", "HTTP_COOLDOWN_SECONDS=0", "takes no HTTP_COOLDOWN_SECONDS. It takes STACK "),
        ("check unit", "JSON=1", "takes no JSON. It takes no variables.  Stop."),
        ("", "YES=1", "takes no YES. It takes no variables.  Stop."),
        (".venv/.deploy", "UNHEARD=1", "takes no UNHEARD. It takes RESOURCE_DIRECTORY_ENDPOINT "),
    ],
)
def test_a_variable_that_the_targets_do_not_take_is_refused(goals: str, given: str, said: str) -> None:
    ran = make("--dry-run", *goals.split(), given)
    assert (ran.returncode, ran.stdout) == (2, "")
    if said:
        (line,) = ran.stderr.splitlines()
        assert f"*** make {goals or 'help'} {said}" in line
    assert not (ROOT / "pwned").exists()


@pytest.mark.parametrize(
    "call",
    [
        "serve SERVE_ARGS=--open MAX_ATTEMPTS=1",
        "check fuzz JSON=1",
        ".venv/.local YES=1 T=1",
        "demo DAYS=1 PYTHON=python3 PIP_INDEX_URL=1 ALIBABA_CLOUD_ACCESS_KEY_ID=1 NO_COLOR=1 SHELL=/bin/sh",
    ],
)
def test_what_one_of_the_targets_takes_and_what_other_programs_read_may_be_given(call: str) -> None:
    assert make("--dry-run", *call.split()).returncode == 0


def test_a_target_takes_what_its_recipe_and_its_command_read() -> None:
    own = set(re.findall(r"^([A-Z_]+) [:?]?=", MAKEFILE, re.MULTILINE)) | {"MAKE", "MAKEFILE_LIST"}
    for target, recipe in RULES.items():
        read = {name for name in re.findall(r"\$\((?:if |or )?\$?\(?([A-Z_]+)\)?[,)]", recipe) if name not in own}
        if "$(AS_JSON)" in recipe:
            read.add("JSON")
        if command := COMMANDS.get(target):
            read |= {str(option.envvar) for option in command.params if getattr(option, "envvar", None)}
        assert taken(target) == read | BESIDES.get(target, set()), target
    assert set(of_functions().split()) == SETTINGS


def test_the_help_names_every_target_and_all_that_it_takes() -> None:
    entries = re.findall(r"^make (\S+) +((?:.*\n {10})*.*)$", make("help").stdout, re.MULTILINE)
    assert {target for target, _ in entries} == set(RULES)
    for target, text in entries:
        named = set(re.findall(r"(?<![\w=.])[A-Z_]+(?![\w'.-])", " ".join(re.findall(r"\(.*\)", text, re.DOTALL))))
        settings = SETTINGS if "settings)" in text else set()
        assert named - {"URL"} | settings == taken(target), target


RunModule = Callable[..., "subprocess.CompletedProcess[bytes]"]
RUNNER = (sys.executable, "local/interruptible.py")
SLOW = "import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n"
FULL = pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has /dev/full")


@pytest.fixture
def run_module(tmp_path: Path) -> RunModule:
    """Return a function that runs a module of these lines as the Makefile runs a command."""

    def run(text: str, *, before: Sequence[str] = (), environ: Mapping[str, str] | None = None, **options: Any) -> Any:
        (tmp_path / "tried.py").write_text(text)
        own = {"PYTHONPATH": str(tmp_path), "COVERAGE_FILE": str(tmp_path / ".coverage"), "PYTHONUNBUFFERED": ""}
        given = {**untraced(os.environ), **own, **(environ or {})}
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.run([*RUNNER, *before, "tried"], cwd=ROOT, env=given, check=False, **{**pipes, **options})

    return run


@pytest.mark.parametrize("before", [(), ("coverage", "run", "-m")], ids=["itself", "with coverage"])
def test_ctrl_c_leaves_no_traceback(run_module: RunModule, before: Sequence[str]) -> None:
    ran = run_module(SLOW, before=before)
    assert (ran.returncode, ran.stdout, ran.stderr) == (130, b"", b"")


def test_ctrl_c_that_comes_before_python_is_there_waits_and_ends_it(
    run_module: RunModule,
) -> None:
    def interrupt() -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        os.kill(os.getpid(), signal.SIGINT)

    ran = run_module("print('It runs.')", preexec_fn=interrupt)
    assert (ran.returncode, ran.stdout, ran.stderr) == (130, b"", b"")


def test_what_click_makes_of_ctrl_c_has_the_exit_code_of_ctrl_c(
    run_module: RunModule,
) -> None:
    ran = run_module(
        f"import click\n@click.command()\ndef main():\n    import os, signal\n    {SLOW.splitlines()[1]}\nmain()"
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (130, b"", b"\nAborted!\n")


def test_every_python_of_a_target_is_run_so() -> None:
    recipes = re.findall(r"^\t.*$|^[A-Z_]+ :?= .*$", MAKEFILE, re.MULTILINE)
    started = {name for line in recipes for name in re.findall(r"\$\(BIN\)/(.*?)[ )]", line)}
    assert started == {"python", "ruff", "uv"}  # the last two are no Python
    assert [line for line in recipes if "$(BIN)/python" in line] == [
        "RUN := $(WITH_CTRL_C_WAITING) $(BIN)/python local/interruptible.py"
    ]


TALKS = "for number in range(3):\n    print(number)\n"
FAULT = b"The output cannot be written: No space left on device\n"


@FULL
@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("text", [TALKS, "import click\n@click.command()\ndef main():\n    click.echo('here')\nmain()"])
def test_output_that_cannot_be_written_is_told_in_one_line(run_module: RunModule, text: str, unbuffered: str) -> None:
    with Path("/dev/full").open("wb") as full:
        ran = run_module(text, environ={"PYTHONUNBUFFERED": unbuffered}, stdout=full)
    assert (ran.returncode, ran.stderr) == (1, FAULT)


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_is_gone_is_not_told(run_module: RunModule, unbuffered: str) -> None:
    reads, writes = os.pipe()
    os.close(reads)
    ran = run_module(TALKS, environ={"PYTHONUNBUFFERED": unbuffered}, stdout=writes)
    os.close(writes)
    assert (ran.returncode, ran.stderr) == (1, b"")


@FULL
def test_fcapi_tells_so_too() -> None:
    with Path("/dev/full").open("wb") as full:
        command = [str(Path(sys.executable).with_name("fcapi")), "--help"]
        ran = subprocess.run(command, env=untraced(os.environ), stdout=full, stderr=subprocess.PIPE, check=False)
    assert (ran.returncode, ran.stderr) == (1, FAULT)


@pytest.mark.parametrize(
    "error", ["OSError(2, 'No such file')", "OSError(28, 'No space left', 'a.file')", "ValueError()"]
)
def test_another_error_keeps_its_traceback(run_module: RunModule, error: str) -> None:
    ran = run_module(f"raise {error}")
    assert ran.returncode == 1
    assert b"Traceback" in ran.stderr


@pytest.mark.parametrize(
    ("command", "label"),
    [
        (("tests.fuzz", "--events", "5", "--seed", "1"), "Events"),
        (("tests.simulation", "--seeds", "5", "--jobs", "1"), "Schedules"),
    ],
)
def test_long_work_shows_a_bar_on_a_terminal(command: tuple[str, ...], label: str) -> None:
    whole = [*RUNNER, *command]
    environ = {**untraced(os.environ), "TERM": "xterm"}
    ours, terminal = pty.openpty()
    subprocess.run(whole, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL, stderr=terminal, check=True, timeout=60)
    os.close(terminal)
    shown = os.read(ours, 65536).decode()
    os.close(ours)
    assert re.search(rf"{label}  \[#+\]  5/5", shown), shown


def test_ctrl_c_ends_a_search_of_schedules_without_a_traceback() -> None:
    command = [*RUNNER, "tests.simulation", "--jobs", "1"]
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
