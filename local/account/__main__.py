"""The command behind `make deploy`: its options are make's variables."""

import re
from pathlib import Path

import click

from local.account import DeployError
from local.account.aliyun_commands import Stack
from local.account.deployment import Deployment
from local.account.stack_parameters import check_values, read_parameters, read_values
from local.account.steps import deploy, show_all
from local.account.tool import Tool
from local.package.targets import TARGETS

_ARCHIVES = {target.runtime: target.archive for target in TARGETS}
_EXAMPLE = "make deploy STACK=phone-verification REGION=cn-hangzhou BUCKET=my-bucket PROFILE=my-profile"
_PATTERNS = {
    "STACK": r"[A-Za-z0-9][A-Za-z0-9_-]{0,254}",
    "REGION": r"[a-z][a-z0-9-]+",
    "BUCKET": r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]",
    "PROFILE": r"[^\s-]\S*",
}


@click.command()
@click.option("--stack", envvar="STACK", default="", help="The stack's name.")
@click.option("--region", envvar="REGION", default="", help="Where it is: cn-hangzhou.")
@click.option("--bucket", envvar="BUCKET", default="", help="A private OSS bucket there, for the package.")
@click.option("--profile", envvar="PROFILE", default="", help="A profile of the aliyun command line tool.")
@click.option("--runtime", envvar="RUNTIME", type=click.Choice(list(_ARCHIVES)), default=next(iter(_ARCHIVES)))
@click.option("--parameters", envvar="PARAMETERS", default="", help="NAME=VALUE of the template's parameters, quoted.")
@click.option(
    "--parameters-file", envvar="PARAMETERS_FILE", type=click.Path(path_type=Path), help="A JSON object of them."
)
@click.option("--dry-run", envvar="DRY_RUN", is_flag=True, help="Print every command, run none.")
@click.option("--packages", type=click.Path(path_type=Path), default="dist", help="Where `make package` put them.")
@click.option("--template", type=click.Path(path_type=Path), default="template.yml", help="The ROS template.")
def main(
    *,
    stack: str,
    region: str,
    bucket: str,
    profile: str,
    runtime: str,
    parameters: str,
    parameters_file: Path | None,
    dry_run: bool,
    packages: Path,
    template: Path,
) -> None:
    """Upload the package under its hash, create or update the stack, and print its outputs."""
    try:
        _check_names(STACK=stack, REGION=region, BUCKET=bucket, PROFILE=profile)
        package = packages / _ARCHIVES[runtime]
        if not package.exists():
            raise DeployError(f"There is no {package}. Build it: make package")  # noqa: TRY301 -- reported below
        declared = read_parameters(template)
        values = read_values(parameters, parameters_file)
        check_values(declared, values)
        where = Stack(stack, region, profile)
        deployment = Deployment(where, bucket, package, template, runtime, declared, values)
        if dry_run:
            show_all(deployment, click.echo)
            return
        outputs = deploy(deployment, Tool(click.echo), click.echo)
    except DeployError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"Stack {stack} is deployed.")
    for name, value in outputs.items():
        click.echo(f"  {name}: {value}")


def _check_names(**given: str) -> None:
    if missing := [name for name, value in given.items() if not value]:
        raise DeployError(f"Not set: {', '.join(missing)}. For example:\n{_EXAMPLE}")
    for name, value in given.items():
        if not re.fullmatch(_PATTERNS[name], value):
            raise DeployError(f"{name} is not one: {value!r}")


if __name__ == "__main__":
    main(prog_name="make deploy")
