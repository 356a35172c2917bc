"""A problem at a place of the template."""

from typing import NamedTuple

Path = tuple[str | int, ...]
"""The keys and list positions that lead to a value: ("Resources", "LogStore", "Properties", "TTL")."""


class Problem(NamedTuple):
    """A place of the template, and a message that says what was expected there."""

    path: Path
    message: str


def dotted(path: Path) -> str:
    """Return a path as people write it: `Resources.LogStore.Properties.TTL`, `Policies[0]`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text or "the template"
