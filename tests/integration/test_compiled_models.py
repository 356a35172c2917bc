"""The models: that the source and its compiled version do the same, and what cannot be compiled."""

import base64
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timezone
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from local.emulator.server import KEY_PAIR
from local.package import compiled_models, schemas
from local.package.build import add_sources
from local.package.requirements import read_pins
from local.package.wheels import fetch_wheels
from tests.fuzz.corpus import EVENTS, TICKS, encoded
from tests.fuzz.mutations import hostile_event
from tests.fuzz.target import refusing_endpoint
from tests.integration import sample_models
from tests.packages import PROJECT, Package

# One suite for both versions.


def load(name: str, path: Path) -> ModuleType:
    """Import the module in a file by this name."""
    spec = spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory, tracing: dict[str, str]) -> Iterator[ModuleType]:
    """Compile the sample models, as a build does, and import them on the compiled version."""
    folder = tmp_path_factory.mktemp("compiled")
    name, version = "compiled_sample_models", "compiled_version"
    source = Path(sample_models.__file__).read_text()
    (folder / f"{name}.py").write_text(source)
    command = [sys.executable, schemas.__file__, str(folder), name]
    ran = subprocess.run(command, capture_output=True, check=True, text=True, env={**os.environ, **tracing})
    (folder / f"{name}.py").write_text(source.replace("from fcapi.models import", f"from {version} import"))
    try:
        exec(ran.stdout, vars(load(version, Path(compiled_models.__file__))))  # noqa: S102 -- as the build adds it
        yield load(name, folder / f"{name}.py")
    finally:
        for each in (name, version):
            sys.modules.pop(each, None)


@pytest.fixture(params=["source", "compiled"])
def models(request: pytest.FixtureRequest) -> Any:
    return sample_models if request.param == "source" else request.getfixturevalue("compiled")


def errors_of(make: Callable[[], object]) -> list[tuple[object, object, object]]:
    """Return location, type and message of each error."""
    with pytest.raises(ValueError, match="validation error") as raised:
        make()
    assert type(raised.value).__name__ == "ValidationError"
    errors: Any = raised.value
    return [(each["loc"], each["type"], each["msg"]) for each in errors.errors(include_input=False, include_url=False)]


def test_a_model_is_made_by_keywords(models: Any) -> None:
    made = models.Settings(Name="a", level=4, limit="6", word="on")
    assert vars(made) == {"name": "a", "level": 4, "limit": 6, "secret": "", "word": "ON"}
    assert made.double == 12


def test_keywords_are_aliases(models: Any) -> None:
    assert errors_of(lambda: models.Sample(name="a")) == [(("Name",), "missing", "Field required")]
    envelope = models.Envelope(http={"method": "GET"}, payload=1)
    assert (envelope.method, envelope.body) == ("GET", 1)


def test_a_model_is_made_of_an_object(models: Any) -> None:
    given = {"http": {"method": "GET"}, "Body": [1], "due": "2026-11-25T06:00:00Z", "other": 1}
    made = models.Envelope.model_validate(given)
    due = datetime(2026, 11, 25, 6, tzinfo=timezone.utc)
    assert vars(made) == {"method": "GET", "body": [1], "due": due, "headers": None}


def test_models_are_equal_if_they_are_of_one_class_and_their_values_are(models: Any) -> None:
    one, same, other = (models.Sample(Name=name) for name in "aab")
    assert one == same
    assert hash(one) == hash(same)
    assert one != other
    assert one != models.Settings(Name="a")
    assert one != ("a", 2)
    assert models.Sample(Name="a", level=2) == one  # whether a value was given makes no difference


def test_a_repr_shows_all_fields_but_those_that_it_shall_not(models: Any) -> None:
    made = models.Settings(Name="a", secret="hidden")
    assert repr(made) == "Settings(name='a', level=2, limit=4, word='OFF')"
    assert str(made) == "name='a' level=2 limit=4 word='OFF'"


@pytest.mark.parametrize("name", ["name", "other"])
def test_a_model_cannot_be_changed(models: Any, name: str) -> None:
    made = models.Sample(Name="a")
    frozen = [((name,), "frozen_instance", "Instance is frozen")]
    assert errors_of(lambda: setattr(made, name, "b")) == frozen
    assert errors_of(lambda: delattr(made, name)) == frozen
    assert made.name == "a"


def test_a_class_has_no_field_as_attribute(models: Any) -> None:
    assert not hasattr(models.Sample, "level")
    assert not hasattr(models.Envelope, "body")


def test_fields_are_those_of_the_bases_first_with_the_names_they_have_in_the_input(models: Any) -> None:
    assert [*models.Settings.model_fields] == ["name", "level", "limit", "secret", "word"]
    assert models.Settings.model_fields["name"].validation_alias == "Name"
    assert models.Settings.model_fields["level"].validation_alias is None
    assert models.Envelope.model_fields["method"].validation_alias.path == ["http", "method"]
    assert models.Envelope.model_fields["body"].validation_alias.choices == ["Body", "payload"]
    assert [name for name, field in models.Settings.model_fields.items() if not field.repr] == ["secret"]


@pytest.mark.parametrize(
    ("model", "given", "errors"),
    [
        ("Sample", {"Name": "A"}, [(("Name",), "string_pattern_mismatch", "String should match pattern '^[a-z]+$'")]),
        ("Sample", {"Name": ""}, [(("Name",), "string_too_short", "String should have at least 1 character")]),
        (
            "Settings",
            {"Name": "a", "level": 11, "word": "x"},
            [
                (("level",), "less_than_equal", "Input should be less than or equal to 10"),
                (("word",), "literal_error", "Input should be 'ON' or 'OFF'"),
            ],
        ),
        ("Sample", {"Name": "a", "level": 3}, [(("level",), "value_error", "Value error, an even number")]),
        ("Settings", {"Name": "a", "level": 8}, [(("limit",), "value_error", "Value error, at least the level")]),
        ("Envelope", {"http": {}}, [(("http", "method"), "missing", "Field required")]),
        ("Envelope", [], [((), "model_type", "Input should be a valid dictionary or instance of Envelope")]),
        (
            "Envelope",
            {"http": {"method": "GET"}, "due": "2026-11-25T06:00:00", "headers": {"a": 1}},
            [
                (("due",), "timezone_aware", "Input should have timezone info"),
                (("headers", "a"), "string_type", "Input should be a valid string"),
            ],
        ),
        ("Strict", {"count": "1"}, [(("count",), "int_type", "Input should be a valid integer")]),
    ],
)
def test_errors_say_where_and_what(models: Any, model: str, given: object, errors: list[object]) -> None:
    assert errors_of(lambda: getattr(models, model).model_validate(given)) == errors


def test_an_error_shows_the_input_unless_it_is_told_not_to(models: Any) -> None:
    with pytest.raises(ValueError, match="input_value='12'"):
        models.Strict(count="12")
    with pytest.raises(ValueError, match="string_pattern_mismatch") as raised:
        models.Sample(Name="HIDDEN")
    assert "HIDDEN" not in str(raised.value)


# The same on the models of the functions, in a package and on pydantic itself.


DRIVER = Path(__file__).with_name("twin_driver.py")
SEED = 20261123
HOSTILE_EVENTS = 1500

VALUES = ("0", "1", "2.5", "3", "-1", "nan", "inf", "true", "maybe", "info", "INFO", "x", "9" * 30, "127.0.0.1")
URLS = ("https://127.0.0.1:1", "http://example.com", "ftp://x", "redis://example.com", "redis://127.0.0.1:1/0", "x y")
NAMES = (
    *("RESOURCE_DIRECTORY_ENDPOINT", "CONNECT_TIMEOUT_SECONDS", "READ_TIMEOUT_SECONDS", "MAX_ATTEMPTS"),
    *("COOLDOWN_STORE_PLAINTEXT", "COOLDOWN_STORE_URL", "COOLDOWN_HASH_KEY", "LOG_LEVEL", "HTTP_COOLDOWN_SECONDS"),
    *("EVENT_COOLDOWN_SECONDS", "HTTP_SENDS_PER_DAY", "SWEEP_COOLDOWN_SECONDS", "MAX_SENDS_PER_RUN"),
    *("MAX_TEXTS_PER_NUMBER", "COOLDOWN_STORE_CA", "SWEEP_CHANNELS", "MAX_EMAILS_PER_RUN", "MAX_MAILS_PER_ADDRESS"),
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


def test_a_package_does_what_its_sources_do(package: Package, tmp_path: Path) -> None:
    assert "pydantic/main.py" not in package.names
    pins = read_pins(PROJECT.requirements, package.target)
    add_sources(PROJECT, fetch_wheels(pins, package.target, PROJECT.wheels), tmp_path)
    assert (tmp_path / "pydantic" / "main.py").exists()
    compiled, source = (made_of(folder, package.interpreter) for folder in (package.folder, tmp_path))
    assert differences(environs(), compiled["settings"], source["settings"]) == []
    assert differences(events(), compiled["events"], source["events"]) == []


def differences(given: Sequence[object], one: list[object], other: list[object]) -> list[object]:
    return [each for each in zip(given, one, other, strict=True) if each[1] != each[2]]


# What cannot be compiled.


def written_of(model: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the script that compiles models on a module with this model."""
    lines = ["from typing import Annotated", "from pydantic import *", "FROZEN = ConfigDict(frozen=True)", model]
    (folder / "models.py").write_text("\n".join(lines))
    command = [sys.executable, schemas.__file__, str(folder), "models"]
    return subprocess.run(command, capture_output=True, check=False, text=True)


def test_validators_are_written_down_by_their_names(tmp_path: Path) -> None:
    model = """
def even(value): return value
class Number(BaseModel):
    model_config = FROZEN
    metadata: Annotated[int, AfterValidator(even)] = 2
"""
    written = written_of(model, tmp_path).stdout
    assert "lambda cls: {'type': 'model', 'cls': cls" in written
    assert "'function': _named('models', 'even')" in written
    assert "'metadata': {'type': 'model-field'" in written  # a field may have the name of what is left out


@pytest.mark.usefixtures("traced_processes")
def test_a_default_that_is_a_tuple_stays_one(tmp_path: Path) -> None:
    model = FROZEN_MODEL.format("Pair(BaseModel)", "x: tuple[int, ...] = (1,)")
    assert "'default': (1, )" in written_of(model, tmp_path).stdout


FROZEN_MODEL = "class {}:\n    model_config = FROZEN\n    {}"


@pytest.mark.usefixtures("traced_processes")
@pytest.mark.parametrize(
    ("model", "why"),
    [
        ("class Open(BaseModel): pass", "models.Open is not frozen"),
        (FROZEN_MODEL.format("List(RootModel[int])", ""), "models.RootModel[int] is not a plain model"),
        (
            FROZEN_MODEL.format("Late(BaseModel)", "def model_post_init(self, _): 0"),
            "models.Late is not a plain model",
        ),
        (
            FROZEN_MODEL.format("Order(BaseModel)", "x: Annotated[int, AfterValidator(repr), Field(le=1)]"),
            "The schema of models.Order has something that cannot be written down: functools.partial(",
        ),
        (
            FROZEN_MODEL.format("Hidden(BaseModel)", "x: Annotated[int, AfterValidator(lambda x: x)]"),
            "The schema of models.Hidden has something that cannot be written down: <function Hidden.<lambda>",
        ),
        (
            "def local():\n    class Inner(BaseModel): model_config = FROZEN\n    return Inner\nINNER = local()",
            "models.local.<locals>.Inner is not the name of one model of a module",
        ),
        (
            "\n".join(["class Twice(BaseModel): model_config = FROZEN", "FIRST = Twice"] * 2),
            "models.Twice is not the name of one model of a module",
        ),
        (
            FROZEN_MODEL.format("Table(BaseModel)", 'x: dict[str, str] = Field(default={"type": "a", "ref": "b"})'),
            "A default of models.Table is an object",
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


def test_a_model_that_was_not_there_when_models_were_compiled_is_refused(compiled: ModuleType) -> None:
    with pytest.raises(TypeError, match=r"Late is not among the compiled models"):
        type("Late", (compiled.Sample,), {})
