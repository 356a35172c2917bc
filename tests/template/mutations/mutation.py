"""A change that breaks the template, and the problem that a check must find."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from local.template.document import Template, read_template

CONTACT = "resourcemanager:SendPhoneVerificationForMessageContact"
MAIL = "resourcemanager:SendEmailVerificationForMessageContact"


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
        found = text.index(self.old, *self._item(text))
        return text[:found] + self.new + text[found + len(self.old) :]

    def apply_to(self, template: Template) -> Template:
        """Return a template with the change. Only the item that is changed is read again: to read all takes longer."""
        text, changed = template.text, self.apply(template.text)
        if not self.within:
            return read_template(changed)
        start, end = self._item(text)
        before, after = text.count("\n", 0, start + 1), text.count("\n", 0, end) + 1
        section = next(path[0] for path, line in template.lines.items() if line == before + 1 and len(path) == 2)
        item = changed[start + 1 : end + len(changed) - len(text)]
        read = read_template(f"{section}:\n{item}")
        items: dict[str, Any] = {}
        for name, value in template.section(str(section)).items():
            items |= read.section(str(section)) if name == self.within else {name: value}
        more = changed.count("\n") - text.count("\n")
        others = {path: line for path, line in template.lines.items() if path[:2] != (section, self.within)}
        lines = {path: line + (more if line > after else 0) for path, line in others.items()}
        lines |= {path: line + before - 1 for path, line in read.lines.items() if len(path) > 1}
        return Template(changed, {**template.data, str(section): items}, lines)

    def _item(self, text: str) -> tuple[int, int]:
        """Return where the item begins and ends, with the line break before it."""
        if not self.within:
            return 0, len(text)
        start = text.index(f"\n  {self.within}:\n")
        following = re.compile(r"\n(?:  )?\w").search(text, start + 4)
        return start, following.start() if following else len(text)

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
