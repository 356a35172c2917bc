"""The functions use what the compiled models of a package have: mypy and ruff refuse everything else of pydantic."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODEL = """
from typing import Annotated
from fcapi.models import AfterValidator, AliasPath, BaseModel, ConfigDict, Field, ValidationError, ValidationInfo

def even(value: int, info: ValidationInfo) -> int:
    return value

class Sample(BaseModel):
    model_config = ConfigDict(frozen=True)
    count: Annotated[int, Field(ge=0), AfterValidator(even)] = 0
    name: str = Field(alias="Name", repr=False)
    method: str | None = Field(default=None, validation_alias=AliasPath("http", "method"))
    body: str = Field(default="", validation_alias="Body")

sample = Sample(Name="a", count=2)
"""

ACCEPTED = """
count: int = Sample.model_validate({}).count
aliases = [field.validation_alias for field in Sample.model_fields.values()]
try:
    Sample(Name="a")
except ValidationError as error:
    first: str = error.errors()[0]["msg"]
assert sample == Sample(Name="a", count=2)
"""

REFUSED = {
    "from fcapi.models import PositiveInt": "attr-defined",
    "from fcapi.models import RootModel": "attr-defined",
    "from fcapi.models import field_validator": "attr-defined",
    "sample.model_dump()": "attr-defined",
    "sample.model_copy()": "attr-defined",
    "Sample.model_construct()": "attr-defined",
    "Sample.model_json_schema()": "attr-defined",
    "sample.count = 3": "misc",
    "dict(sample)": "call-overload",
    "Sample(Name=1)": "arg-type",
    "Sample()": "call-arg",
    "Sample(name='a')": "call-arg",
    "Sample(Name='a', method='GET')": "call-arg",
    "Sample(Name='a', body='{}')": "call-arg",
    "Sample.model_validate({}, strict=True)": "call-arg",
    "Field(multiple_of=2)": "call-overload",
    "Field(default_factory=list)": "call-overload",
    "ConfigDict(extra='forbid')": "typeddict-unknown-key",
}
"""Each is the whole of what follows the model, and the code of mypy's error."""


def test_mypy_accepts_what_the_compiled_models_have_and_refuses_what_they_lack(tmp_path: Path) -> None:
    # One test, and a cache of its own: two runs of mypy that fill one cache at once can break each other.
    snippets = [ACCEPTED, *REFUSED]
    for number, snippet in enumerate(snippets):
        (tmp_path / f"snippet_{number}.py").write_text(f"{MODEL}\n{snippet}\n")
    options = ["--config-file", str(ROOT / "pyproject.toml"), "--cache-dir", str(tmp_path / "cache")]
    command = [sys.executable, "-m", "mypy", *options, str(tmp_path)]
    ran = subprocess.run(command, capture_output=True, check=False, text=True, cwd=ROOT)
    found: dict[str, list[str]] = {snippet: [] for snippet in snippets}
    for number, code in re.findall(r"snippet_(\d+)\.py:\d+: error: .*\[([a-z-]+)\]$", ran.stdout, flags=re.MULTILINE):
        found[snippets[int(number)]].append(code)
    assert ran.stderr == ""
    assert found == {ACCEPTED: [], **{snippet: [code] for snippet, code in REFUSED.items()}}


@pytest.mark.parametrize("statement", ["import pydantic", "from pydantic import PositiveInt", "import pydantic.types"])
@pytest.mark.parametrize(
    ("module", "refused"),
    [
        ("functions/phone_verification/settings.py", True),
        ("functions/send_phone_verification.py", True),
        ("functions/fcapi/models.py", False),
        ("local/emulator/faults.py", False),
    ],
)
def test_pydantic_is_imported_by_one_module_of_the_functions_alone(statement: str, module: str, refused: bool) -> None:
    command = [sys.executable, "-m", "ruff", "check", "--select", "TID251", "--stdin-filename", module, "-"]
    ran = subprocess.run(command, input=f"{statement}\n", capture_output=True, check=False, text=True, cwd=ROOT)
    assert ("fcapi.models" in ran.stdout) == refused, ran.stdout + ran.stderr
