"""Which tests have to notice a mutant: those that run the changed code.

What runs when a module is imported, such as a constant, is run by no test in particular. There it is the tests that run
a line with a name that is defined by it, at first or second hand.
"""

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from tests.mutants.mutant import Mutant
from tests.mutants.recording import RecordedTest
from tests.mutants.sites import defined_by

Line = tuple[str, int]
"""A module, and the number of a line."""


class Selection:
    """Selects among tests, for mutants of modules whose sources are given by their paths."""

    def __init__(self, sources: Mapping[str, bytes], tests: Sequence[RecordedTest]) -> None:
        self._names = _Names(sources)
        self._tests_by_line: defaultdict[Line, set[int]] = defaultdict(set)
        self._tests = tests
        for index, test in enumerate(tests):
            for module, numbers in test.lines.items():
                for number in numbers:
                    self._tests_by_line[module, number].add(index)

    def tests_for(self, mutant: Mutant) -> list[RecordedTest]:
        """Return the tests that have to notice a mutant, the fastest first."""
        first, last = mutant.lines
        lines: Iterable[Line] = ((mutant.module, number) for number in range(first, last + 1))
        if mutant.is_run_at_import:
            lines = self._names.lines_with(mutant.module, mutant.names)
        indexes = {index for line in lines for index in self._tests_by_line.get(line, ())}
        return sorted((self._tests[index] for index in indexes), key=lambda test: (test.seconds, test.id))


class _Names:
    """Knows which lines of functions have a name, and which names are defined by others."""

    def __init__(self, sources: Mapping[str, bytes]) -> None:
        self._lines: defaultdict[str, set[Line]] = defaultdict(set)
        self._definitions: defaultdict[str, set[str]] = defaultdict(set)
        self._bases: dict[str, list[str]] = defaultdict(list)
        self._bodies: defaultdict[tuple[str, str], set[Line]] = defaultdict(set)
        for module, source in sources.items():
            for statement in ast.parse(source).body:
                self._add(module, statement)

    def lines_with(self, module: str, names: Sequence[str]) -> Iterator[Line]:
        """Yield the lines in functions that have one of these names, or a name that is defined by one."""
        reached: set[str] = set()
        left = list(names)
        while left:
            name = left.pop()
            if name not in reached:
                reached.add(name)
                left += self._definitions[name]
                yield from self._lines[name]
        for name in self._with_bases(names):
            yield from self._bodies[module, name]

    def _with_bases(self, names: Sequence[str]) -> Iterator[str]:
        """Yield names and, of those that are classes, the names of their bases."""
        for name in names:
            yield name
            yield from self._with_bases(self._bases[name])

    def _add(self, module: str, statement: ast.stmt) -> None:
        defined = set(defined_by(statement))
        if isinstance(statement, ast.ClassDef):
            self._bases[statement.name] = [base.id for base in statement.bases if isinstance(base, ast.Name)]
        for node, in_function in _nodes(statement, in_function=False):
            name = _name(node)
            if in_function and isinstance(node, (ast.expr, ast.stmt)):
                for each in defined:
                    self._bodies[module, each].add((module, node.lineno))
                if name:
                    self._lines[name].add((module, node.lineno))
            elif name:
                self._definitions[name] |= defined - {name}


def _nodes(node: ast.AST, *, in_function: bool) -> Iterator[tuple[ast.AST, bool]]:
    yield node, in_function
    for child in ast.iter_child_nodes(node):
        is_body = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)) and not isinstance(
            child, ast.arguments
        )
        yield from _nodes(child, in_function=in_function or is_body)


def _name(node: ast.AST) -> str | None:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.alias(name=name):
            return name
    return None
