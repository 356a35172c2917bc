"""The part of SLS's query language that the template's alerts are written in, over log entries in this process.

A query is a search, and after `|` an SQL statement. Sources: the vendor's pages "Query syntax and functions" and
"Create an alert rule". What is not of that part is refused, so that no query is taken for what it is not:

- a search of words and `key: word`, in quotes or not, and `key: *` for a key that is there; `and`, `or`, `not`,
  parentheses; `not` binds more tightly than `and`, `and` than `or`. Several words in quotes must all be there. Case
  does not count;
- `select` of columns `name [as name]` and `count(1) [as name]`, `group by`, and `having` with comparisons and `or`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Entry = Mapping[str, Any]
"""A log entry: fields by name; `message` may be a JSON object, whose fields are `message.<name>`."""

Row = Mapping[str, Any]

_DELIMITERS = r"""[\s,'";=()\[\]{}?@&<>/:]+"""
_TOKEN = re.compile(r'\s*("[^"]*"|[()]|[\w.]+\s*:\s*(?:"[^"]*"|\*|[\w.]+)|[\w.]+)')
_COLUMN = re.compile(r'(count\(1\)|"[\w.]+"|\w+)(?: as (\w+))?')
_STATEMENT = re.compile(r"select (?P<columns>.+?)(?: group by (?P<group>[\w, ]+?))?(?: having (?P<having>.+))?")
_COMPARISON = re.compile(r"(count\(1\)|\w+) (>|<|=) (?:(\d+)|'([^']*)')")
_COMPARED: Mapping[str, Callable[[Any, Any], bool]] = {
    ">": lambda one, other: one > other,
    "<": lambda one, other: one < other,
    "=": lambda one, other: one == other,
}


def found_by(query: str, entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries that the search of a query finds."""
    search = _Search(" ".join(query.split()).partition("|")[0])
    return [entry for entry in entries if search.finds(entry)]


def rows_of(query: str, entries: Sequence[Entry]) -> list[Row]:
    """Return the rows that a query gives for some entries."""
    statement = " ".join(query.split()).partition("|")[2]
    return _selected(statement.strip(), found_by(query, entries))


def fires(condition: str, count_condition: str, rows: Sequence[Row]) -> bool:
    """Tell whether an alert fires for these rows: one of them meets the condition, or their count meets the other."""
    if count_condition:
        return _holds(count_condition.replace("__count__", "rows"), {"rows": len(rows)})
    return any(_holds(condition, row) for row in rows)


class _Search:
    def __init__(self, text: str) -> None:
        self._tokens = _TOKEN.findall(text)
        assert _TOKEN.sub("", text).strip() == "", f"not understood: {text}"

    def finds(self, entry: Entry) -> bool:
        tokens = list(self._tokens)
        found = self._either(tokens, entry)
        assert not tokens, f"not understood: {tokens}"
        return found

    def _either(self, tokens: list[str], entry: Entry) -> bool:
        found = self._both(tokens, entry)
        while tokens[:1] == ["or"]:
            tokens.pop(0)
            found |= self._both(tokens, entry)
        return found

    def _both(self, tokens: list[str], entry: Entry) -> bool:
        found = self._one(tokens, entry)
        while tokens[:1] == ["and"]:
            tokens.pop(0)
            found &= self._one(tokens, entry)
        return found

    def _one(self, tokens: list[str], entry: Entry) -> bool:
        token = tokens.pop(0)
        if token == "not":
            return not self._one(tokens, entry)
        if token == "(":
            found = self._either(tokens, entry)
            assert tokens.pop(0) == ")"
            return found
        key, is_of_key, wanted = token.partition(":") if not token.startswith('"') else ("", "", token)
        if not is_of_key:
            return _has_words(wanted or key, [str(value) for value in entry.values()])
        value = _value(entry, key.strip())
        return value is not None and (wanted.strip() == "*" or _has_words(wanted, [_as_text(value)]))


def _has_words(wanted: str, texts: Sequence[str]) -> bool:
    words = {word for text in texts for word in re.split(_DELIMITERS, text.lower())}
    return set(re.split(_DELIMITERS, wanted.strip(' "').lower())) <= words


def _value(entry: Entry, key: str) -> Any:
    outer, _, inner = key.partition(".")
    value = entry.get(outer)
    return value if not inner else value.get(inner) if isinstance(value, Mapping) else None


def _as_text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _selected(statement: str, entries: Sequence[Entry]) -> list[Row]:
    parts = _STATEMENT.fullmatch(statement)
    assert parts is not None, f"not understood: {statement}"
    columns = [_COLUMN.fullmatch(column.strip()) for column in parts["columns"].split(",")]
    assert all(columns), f"not understood: {statement}"
    named = {column[2] or column[1].strip('"'): column[1].strip('"') for column in columns if column}
    keys = [key.strip() for key in parts["group"].split(",")] if parts["group"] else []
    assert keys == [name for name, of in named.items() if of != "count(1)"], f"groups by other columns: {statement}"
    groups: dict[tuple[Any, ...], int] = {} if keys else {(): 0}
    for entry in entries:
        group = tuple(_value(entry, named[key]) for key in keys)
        groups[group] = groups.get(group, 0) + 1
    rows: list[Row] = []
    for group, count in groups.items():
        grouped = dict(zip(keys, group, strict=True))
        if not parts["having"] or _holds(parts["having"], {**grouped, "count(1)": count}):
            rows.append({name: count if of == "count(1)" else grouped[name] for name, of in named.items()})
    return rows


def _holds(condition: str, row: Row) -> bool:
    return any(_compared(comparison, row) for comparison in condition.split(" or "))


def _compared(comparison: str, row: Row) -> bool:
    parts = _COMPARISON.fullmatch(comparison.strip())
    assert parts is not None, f"not understood: {comparison}"
    left, sign, number, text = parts.groups()
    return _COMPARED[sign](row[left], int(number) if number else text)
