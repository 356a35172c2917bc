"""Every command, option and make target that the documents name exists, and every command is documented."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from local.commands.main import main
from tests.docs.tables import DOCS, PAGES, ROOT

PAGE = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def code_of(page: Path) -> Iterator[str]:
    """Yield every line of a console and every piece of text that is set as code."""
    text = page.read_text(encoding="utf-8")
    for block in re.findall(r"^ *```console\n(.*?)^ *```$", text, re.MULTILINE | re.DOTALL):
        yield from (line.partition(" # ")[0] for line in block.splitlines())
    yield from (re.sub(r"\s+", " ", piece) for piece in re.findall(r"(?<!`)`([^`]+)`(?!`)", text))


def calls_in(page: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield each call of `fcapi` with a command: the command, and its options."""
    for code in code_of(page):
        for command, rest in re.findall(r"\bfcapi ([a-z]+)\b([^|;&#]*)", code):
            yield command, re.findall(r"(?<!\S)--?[a-z][a-z-]*", rest)


def options_of(command: click.Command) -> set[str]:
    return {text for parameter in command.params for text in parameter.opts + parameter.secondary_opts} | {"--help"}


@PAGE
def test_every_documented_command_exists_with_its_options(page: Path) -> None:
    context = click.Context(main)
    for name, options in calls_in(page):
        command = main.get_command(context, name)
        assert command is not None, name
        assert set(options) <= options_of(command), name


@PAGE
def test_every_documented_make_target_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    documented = {target for code in code_of(page) for target in re.findall(r"\bmake ([a-z][a-z-]*)", code)}
    assert documented <= targets


def test_every_command_is_documented() -> None:
    documented = {command for command, _ in calls_in(DOCS / "local.md")}
    assert documented == set(main.list_commands(click.Context(main)))


def test_the_list_of_make_targets_fits_a_terminal() -> None:
    ran = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, check=True, text=True)  # noqa: S607 -- as a user
    assert max(map(len, ran.stdout.splitlines())) <= 80
