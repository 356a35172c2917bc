"""The `fcapi` command: the functions and the API they call, on a laptop."""

import os
import sys
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import click

from local.one_of import did_you_mean


class LazyGroup(click.Group):
    """The modules next to this one, each a command; those with an underscore in front are shared by several.

    A command is imported only when it is asked for: a web server takes half a second, and most need none.
    """

    def main(self, *arguments: Any, **named: Any) -> Any:
        """Run it; a character that the terminal's encoding lacks is shown as a question mark."""
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(errors="replace")
        return super().main(*arguments, **named)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- click's signature
        """Return the names of all."""
        modules = sorted(module.name for module in iter_modules([str(Path(__file__).parent)]))
        return [name for name in modules if name != "main" and not name.startswith("_")]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return one, or None if there is none of that name."""
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = getattr(import_module(f"local.commands.{cmd_name}"), cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is called, or say which one is near."""
        name, known = args[0], self.list_commands(ctx)
        if name not in known and not name.startswith("-") and not ctx.resilient_parsing:
            ctx.fail(f"No such command {name!r}.{did_you_mean(name, known)}")
        return super().resolve_command(ctx, args)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "auto_envvar_prefix": "FCAPI"})
@click.version_option(package_name="phone-verification", prog_name="fcapi")
@click.pass_context
def main(context: click.Context) -> None:
    """Run the phone verification functions, and an emulator of the API they call, on this machine.

    Every option can also be set by an environment variable: FCAPI_EMULATOR_PORT for `emulator --port`. Colours are for
    terminals only, and not with NO_COLOR. `fcapi completion --help` explains shell completion.
    """
    context.color = False if os.environ.get("NO_COLOR") else None
