"""The command behind `make deploy`: its options are make's variables."""

import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

import click

from local.account import AccountError, WrongCall
from local.account.parameters import check_values, read_parameters
from local.account.regions import check_runtime
from local.account.secrets import Secrets
from local.account.target import FILE, FOLDER, read_given
from local.account.values import read_values
from local.package import PackageError
from local.package.build import build
from local.package.interpreters import find_interpreter
from local.package.project import Project
from local.package.targets import TARGETS
from local.template.document import MalformedTemplate, Template, read_template

ROOT = Path(__file__).parents[2]
_RUNTIMES = [target.runtime for target in TARGETS]


@click.command()
@click.option("--parameters", envvar="PARAMETERS", default="", help="NAME=VALUE of the template's parameters, quoted.")
@click.option(
    "--parameters-file", envvar="PARAMETERS_FILE", type=click.Path(path_type=Path), help="A JSON object of them."
)
@click.option(
    "--package",
    envvar="PACKAGE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Deploy this package, which `make package` built for the runtime, and build none.",
)
@click.option("--code-object", envvar="CODE_OBJECT", default="", help="Deploy this package of the bucket, build none.")
@click.option("--create-bucket", envvar="CREATE_BUCKET", is_flag=True, help="Make the bucket where it is not there.")
@click.option("--replace", envvar="REPLACE", is_flag=True, help="Make anew what cannot be changed in place.")
@click.option("--dry-run", envvar="DRY_RUN", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--check", is_flag=True, help="Check the call alone; that needs none of the SDKs.")
@click.option("--yes", envvar="YES", is_flag=True, help="Do not ask.")
@click.option(
    "--look-every", type=click.FloatRange(min=0), default=3, help="How many seconds apart to look for events."
)
@click.option("--packages", type=click.Path(path_type=Path), default="dist", help="Where packages are built.")
@click.option("--template", type=click.Path(path_type=Path), default=ROOT / "template.yml", help="The ROS template.")
@click.option("--file", type=click.Path(path_type=Path), default=FILE, help="Variables and parameters, in TOML.")
def main(
    *,
    parameters: str,
    parameters_file: Path | None,
    package: Path | None,
    code_object: str,
    create_bucket: bool,
    replace: bool,
    dry_run: bool,
    check: bool,
    yes: bool,
    look_every: float,
    packages: Path,
    template: Path,
    file: Path,
) -> None:
    """Deploy: look first, show what would change, ask, then upload the package and create or update the stack.

    STACK, REGION, BUCKET, PROFILE, ECS_ROLE and RUNTIME are environment variables, or are in deploy.toml.
    """
    given = read_given(os.environ, file)
    (bucket,) = given.need("STACK", "REGION", "BUCKET")[2:]
    target, runtime = given.target(), given.get("RUNTIME")
    _check_runtime(runtime, target.region)
    _check_code_object(code_object)
    if package and code_object:
        raise WrongCall("PACKAGE and CODE_OBJECT are both set; take one of them.")
    document = _read(template)
    declared = read_parameters(document)
    values = {**given.parameters, **read_values(parameters, parameters_file)}
    check_values(declared, values)
    _refuse_without_terminal(yes=yes, dry_run=dry_run, is_terminal=sys.stdin.isatty())
    if check:
        return
    # Only now, since it takes minutes until these have their SDKs: `make deploy` checks the call before.
    from local.account.deployment import Deployment, Wishes
    from local.account.progress import Follower
    from local.account.session import Session
    from local.account.stacks import Stacks
    from local.account.telling import step

    click.echo(step("Parameters", f"as the template allows: {len(values)} given, {len(declared)} in all"))
    secrets = Secrets(value for name, value in values.items() if declared[name].secret)
    session = Session(target, os.environ, secrets)
    wishes = Wishes(
        target=target,
        bucket=bucket,
        runtime=runtime,
        values=values,
        build=(lambda _: package) if package else _builder(packages),
        stored=code_object,
        create_bucket=create_bucket,
        replace=replace,
        dry_run=dry_run,
        confirm=(lambda _: True) if yes else _ask,
    )
    stacks = Stacks(session, document.text)
    Deployment(wishes, session, document, declared, click.echo).run(
        Follower(stacks, click.echo, seconds_between_looks=look_every)
    )


def _check_runtime(runtime: str, region: str) -> None:
    if runtime and runtime not in _RUNTIMES:
        raise WrongCall(f"RUNTIME must be one of {', '.join(_RUNTIMES)}.")
    check_runtime(runtime, region)


def _refuse_without_terminal(*, yes: bool, dry_run: bool, is_terminal: bool) -> None:
    """Refuse to ask where nobody can answer.

    Raises:
        WrongCall: neither is it said that there is no need to ask.

    """
    if not (yes or dry_run or is_terminal):
        raise WrongCall(
            "This is not a terminal, so nobody can be asked: YES=1 deploys without asking, DRY_RUN=1 only looks."
        )


def _check_code_object(key: str) -> None:
    if key and not re.fullmatch(rf"{FOLDER}/[0-9a-f]{{64}}\.zip", key):
        raise WrongCall(f"CODE_OBJECT must be {FOLDER}/HASH.zip, as an earlier make deploy printed it.")


def _read(template: Path) -> Template:
    try:
        return read_template(template.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, MalformedTemplate) as error:
        raise WrongCall(f"{template} is not a template: {error}") from None


def _builder(packages: Path) -> Callable[[str], Path]:
    def build_for(runtime: str) -> Path:
        (target,) = (each for each in TARGETS if each.runtime == runtime)
        from local.account.telling import step

        click.echo(step("Building", f"the package for {runtime}"))
        try:
            return build(Project(ROOT), target, packages, find_interpreter(target, os.environ)).path
        except PackageError as error:
            raise AccountError(str(error)) from None

    return build_for


def _ask(question: str) -> bool:
    return click.confirm(question)


if __name__ == "__main__":
    main(prog_name="make deploy")
