"""`fcapi events`: the sample events, each with its trigger, its function and its outcome."""

import json
import os

import click

from local.samples import Sample, samples


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
def events(*, as_json: bool) -> None:
    """List the sample events, each with its trigger, its function and its outcome."""
    for sample in samples():
        name = os.path.relpath(sample.path)
        row = {"event": name, "trigger": sample.trigger, "function": _function(sample), "outcome": sample.outcome}
        click.echo(json.dumps(row) if as_json else "{event:40} {trigger:11} {function:27} {outcome}".format(**row))


def _function(sample: Sample) -> str:
    return "resend_pending_verifications" if sample.is_bare_tick else "send_phone_verification"
