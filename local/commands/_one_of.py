"""A choice among names: told by one word in the usage, and by the nearest name where it is misspelt."""

from collections.abc import Iterable
from difflib import get_close_matches

import click


class OneOf(click.Choice[str]):
    """A choice that usage shows as `metavar`: a list of names would break within a name."""

    def __init__(self, names: Iterable[str], metavar: str) -> None:
        super().__init__(list(names))
        self._metavar = metavar

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002 -- click's signature
        """Return the word that usage shows."""
        return self._metavar

    def get_invalid_choice_message(self, value: object, ctx: click.Context | None) -> str:  # noqa: ARG002 -- click's signature
        """Return what is said of a name that is none of them."""
        return not_among(str(value), [str(choice) for choice in self.choices])


def not_among(name: str, names: list[str]) -> str:
    """Return what is said of a name that is none of these."""
    return f"there is no {name!r}.{did_you_mean(name, names)} There are: {', '.join(names)}."


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """Return a question that begins with a blank, or nothing where no name is near."""
    near = get_close_matches(name, list(names), 1)
    return f" Did you mean {near[0]!r}?" if near else ""
