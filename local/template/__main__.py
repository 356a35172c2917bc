"""`python -m local.template`: checks the template offline, lists what is wrong with it, exits with 1 if anything is."""

import sys
from pathlib import Path

import click

from local.template.metadata import MetadataUnreadable
from local.template.subject import judges_of
from local.template.validation import RULES, validate

PROJECT = Path(__file__).parents[2]


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument(
    "template", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=PROJECT / "template.yml"
)
def main(template: Path) -> None:
    """Check a ROS template against the vendor's typed metadata and this project's own rules, without a cloud."""
    try:
        subject, problems = validate(template.read_text(), judges_of(PROJECT))
    except MetadataUnreadable as error:
        raise click.ClickException(str(error)) from None
    for problem in problems:
        click.echo(f"{template.name}: {problem}", err=True)
    if subject is None or problems:
        sys.exit(1)
    resources = list(subject.template.resources())
    types = {resource["Type"] for _, resource in resources}
    click.echo(f"{template.name}: {len(resources)} resources of {len(types)} types hold against {len(RULES)} rules.")


if __name__ == "__main__":
    main()
