"""Types of options whose error messages say how to correct a wrong value."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

import click


class OneOf(click.Choice[str]):
    """A choice among names; for a misspelt name the message suggests the nearest one.

    `metavar` is what usage shows: a long list of names would break within a name. Without it, usage shows the names.
    """

    def __init__(self, names: Iterable[str], metavar: str | None = None) -> None:
        super().__init__(list(names))
        self._metavar = metavar

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str | None:
        """Return what usage shows."""
        return self._metavar or super().get_metavar(param, ctx)

    def get_invalid_choice_message(self, value: object, ctx: click.Context | None) -> str:  # noqa: ARG002 -- click's signature
        """Return what is said of a name that is none of them."""
        return not_among(str(value), [str(choice) for choice in self.choices])


class WholeNumber(click.IntRange):
    """A whole number within bounds, which the message about anything else has."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the number; raise click.BadParameter if it is none, or out of bounds."""
        try:
            number: int = super().convert(value, param, ctx)
        except click.BadParameter:
            bounds = f"at least {self.min}" if self.max is None else f"from {self.min} to {self.max}"
            self.fail(f"{str(value)!r} is not a whole number {bounds}.", param, ctx)
        return number


class Number(click.FloatRange):
    """A number within bounds, called so in the message about anything else."""

    name = "number"


def not_among(name: str, names: list[str]) -> str:
    """Return the message about a name that is not among these."""
    return f"there is no {name!r}.{did_you_mean(name, names)} There are: {', '.join(names)}."


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """Return " Did you mean …?", or an empty text if no name is near."""
    near = get_close_matches(name, list(names), 1)
    return f" Did you mean {near[0]!r}?" if near else ""
