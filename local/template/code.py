"""What the code in `functions/` has and says, read as source: nothing of it is run."""

import ast
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

_ARGUMENTS = {"handler": 2, "initialize": 1}
"""How many arguments Function Compute passes: event and context, or context alone."""


class Code:
    """The source below one import root. A file at the root itself is a function of the cloud."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._reached: dict[str, set[str]] = {}

    @cached_property
    def functions(self) -> set[str]:
        """The names of the functions of the cloud."""
        return {path.stem for path in self._root.glob("*.py")}

    def has_entry(self, handler: str) -> bool:
        """Whether `file.method` names a function of a file at the root that takes what Function Compute passes."""
        module, _, method = handler.partition(".")
        if module not in self.functions:
            return False
        tree = self._tree(self._root / f"{module}.py")
        return any(
            isinstance(node, ast.FunctionDef) and node.name == method and len(node.args.args) == _ARGUMENTS.get(method)
            for node in tree.body
        )

    @cached_property
    def client_actions(self) -> dict[str, str]:
        """The API action that each method of the Resource Directory client calls, by the method's name."""
        tree = self._tree(self._root / "resource_directory" / "client.py")
        methods = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
        return {method.name: action for method in methods for action in _actions_called(method)}

    @cached_property
    def logged_fields(self) -> set[str]:
        """The fields that log lines get by name: the keywords of every call of a `log` or `bind`."""
        found: set[str] = set()
        for path in self._root.rglob("*.py"):
            for node in ast.walk(self._tree(path)):
                match node:
                    case ast.Call(func=ast.Attribute(attr="log" | "bind"), keywords=keywords):
                        found |= {keyword.arg for keyword in keywords if keyword.arg is not None}
                    case _:
                        pass
        return found

    def attributes_reached(self, function: str) -> set[str]:
        """Return every attribute's name that a function's file uses, or any module of ours that it leads to."""
        if function not in self._reached:
            self._reached[function] = self._attributes_from(function)
        return self._reached[function]

    def _attributes_from(self, function: str) -> set[str]:
        found: set[str] = set()
        seen: set[Path] = set()
        waiting = [self._root / f"{function}.py"]
        while waiting:
            path = waiting.pop()
            if path in seen or not path.exists():
                continue
            seen.add(path)
            for node in ast.walk(self._tree(path)):
                match node:
                    case ast.Attribute(attr=name):
                        found.add(name)
                    case ast.ImportFrom(module=str() as module, names=names):
                        waiting += self._files(module, [alias.name for alias in names])
                    case _:
                        pass
        return found

    def _files(self, module: str, names: list[str]) -> list[Path]:
        folder = self._root.joinpath(*module.split("."))
        inside = [folder / f"{name}.py" for name in names]
        return [folder.with_suffix(".py"), folder / "__init__.py", *inside]

    @cached_property
    def words(self) -> set[str]:
        """Every name of an argument or field, and every text, that the code uses: what its log lines can hold."""
        found: set[str] = set()
        for path in self._root.rglob("*.py"):
            for node in ast.walk(self._tree(path)):
                match node:
                    case ast.keyword(arg=str() as name) | ast.arg(arg=name) | ast.ClassDef(name=name):
                        found.add(name)
                    case ast.Constant(value=str() as text) | ast.AnnAssign(target=ast.Name(id=text)):
                        found.add(text)
                    case _:
                        pass
        return found

    def _tree(self, path: Path) -> ast.Module:
        return ast.parse(path.read_text())


def _actions_called(method: ast.FunctionDef) -> Iterator[str]:
    for node in ast.walk(method):
        match node:
            case ast.Call(func=ast.Attribute(attr=name), args=[ast.Constant(value=str() as action), *_]):
                if name.startswith("_call") and action[:1].isupper():
                    yield action
            case _:
                pass
