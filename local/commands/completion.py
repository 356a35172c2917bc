"""`fcapi completion`: what a shell needs to complete the command."""

from typing import Any

import click
from click.shell_completion import get_completion_class


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    r"""Print a script that makes SHELL complete commands and options of fcapi.

    \b
    bash, in ~/.bashrc:   eval "$(fcapi completion bash)"
    zsh, in ~/.zshrc:     eval "$(fcapi completion zsh)"
    fish:                 fcapi completion fish > ~/.config/fish/completions/fcapi.fish
    """
    kind: Any = get_completion_class(shell)
    click.echo(kind(context.find_root().command, {}, "fcapi", "_FCAPI_COMPLETE").source())
