"""The names and texts in the source of functions/, to compare log fields and queries with."""

import ast
from collections.abc import Iterator
from pathlib import Path


def logged_fields(root: Path) -> frozenset[str]:
    """Return the fields that log lines get by name: the keywords of every call of a method `log` or `bind`."""
    found: set[str] = set()
    for node in _nodes(root):
        match node:
            case ast.Call(func=ast.Attribute(attr="log" | "bind"), keywords=keywords):
                found |= {keyword.arg for keyword in keywords if keyword.arg is not None}
            case _:
                pass
    return frozenset(found)


def code_words(root: Path) -> frozenset[str]:
    """Return all names of arguments, fields and classes, and all texts: a log line holds no other constants."""
    found: set[str] = set()
    for node in _nodes(root):
        match node:
            case ast.keyword(arg=str() as word) | ast.arg(arg=word) | ast.ClassDef(name=word):
                found.add(word)
            case ast.Constant(value=str() as word) | ast.AnnAssign(target=ast.Name(id=word)):
                found.add(word)
            case _:
                pass
    return frozenset(found)


def _nodes(root: Path) -> Iterator[ast.AST]:
    for path in root.rglob("*.py"):
        yield from ast.walk(ast.parse(path.read_text(encoding="utf-8")))
