"""The schemas in a package: that they do what pydantic does with the same models, and what cannot be written down."""

import base64
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from local.emulator.server import KEY_PAIR
from local.package import schemas
from local.package.build import build
from tests.fuzz.corpus import EVENTS, TICKS, encoded
from tests.fuzz.mutations import hostile_event
from tests.fuzz.target import refusing_endpoint
from tests.packages import PROJECT, Package

DRIVER = Path(__file__).with_name("twin_driver.py")
SEED = 20261123
HOSTILE_EVENTS = 1500

VALUES = ("0", "1", "2.5", "3", "-1", "nan", "inf", "true", "maybe", "info", "INFO", "x", "9" * 30, "127.0.0.1")
URLS = ("https://127.0.0.1:1", "http://example.com", "ftp://x", "redis://example.com", "redis://127.0.0.1:1/0", "x y")
NAMES = (
    *("RESOURCE_DIRECTORY_ENDPOINT", "CONNECT_TIMEOUT_SECONDS", "READ_TIMEOUT_SECONDS", "MAX_ATTEMPTS"),
    *("COOLDOWN_STORE_PLAINTEXT", "COOLDOWN_STORE_URL", "COOLDOWN_HASH_KEY", "LOG_LEVEL", "HTTP_COOLDOWN_SECONDS"),
    *("EVENT_COOLDOWN_SECONDS", "HTTP_SENDS_PER_DAY", "SWEEP_COOLDOWN_SECONDS", "MAX_SENDS_PER_RUN"),
    "MAX_TEXTS_PER_NUMBER",
)


def environs() -> list[dict[str, str]]:
    """Return each variable with each value, and those pairs that look at each other."""
    single = [{name: value} for name in NAMES for value in (*VALUES, *URLS)]
    store = {"COOLDOWN_STORE_URL": "redis://example.com"}
    pairs = [{**store, "COOLDOWN_STORE_PLAINTEXT": value, "COOLDOWN_HASH_KEY": "k" * 32} for value in VALUES]
    return [{}, *single, *pairs, {"COOLDOWN_STORE_URL": "redis://127.0.0.1", "COOLDOWN_HASH_KEY": "short"}]


def events() -> list[tuple[str, bytes]]:
    """Return real events of each kind, and hostile ones made of them."""
    real = [("resend_pending_verifications" if name in TICKS else "send_phone_verification", name) for name in EVENTS]
    hostile = [hostile_event(SEED, number) for number in range(HOSTILE_EVENTS)]
    return [
        *((function, encoded(EVENTS[name], number="13900001234", ascii_only=True)) for function, name in real),
        *(
            ("resend_pending_verifications" if event.ticks else "send_phone_verification", event.content)
            for event in hostile
        ),
    ]


def made_of(folder: Path, interpreter: Path) -> dict[str, list[Any]]:
    """Return what the unpacked package in a folder makes of all of them."""
    given = {"environs": environs(), "events": [(name, base64.b64encode(event).decode()) for name, event in events()]}
    with refusing_endpoint() as endpoint:
        ran = subprocess.run(
            [interpreter, "-I", "-S", "-W", "error", DRIVER, folder],
            input=json.dumps(given),
            capture_output=True,
            check=False,
            text=True,
            env={
                **os.environ,
                **{f"ALIBABA_CLOUD_{name.upper()}": part for name, part in vars(KEY_PAIR).items()},
                "RESOURCE_DIRECTORY_ENDPOINT": endpoint,
                "MAX_ATTEMPTS": "1",
            },
        )
    assert ran.returncode == 0, ran.stderr
    made: dict[str, list[Any]] = json.loads(ran.stdout)
    return made


def test_a_package_with_frozen_models_does_what_one_with_pydantic_does(package: Package, tmp_path: Path) -> None:
    assert "pydantic/main.py" not in package.names
    with zipfile.ZipFile(build(PROJECT, package.target, tmp_path, interpreter=None).path) as other:
        assert "pydantic/main.py" in other.namelist()
        other.extractall(tmp_path / "code")
    frozen, pydantic = (made_of(folder, package.interpreter) for folder in (package.folder, tmp_path / "code"))
    assert differences(environs(), frozen["settings"], pydantic["settings"]) == []
    assert differences(events(), frozen["events"], pydantic["events"]) == []


def differences(given: Sequence[object], one: list[object], other: list[object]) -> list[object]:
    return [each for each in zip(given, one, other, strict=True) if each[1] != each[2]]


def written_of(model: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the script that writes schemas down on a module with this model."""
    lines = ["from typing import Annotated", "from pydantic import *", "FROZEN = ConfigDict(frozen=True)", model]
    (folder / "models.py").write_text("\n".join(lines))
    command = [sys.executable, schemas.__file__, str(folder), "models"]
    return subprocess.run(command, capture_output=True, check=False, text=True)


def test_functions_are_written_down_by_their_names(tmp_path: Path) -> None:
    model = """
def even(value): return value
class Number(BaseModel):
    model_config = FROZEN
    metadata: Annotated[int, AfterValidator(even)] = 2
"""
    written = written_of(model, tmp_path).stdout
    assert "'models.Number': lambda cls: {'type': 'model', 'cls': cls" in written
    assert "'function': _named('models', 'even')" in written
    assert "'metadata': {'type': 'model-field'" in written  # a field may have the name of what is left out


FROZEN_MODEL = "class {}:\n    model_config = FROZEN\n    {}"


@pytest.mark.parametrize(
    ("model", "why"),
    [
        ("class Open(BaseModel): pass", "models.Open is not frozen"),
        (FROZEN_MODEL.format("List(RootModel[int])", ""), "models.RootModel[int] is no plain model"),
        (FROZEN_MODEL.format("Late(BaseModel)", "def model_post_init(self, _): pass"), "models.Late is no plain model"),
        (
            FROZEN_MODEL.format("Hidden(BaseModel)", "x: Annotated[int, AfterValidator(lambda x: x)]"),
            "The schema of models.Hidden has something that cannot be written down: <function Hidden.<lambda>",
        ),
        (
            FROZEN_MODEL.format("In(BaseModel)", "") + "\n" + FROZEN_MODEL.format("Out(BaseModel)", "x: In"),
            "The schema of models.Out has something that cannot be written down: <class 'models.In'>",
        ),
    ],
)
def test_a_model_that_needs_pydantic_itself_stops_the_build(model: str, why: str, tmp_path: Path) -> None:
    ran = written_of(model, tmp_path)
    assert ran.returncode == 1
    assert why in ran.stderr.splitlines()[-1]
