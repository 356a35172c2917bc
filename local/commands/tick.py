"""`fcapi tick`: the timer's work, now."""

import sys

import click

from local.commands.serve import DEFAULT_PORT
from local.serve.cloud import FACES


@click.command()
@click.option(
    "--url",
    default=f"http://127.0.0.1:{DEFAULT_PORT + FACES.index('invoke_api')}",
    show_default=True,
    help="What `fcapi serve` printed as its invoke api.",
)
def tick(url: str) -> None:
    """Have a running `fcapi serve` do what its timer does, and print what function 2 returned.

    Exits with 1 when the function failed.
    """
    # Both take long to import, and no other command needs them.
    import requests

    from local.commands.sweeping import sweep

    try:
        outcome = sweep(f"{url.rstrip('/')}/_serve")
        payload, failed = outcome["Payload"], outcome["Failed"]
    except (requests.RequestException, TypeError, KeyError) as error:
        raise click.ClickException(
            f"No `fcapi serve` answers at {url} ({type(error).__name__}). What it printed as its invoke api: --url URL"
        ) from None
    click.echo(payload)
    sys.exit(1 if failed else 0)
