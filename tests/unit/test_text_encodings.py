"""Text is read and written in a named encoding: that of a locale is GBK on many a machine."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = [
    path for folder in ("functions", "local", "benchmarks", "tests/template") for path in (ROOT / folder).rglob("*.py")
]


def calls_in_the_encoding_of_the_locale(source: str) -> Iterator[str]:
    """Yield each call that reads or writes text and names no encoding."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        named = {keyword.arg for keyword in node.keywords}
        modes = [str(each.value) for each in node.args if isinstance(each, ast.Constant)]
        is_path_or_builtin = isinstance(node.func, ast.Name) or (modes and len(node.args) == 1)
        opens = name == "fdopen" or (name == "open" and is_path_or_builtin)
        in_text = name in ("read_text", "write_text") or (opens and not any("b" in mode for mode in modes))
        if (in_text or named & {"text", "universal_newlines"}) and "encoding" not in named:
            yield ast.unparse(node)


def test_every_text_is_read_and_written_in_a_named_encoding() -> None:
    found = {
        str(path.relative_to(ROOT)): calls
        for path in MODULES
        if (calls := list(calls_in_the_encoding_of_the_locale(path.read_text(encoding="utf-8"))))
    }
    assert found == {}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("path.read_text()", True),
        ("path.write_text(text)", True),
        ("open('x')", True),
        ("path.open('w')", True),
        ("os.fdopen(descriptor)", True),
        ("subprocess.run(command, text=True)", True),
        ("path.read_text(encoding='utf-8')", False),
        ("open('x', 'rb')", False),
        ("path.open('wb')", False),
        ("archive.open(name)", False),
        ("subprocess.run(command, encoding='utf-8')", False),
    ],
)
def test_a_call_without_one_is_found(source: str, found: bool) -> None:
    assert bool(list(calls_in_the_encoding_of_the_locale(source))) == found
