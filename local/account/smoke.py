"""The command behind `make smoke`: its options are make's variables."""

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from local.account import WrongCall
from local.account.endpoints import is_local_url
from local.account.findings import Finding
from local.account.target import FILE, Target, read_given

if TYPE_CHECKING:
    from local.account.checks import Platform
    from local.account.report import Answered

_COLOURS = {"ok": "green", "failed": "red", "not checked here": "yellow"}


@click.command()
@click.option("--serve", envvar="SERVE", default="", help="The invoke api of `make serve`, to look at that instead.")
@click.option("--gateway-url", envvar="GATEWAY_URL", default="", help="The API gateway's URL, with its own domain.")
@click.option("--contact", envvar="CONTACT", default="", help="The contact that gets one text.")
@click.option("--number", envvar="NUMBER", default="", help="That contact's number.")
@click.option("--json", "as_json", envvar="JSON", is_flag=True, help="Print one JSON object a line.")
@click.option("--check", is_flag=True, help="Check the call alone; that needs none of the SDKs.")
@click.option("--patience", type=click.FloatRange(min=0), default=60, help="How many seconds log lines may take.")
@click.option("--look-every", type=click.FloatRange(min=0), default=3, help="How many seconds apart to look for them.")
@click.option("--file", type=click.Path(path_type=Path), default=FILE, help="Variables, in TOML.")
def main(
    *,
    serve: str,
    gateway_url: str,
    contact: str,
    number: str,
    as_json: bool,
    check: bool,
    patience: float,
    look_every: float,
    file: Path,
) -> None:
    """Check that a deployed stack works, and that it refuses unsigned requests.

    STACK, REGION, PROFILE and ECS_ROLE are environment variables, or are in deploy.toml. Exits with 1 if a check
    failed.
    """
    if bool(contact) != bool(number):
        raise WrongCall("CONTACT and NUMBER go together: both, or neither.")
    if serve and not is_local_url(serve):
        raise WrongCall("SERVE must be the URL of the invoke api that make serve printed: http://127.0.0.1:9002")
    target = None if serve else read_given(os.environ, file).target()
    if check:
        return
    # Only now, since it takes minutes until these have their SDKs: `make smoke` checks the call before.
    from local.account.checks import SmokeTest
    from local.account.platforms import ServedPlatform
    from local.account.report import answers

    platform = _account(target, gateway_url) if target else ServedPlatform(serve)
    test = SmokeTest(platform, contact, number, patience=patience, look_every=look_every)
    findings = []
    for finding in test.run():
        findings.append(finding)
        _show(finding, as_json=as_json)
    if target:  # what is served on a laptop says nothing of the cloud
        _show_report(list(answers(test, findings)), as_json=as_json)
    sys.exit(1 if any(finding.result == "failed" for finding in findings) else 0)


def _show_report(report: "list[Answered]", *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"report": [each._asdict() for each in report]}))
        return
    click.echo("\nWhat this shows of what the documents call inferred; please send it in:")
    for question, answer in report:
        click.echo(f"- {question} {answer}")


def _account(target: Target, gateway_url: str) -> "Platform":
    from local.account.platforms import AccountPlatform
    from local.account.remote import find_deployed
    from local.account.secrets import Secrets
    from local.account.session import Session

    session = Session(target, os.environ, Secrets())
    return AccountPlatform(session, find_deployed(session, target), gateway_url)


def _show(finding: Finding, *, as_json: bool) -> None:
    if as_json:
        click.echo(
            json.dumps(
                {"check": finding.check, "result": finding.result, "detail": finding.detail, "todo": finding.todo}
            )
        )
        return
    result = click.style(f"{finding.result:16}", fg=_COLOURS[finding.result])
    todo = f"\n{'':17}to do: {finding.todo}" if finding.todo else ""
    click.echo(f"{result} {finding.check}: {finding.detail}{todo}")


if __name__ == "__main__":
    main(prog_name="make smoke")
