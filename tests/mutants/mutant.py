"""`Mutant`: one change of one module."""

import difflib
import hashlib
from typing import NamedTuple


class Mutant(NamedTuple):
    """One change of one module.

    Attributes:
        module: the path of the module within `functions/`.
        kind: what is changed, such as `comparison`.
        scope: the function or class that it is in, such as `Ledger.claim`; empty for the module itself.
        names: what the top-level statement around it defines.
        is_run_at_import: whether the changed code runs when the module is imported.
        lines: the first and the last line that run if the changed code does.
        start: where the replaced bytes begin.
        end: where they end.
        text: what is put there.

    """

    module: str
    kind: str
    scope: str
    names: tuple[str, ...]
    is_run_at_import: bool
    lines: tuple[int, int]
    start: int
    end: int
    text: bytes

    def applied_to(self, source: bytes) -> bytes:
        """Return the module's source with the change."""
        return source[: self.start] + self.text + source[self.end :]

    def is_valid(self, source: bytes) -> bool:
        """Tell whether the change leaves valid Python."""
        try:
            compile(self.applied_to(source), self.module, "exec")
        except SyntaxError:
            return False
        return True

    def diff(self, source: bytes) -> str:
        """Return the change as a unified diff."""
        before, after = (text.decode().splitlines(keepends=True) for text in (source, self.applied_to(source)))
        name = f"functions/{self.module}"
        return "".join(difflib.unified_diff(before, after, name, name, n=2))

    def key(self, source: bytes) -> str:
        """Return a short name of the change that stays the same when its lines move.

        Equal changes of equal lines in one scope have the same key.
        """
        first = source.rfind(b"\n", 0, self.start) + 1
        last = source.find(b"\n", self.end)
        before, after = source[first:last], source[first : self.start] + self.text + source[self.end : last]
        lines = [line.strip() for line in (before + b"\n-\n" + after).splitlines()]
        return hashlib.sha256(b"\n".join([self.module.encode(), self.scope.encode(), *lines])).hexdigest()[:8]
