"""`fcapi events`: the sample events."""

import json
import os

import click

from local.samples import samples


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def events(*, as_json: bool) -> None:
    """List the sample events, and the trigger that each came by."""
    for sample in samples():
        name = os.path.relpath(sample.path)
        click.echo(json.dumps({"event": name, "trigger": sample.trigger}) if as_json else f"{name:40} {sample.trigger}")
