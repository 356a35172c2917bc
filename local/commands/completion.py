"""`fcapi completion`: what a shell needs to complete the command."""

from typing import Any

import click
from click.shell_completion import get_completion_class

from local.one_of import OneOf


@click.command()
@click.argument("shell", type=OneOf(["bash", "zsh", "fish"], "SHELL"))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print a script that makes SHELL (bash, zsh or fish) complete commands and options of fcapi.

    \b
    bash, in ~/.bashrc:   eval "$(fcapi completion bash)"
    zsh, in ~/.zshrc:     eval "$(fcapi completion zsh)"
    fish:                 fcapi completion fish > ~/.config/fish/completions/fcapi.fish
    """  # noqa: D301 -- click looks for the character itself
    kind: Any = get_completion_class(shell)
    click.echo(kind(context.find_root().command, {}, "fcapi", "_FCAPI_COMPLETE").source())
