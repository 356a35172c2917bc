"""Finds the places in a module that can be changed, and the changes of each.

What is not behaviour is left alone: docstrings, assertions, `__repr__`, `__all__`, what only a type checker reads.
"""

import ast
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeAlias

from tests.mutants.mutant import Mutant
from tests.mutants.regexes import changes_of

_COMPARISONS: dict[type[ast.cmpop], tuple[str, tuple[str, ...]]] = {
    ast.Lt: ("<", ("<=", ">=")),
    ast.LtE: ("<=", ("<", ">")),
    ast.Gt: (">", (">=", "<=")),
    ast.GtE: (">=", (">", "<")),
    ast.Eq: ("==", ("!=",)),
    ast.NotEq: ("!=", ("==",)),
    ast.In: ("in", ("not in",)),
    ast.NotIn: (r"not\s+in", ("in",)),
    ast.Is: ("is", ("is not",)),
    ast.IsNot: (r"is\s+not", ("is",)),
}
_OPERATORS: dict[type[ast.operator], tuple[str, str]] = {
    ast.Add: (r"\+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: (r"\*", "/"),
    ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "*"),
    ast.Mod: ("%", "*"),
}
_FUNCTIONS = {"min": "max", "max": "min", "any": "all", "all": "any"}
_RE_FUNCTIONS = {"fullmatch": "match", "match": "search"}
_FUNCTION_TYPES = (ast.FunctionDef, ast.AsyncFunctionDef)

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


class _Around(NamedTuple):
    """What is around a node."""

    scope: str = ""
    names: tuple[str, ...] = ()
    is_run_at_import: bool = True
    lines: tuple[int, int] = (0, 0)
    is_default: bool = False
    """Whether it is the default of an argument."""


def sites_of(module: str, source: bytes) -> list[list[Mutant]]:
    """Return the places in a module that can be changed, in their order, each with its changes."""
    return _Finder(module, source).found()


class _Finder:
    def __init__(self, module: str, source: bytes) -> None:
        self._module = module
        self._source = source
        self._tree = ast.parse(source)
        self._line_starts = [0]
        for line in source.splitlines(keepends=True):
            self._line_starts.append(self._line_starts[-1] + len(line))
        self._patterns = set(_pattern_names(self._tree))
        self._sites: list[list[Mutant]] = []

    def found(self) -> list[list[Mutant]]:
        self._statements(self._tree.body, _Around())
        return sorted(self._sites, key=lambda site: (site[0].start, site[0].end, site[0].kind))

    def _add(self, around: _Around, kind: str, *changes: tuple[int, int, str]) -> None:
        if changes:
            scope, names, is_run_at_import, lines, _ = around
            self._sites.append(
                [
                    Mutant(self._module, kind, scope, names, is_run_at_import, lines, start, end, text.encode())
                    for start, end, text in changes
                ]
            )

    def _start(self, node: ast.expr | ast.stmt | ast.pattern | ast.keyword) -> int:
        return self._line_starts[node.lineno - 1] + node.col_offset

    def _end(self, node: ast.expr | ast.stmt | ast.pattern | ast.keyword) -> int:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self._line_starts[node.end_lineno - 1] + node.end_col_offset

    def _between(self, left: int, right: int, pattern: str) -> tuple[int, int]:
        """Return where the operator `pattern` is between two operands."""
        match = re.search(pattern.encode(), self._source[left:right])
        assert match is not None
        return left + match.start(), left + match.end()

    # Statements

    def _statements(self, body: list[ast.stmt], around: _Around) -> None:
        for statement in body:
            self._statement(statement, around)

    def _statement(self, node: ast.stmt, around: _Around) -> None:
        if not around.scope:
            around = around._replace(names=defined_by(node))
        around = around._replace(lines=(node.lineno, _last_line_of_header(node)))
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self._function(node, around)
            case ast.ClassDef():
                for each in (*node.decorator_list, *node.bases, *(keyword.value for keyword in node.keywords)):
                    self._expression(each, around)
                self._statements(node.body, around._replace(scope=_within(around.scope, node.name)))
            case ast.If() if ast.unparse(node.test) == "TYPE_CHECKING":
                self._statements(node.orelse, around)
            case ast.If() | ast.While():
                self._condition(node.test, around)
                self._statements(node.body, around)
                self._statements(node.orelse, around)
            case ast.Try():
                for handler in node.handlers:
                    self._handler(handler, around._replace(lines=(handler.lineno, handler.lineno)))
                self._statements([*node.body, *node.orelse, *node.finalbody], around)
            case ast.Match():
                self._expression(node.subject, around)
                for case in node.cases:
                    self._case(case, around)
            case ast.For() | ast.AsyncFor():
                self._expression(node.iter, around)
                self._statements([*node.body, *node.orelse], around)
            case ast.With() | ast.AsyncWith():
                for item in node.items:
                    self._expression(item.context_expr, around)
                self._statements(node.body, around)
            case ast.Assert() | ast.Import() | ast.ImportFrom() | ast.Global() | ast.Nonlocal() | ast.Pass():
                pass
            case ast.Expr(value=ast.Constant()):
                pass  # a docstring, or an ellipsis
            case _:
                self._simple_statement(node, around)

    def _simple_statement(self, node: ast.stmt, around: _Around) -> None:
        if _can_be_dropped(node):
            self._add(around, "statement", (self._start(node), self._end(node), "pass"))
        match node:
            case ast.AnnAssign():
                self._annotation(node.annotation, around)
                if node.value:
                    self._assigned([node.target], node.value, around)
            case ast.Assign():
                self._assigned(node.targets, node.value, around)
            case _:
                for child in ast.iter_child_nodes(node):
                    if isinstance(child, ast.expr):
                        self._expression(child, around)

    def _assigned(self, targets: list[ast.expr], value: ast.expr, around: _Around) -> None:
        names = {target.id for target in targets if isinstance(target, ast.Name)}
        if "__all__" in names:
            return
        if names & self._patterns and isinstance(value, ast.Constant):
            self._pattern(value, around)
        elif isinstance(targets[0], ast.Tuple) and isinstance(value, ast.Tuple):
            for target, each in zip(targets[0].elts, value.elts, strict=False):
                self._assigned([target], each, around)
        elif isinstance(value, (ast.Tuple, ast.List, ast.Set, ast.Dict)):
            self._elements(value, around)
        else:
            self._expression(value, around)

    def _function(self, node: Function, around: _Around) -> None:
        for decorator in node.decorator_list:
            self._expression(decorator, around)
        if node.name == "__repr__":
            return
        last = max(_last_line_of_header(node), node.end_lineno or 0)
        body = around._replace(
            scope=_within(around.scope, node.name), is_run_at_import=False, lines=(node.body[0].lineno, last)
        )
        for default in (*node.args.defaults, *node.args.kw_defaults):
            if default is not None:
                self._expression(default, body._replace(is_default=True))
        self._statements(node.body, body)

    def _handler(self, node: ast.ExceptHandler, around: _Around) -> None:
        if isinstance(node.type, ast.Tuple):
            for element in node.type.elts:
                self._add(around, "except", self._without(node.type.elts, element))
        elif node.type is not None:
            self._add(around, "except", (self._start(node.type), self._end(node.type), "()"))
        self._statements(node.body, around)

    def _case(self, case: ast.match_case, around: _Around) -> None:
        around = around._replace(lines=(case.pattern.lineno, (case.guard or case.pattern).end_lineno or 0))
        for node in ast.walk(case.pattern):
            if isinstance(node, ast.MatchValue):
                self._expression(node.value, around)
        if case.guard:
            self._condition(case.guard, around)
        self._statements(case.body, around)

    def _condition(self, node: ast.expr, around: _Around) -> None:
        """Change a condition as a whole, where no change of a part of it comes to the same."""
        if not isinstance(node, (ast.Compare, ast.UnaryOp, ast.Constant)):
            start, end = self._start(node), self._end(node)
            text = self._source[start:end].decode()
            changes = [f"not ({text})", "True", "False"] if not isinstance(node, ast.BoolOp) else ["True", "False"]
            self._add(around, "boolean", *((start, end, change) for change in changes))
        self._expression(node, around)

    def _annotation(self, node: ast.expr, around: _Around) -> None:
        """Look at what is more than a type, in the annotations of a model's fields."""
        match node:
            case ast.Subscript(value=ast.Name(id="Annotated"), slice=ast.Tuple(elts=[_, *more])):
                for each in more:
                    self._expression(each, around)

    # Expressions

    def _expression(self, node: ast.expr, around: _Around) -> None:
        match node:
            case ast.Constant():
                self._constant(node, around)
                return
            case ast.JoinedStr():
                self._text(node, around)
                return
            case ast.Compare():
                self._compare(node, around)
            case ast.BoolOp():
                for left, right in zip(node.values, node.values[1:], strict=False):
                    old, new = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
                    operator = self._between(self._end(left), self._start(right), rf"\b{old}\b")
                    self._add(around, "boolean", (*operator, new))
            case ast.UnaryOp(op=ast.Not()):
                start = self._start(node)
                self._add(around, "boolean", (*self._between(start, start + 4, r"not\s*"), ""))
            case ast.IfExp():
                self._condition(node.test, around)
                self._expression(node.body, around)
                self._expression(node.orelse, around)
                return
            case ast.BinOp() if type(node.op) in _OPERATORS and not _is_text(node.left) and not _is_text(node.right):
                old, new = _OPERATORS[type(node.op)]
                operator = self._between(self._end(node.left), self._start(node.right), old)
                self._add(around, "arithmetic", (*operator, new))
            case ast.Call():
                self._call(node, around)
                return
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self._expression(child, around)
            elif isinstance(child, ast.comprehension):
                self._expression(child.iter, around)
                for condition in child.ifs:
                    self._condition(condition, around)

    def _compare(self, node: ast.Compare, around: _Around) -> None:
        operands = [node.left, *node.comparators]
        for left, operator, right in zip(operands, node.ops, operands[1:], strict=False):
            old, new = _COMPARISONS[type(operator)]
            word = rf"\b{old}\b" if old[0].isalpha() else old
            start, end = self._between(self._end(left), self._start(right), word)
            self._add(around, "comparison", *((start, end, each) for each in new))
            if isinstance(right, (ast.Tuple, ast.List, ast.Set)):
                for element in right.elts if len(right.elts) > 1 else ():
                    self._add(around, "element", self._without(right.elts, element))

    def _call(self, node: ast.Call, around: _Around) -> None:
        called = ast.unparse(node.func)
        if called == "TypeVar":
            return
        if isinstance(node.func, ast.Name) and called in _FUNCTIONS:
            self._add(around, "function", (self._start(node.func), self._end(node.func), _FUNCTIONS[called]))
        elif isinstance(node.func, ast.Attribute):
            if node.func.attr in _RE_FUNCTIONS:
                end = self._end(node.func)
                change = end - len(node.func.attr), end, _RE_FUNCTIONS[node.func.attr]
                self._add(around, "pattern", change)
            self._expression(node.func.value, around)
        arguments: list[ast.expr | ast.keyword] = [*node.args, *node.keywords]
        for argument in arguments:
            is_last = argument is arguments[len(node.args) - 1] and (len(node.args) > 1 or called == "suppress")
            if called != "cast" and (argument.arg if isinstance(argument, ast.keyword) else is_last):
                self._add(around, "argument", self._without(arguments, argument, is_display=False))
        for index, value in enumerate([*node.args, *(keyword.value for keyword in node.keywords)]):
            keyword = node.keywords[index - len(node.args)].arg if index >= len(node.args) else None
            if isinstance(value, ast.Constant) and (keyword == "pattern" or (index == 0 and called.startswith("re."))):
                self._pattern(value, around)
            elif not (called == "cast" and index == 0):
                if isinstance(value, (ast.Set, ast.Dict)):
                    self._elements(value, around)
                else:
                    self._expression(value, around)

    def _elements(self, node: ast.Tuple | ast.List | ast.Set | ast.Dict, around: _Around) -> None:
        """Drop each element of a display, and look into it."""
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if key is not None:
                    self._expression(key, around)
                self._expression(value, around)
            return
        for element in node.elts:
            if len(node.elts) > 1:
                self._add(around, "element", self._without(node.elts, element))
            self._expression(element, around)

    def _without(
        self, elements: Sequence[ast.expr | ast.keyword], element: ast.expr | ast.keyword, *, is_display: bool = True
    ) -> tuple[int, int, str]:
        """Return the change that drops an element with its comma; a pair stays a tuple."""
        index = next(index for index, each in enumerate(elements) if each is element)
        if is_display and len(elements) == 2:
            left = elements[1 - index]
            text = self._source[self._start(left) : self._end(left)].decode()
            comma = "" if self._source[self._end(elements[1]) :].lstrip().startswith(b",") else ","
            return self._start(elements[0]), self._end(elements[1]), text + comma
        if index + 1 < len(elements):
            return self._start(element), self._start(elements[index + 1]), ""
        if index:
            return self._end(elements[index - 1]), self._end(element), ""
        return self._start(element), self._end(element), ""

    def _constant(self, node: ast.Constant, around: _Around) -> None:
        start, end, value = self._start(node), self._end(node), node.value
        kind = "default" if around.is_default else None
        if isinstance(value, bool):
            self._add(around, kind or "boolean", (start, end, str(not value)))
        elif isinstance(value, int):
            numbers = [value + 1, value - 1] if value else [1]
            self._add(around, kind or "number", *((start, end, str(number)) for number in numbers))
        elif isinstance(value, float):
            changed = (value * 2, value / 2) if value else (1.0,)
            self._add(around, kind or "number", *((start, end, str(number)) for number in changed))
        elif isinstance(value, (str, bytes)):
            self._text(node, around)

    def _text(self, node: ast.Constant | ast.JoinedStr, around: _Around) -> None:
        """Put something in front of a text, or empty it."""
        start, end = self._start(node), self._end(node)
        source = self._source[start:end].decode()
        opening = re.match(r"""(?i:[a-z]*)(?:'''|\"\"\"|'|")""", source)
        if opening is None:
            return  # a piece within an f-string
        changes = [(start + len(opening.group()), start + len(opening.group()), "XX")]
        if isinstance(node, ast.Constant) and node.value:
            changes.append((start, end, 'b""' if isinstance(node.value, bytes) else '""'))
        self._add(around, "default" if around.is_default else "string", *changes)

    def _pattern(self, node: ast.Constant, around: _Around) -> None:
        start = self._start(node)
        source = self._source[start : self._end(node)].decode()
        opening = re.match(r"""[rb]*(["'])""", source)
        assert opening is not None
        body = source[opening.end() : -1]
        if not body.isascii() or opening[1] in body:
            return
        for changed_from, changed_to, text in changes_of(body):
            offset = start + opening.end()
            self._add(around, "pattern", (offset + changed_from, offset + changed_to, text))


def _within(scope: str, name: str) -> str:
    return f"{scope}.{name}" if scope else name


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes)))


def defined_by(node: ast.stmt) -> tuple[str, ...]:
    """Return the names that a statement defines."""
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return (name,)
        case ast.Assign(targets=targets):
            return tuple(each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name)):
            return (name,)
    return ()


def _last_line_of_header(node: ast.stmt) -> int:
    body = getattr(node, "body", None) or getattr(node, "cases", None)
    if not body:
        return node.end_lineno or node.lineno
    first = body[0].pattern if isinstance(body[0], ast.match_case) else body[0]
    return max(node.lineno, int(first.lineno) - 1)


def _can_be_dropped(node: ast.stmt) -> bool:
    match node:
        case ast.Expr() | ast.AugAssign() | ast.Raise() | ast.Break() | ast.Continue() | ast.Delete():
            return True
        case ast.Return(value=None):
            return True
        case ast.Assign(targets=targets):
            return all(isinstance(target, (ast.Attribute, ast.Subscript)) for target in targets)
    return False


def _pattern_names(tree: ast.Module) -> Iterator[str]:
    """Yield the names of the module's constants that are used as patterns."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("re.") and node.args:
            yield from (each.id for each in ast.walk(node.args[0]) if isinstance(each, ast.Name))
        if isinstance(node, ast.keyword) and node.arg == "pattern" and isinstance(node.value, ast.Name):
            yield node.value.id
