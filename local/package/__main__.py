"""The command behind `make package`: builds the packages, and prints the result."""

import json
import os
import sys
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import asdict
from pathlib import Path
from typing import TypeAlias

import click

from local.one_of import OneOf
from local.package import PackageError
from local.package.build import build
from local.package.contents import STORE_CA
from local.package.interpreters import find_interpreter
from local.package.project import Project
from local.package.targets import TARGETS, Target

ROOT = Path(__file__).parents[2]

_Pair: TypeAlias = tuple[Target, Path]


@click.command()
@click.option(
    "--runtime",
    envvar="RUNTIME",
    type=OneOf(target.runtime for target in TARGETS),
    help="Build for one runtime only.",
)
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default="dist",
    show_default=True,
    help="Where the packages go.",
)
@click.option(
    "--store-ca",
    envvar="STORE_CA",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=f"A PEM file of the authorities of the store's certificate; then COOLDOWN_STORE_CA is {STORE_CA}.",
)
@click.option("--json", "as_json", envvar="JSON", is_flag=True, help="Print one JSON object a line.")
def main(*, runtime: str | None, output: Path, store_ca: Path | None, as_json: bool) -> None:
    """Build a package for each runtime of Function Compute, and print size, number of files, SHA-256 and proof."""
    project = Project(ROOT, store_ca)
    targets = [target for target in TARGETS if runtime in (None, target.runtime)]
    try:
        # Look for all interpreters first: a build takes seconds, and half of the packages are no use.
        interpreters = [find_interpreter(target, os.environ) for target in targets]
        pairs = list(zip(targets, interpreters, strict=True))
        with _progress(pairs) as steps:
            packages = [build(project, target, output, interpreter) for target, interpreter in steps]
    except PackageError as error:
        raise click.ClickException(str(error)) from None
    for built in packages:
        if as_json:
            click.echo(json.dumps({**asdict(built), "path": str(built.path)}))
            continue
        click.echo(
            f"{built.path}: {built.size:,} bytes, {built.files} files\n  sha256 {built.sha256}\n  proven: {built.proof}"
        )


def _progress(pairs: list[_Pair]) -> AbstractContextManager[Iterable[_Pair]]:
    """Show a progress bar on stderr, if that is a terminal."""
    return click.progressbar(pairs, label="Building packages", file=sys.stderr, hidden=not sys.stderr.isatty())


if __name__ == "__main__":
    main(prog_name="make package")
