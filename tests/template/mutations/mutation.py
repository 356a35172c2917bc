"""A change that breaks the template, and the problem that a check must find."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

CONTACT = "resourcemanager:SendPhoneVerificationForMessageContact"


class Mutation(NamedTuple):
    """A change of the first `old` to `new` within one item of the template, and place and message of the problem.

    `within` is the name of an item of a section, a resource for example; empty: the first `old` of the template.
    """

    within: str
    old: str
    new: str
    place: str
    says: str

    def apply(self, text: str) -> str:
        """Return the text of a template with the change."""
        start, end = 0, len(text)
        if self.within:
            start = text.index(f"\n  {self.within}:\n")
            following = re.compile(r"\n(?:  )?\w").search(text, start + 4)
            end = following.start() if following else end
        found = text.index(self.old, start, end)
        return text[:found] + self.new + text[found + len(self.old) :]

    def is_found_in(self, problem: str) -> bool:
        """Whether a problem, `line 36: Resources.LogStore: expected …`, is the one of this mutation."""
        _, place, message = re.split(r"line [0-9]+: |: ", problem.removeprefix("template.yml: "), maxsplit=2)
        return self.place in place and self.says in message


Table = Mapping[Callable[..., Any], Sequence[Mutation]]
"""The mutations that each check must find: a test of the template, or a rule of the checker."""


def cases(table: Table) -> list[tuple[Callable[..., Any], Mutation]]:
    """Return each check with each of its mutations."""
    return [(check, mutation) for check, mutations in table.items() for mutation in mutations]


def label(value: Any) -> str:
    """Return the part of a test's id for a check, or for a mutation."""
    return value.place if isinstance(value, Mutation) else str(value.__name__)
