"""`python -m local.template`: checks a template offline, lists its problems, exits with 1 if there are any."""

import json
import sys
from pathlib import Path

import click

from local.template.metadata import MetadataUnreadable
from local.template.subject import vendor_data
from local.template.validation import RULES, validate

OUR_TEMPLATE = Path(__file__).parents[2] / "template.yml"


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("template", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=OUR_TEMPLATE)
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
def main(template: Path, *, as_json: bool) -> None:
    """Check a ROS template against the vendor's typed metadata and the models of its SDK, without a cloud."""
    try:
        subject, problems = validate(template.read_text(encoding="utf-8"), vendor_data())
    except MetadataUnreadable as error:
        raise click.ClickException(str(error)) from None
    if as_json:
        click.echo(json.dumps({"template": template.name, "rules": len(RULES), "problems": list(map(str, problems))}))
        sys.exit(1 if subject is None or problems else 0)
    for problem in problems:
        click.echo(f"{template.name}: {problem}", err=True)
    if subject is None or problems:
        sys.exit(1)
    resources = list(subject.template.resources())
    types = {resource["Type"] for _, resource in resources}
    click.echo(
        f"{template.name}: {len(resources)} resources of {len(types)} types, {len(RULES)} rules: no problem found"
    )


if __name__ == "__main__":
    main()
