"""`fcapi event`: prints a sample event for another contact and number."""

import json

import click

from fcapi.events.triggers import TRIGGER_NAMES
from local.one_of import OneOf
from local.samples import SAMPLE_CONTACT_ID, SAMPLE_PHONE_NUMBER, event_of


@click.command()
@click.argument("trigger", type=OneOf(TRIGGER_NAMES, "TRIGGER"))
@click.option("--contact-id", default=SAMPLE_CONTACT_ID, show_default=True, help="The contact's id.")
@click.option("--phone-number", default=SAMPLE_PHONE_NUMBER, show_default=True, help="The number to verify.")
def event(trigger: str, contact_id: str, phone_number: str) -> None:
    """Print an event of TRIGGER that requests the verification of a number."""
    click.echo(json.dumps(event_of(trigger, contact_id, phone_number), indent=2))
