"""The command behind `make audit`: asks pip-audit for known vulnerabilities in all that is deployed, to any runtime.

Without a source of advisories (behind a mirror, for example) pip-audit skips the requirements and succeeds. Here, a
requirement that was not checked is a failure.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import click

from local.package import PackageError
from local.package.network import is_unreachable
from local.package.requirements import read_pins
from local.package.targets import TARGETS

REQUIREMENTS = Path(__file__).parents[2] / "requirements" / "deployed.txt"


@click.command()
@click.argument("requirements", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=REQUIREMENTS)
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
def main(requirements: Path, *, as_json: bool) -> None:
    """Check the pinned and hashed REQUIREMENTS, by default the deployed ones.

    Exits with 1 if one of them has a known vulnerability, or if that could not be found out.
    """
    try:
        audited = _ask(requirements)
    except PackageError as error:
        raise click.ClickException(f"The audit could not be done. {error}") from None
    vulnerable = [each["name"] for each in audited if each.get("vulns")]
    unchecked = [each["name"] for each in audited if "skip_reason" in each]
    if as_json:
        click.echo(json.dumps({"requirements": requirements.name, "distributions": audited}))
    else:
        _print(audited, len(vulnerable), len(unchecked))
    if unchecked:
        names = ", ".join(unchecked)
        raise click.ClickException(f"The audit could not be done: no advisories are served here for {names}.")
    if vulnerable:
        sys.exit(1)


def _print(audited: list[dict[str, Any]], vulnerable: int, unchecked: int) -> None:
    for each in audited:
        for found in each.get("vulns", []):
            fixed = ", ".join(found["fix_versions"]) or "no version"
            click.echo(f"{each['name']} {each['version']}: {found['id']}, fixed in {fixed}. {found['description']}")
    click.echo(f"{len(audited)} distributions: {vulnerable} vulnerable, {unchecked} not checked.")


def _ask(requirements: Path) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        arguments: list[str] = []
        for target in TARGETS:
            # Without the markers: pip-audit would skip what its own Python does not need.
            pins = Path(folder) / target.runtime
            pins.write_text("".join(f"{pin.line()}\n" for pin in read_pins(requirements, target)), encoding="utf-8")
            arguments += ["--requirement", str(pins)]
        command = [sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes", *arguments]
        command += ["--format", "json", "--progress-spinner", "off"]
        ran = subprocess.run(command, capture_output=True, check=False, encoding="utf-8")  # noqa: S603 -- our own words
    try:
        listed: list[dict[str, Any]] = json.loads(ran.stdout)["dependencies"]
    except ValueError:  # it says nothing but why it gave up
        if is_unreachable(ran.stderr):
            raise PackageError("pip-audit reaches no service of advisories: is there a network?") from None
        reason = ran.stderr.strip().splitlines() or ["pip-audit gave no reason."]
        raise PackageError(reason[-1]) from None
    return listed


if __name__ == "__main__":
    main(prog_name="make audit")
