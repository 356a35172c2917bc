"""Reads log lines out of files as others write them: one line each, or what the log store exports of them.

The log store keeps a line as the field `message` of an entry, and exports entries one a line, or in an array that may
be printed over many lines. Editors and shells of Windows add a byte order mark, CRLF, or write UTF-16.
"""

import codecs
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, BinaryIO, NamedTuple

_BETWEEN = re.compile(r"[\s,]*")


class LogLine(NamedTuple):
    """A line as the function wrote it, and its fields; None of what is not a JSON object."""

    text: str
    fields: Mapping[str, Any] | None


def read_lines(file: BinaryIO) -> Iterator[LogLine]:
    """Yield each line as soon as it comes; of a document that is printed over many lines, each line that is in it."""
    lines: Iterator[str] = (line for line in map(str.strip, _text_lines(file)) if line)
    first = next(lines, None)
    if first is None:
        return
    if first.strip("[{ "):
        lines = chain([first], lines)
    else:
        whole = [first, *lines]
        documents = _documents("\n".join(whole))
        yield from chain.from_iterable(map(_lines_in, documents))
        lines = iter(() if documents else whole)
    for line in lines:
        yield from _lines_of(line)


def _text_lines(file: BinaryIO) -> Iterator[str]:
    first = file.readline()
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        yield from (first + file.read()).decode("utf-16", "replace").split("\n")
        return
    for line in chain([first.removeprefix(codecs.BOM_UTF8)], file):
        yield line.decode("utf-8", "replace")


def _documents(text: str) -> list[object]:
    """Return the JSON documents that a text consists of; none if there is anything else in it."""
    decoder, documents, at = json.JSONDecoder(), [], 0
    while at < len(text):
        try:
            document, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return []
        documents.append(document)
        between = _BETWEEN.match(text, end)
        at = between.end() if between else end
    return documents


def _lines_of(line: str) -> Iterable[LogLine]:
    """Return what a line of a file holds; the line may be a part of an array that has each item on one."""
    for text in (line, line.removeprefix("[").removesuffix("]").strip(" ,")):
        if not text:
            return ()
        document = _parsed(text)
        if isinstance(document, (dict, list)):
            return _lines_in(document, text)
    return (LogLine(line, None),)


def _lines_in(document: object, text: str | None = None) -> Iterator[LogLine]:
    """Yield the lines that a document holds: itself, or those of the entries that it consists of."""
    entries = document.get("data") if isinstance(document, dict) else document
    if isinstance(entries, list):
        yield from (_line_in(entry, json.dumps(entry)) for entry in entries)
    else:
        yield _line_in(document, json.dumps(document) if text is None else text)


def _line_in(entry: object, text: str) -> LogLine:
    """Return the line that an entry of the log store holds, or the entry itself where it is a line."""
    message = entry.get("message") if isinstance(entry, dict) else None
    inner = _parsed(message) if isinstance(message, str) else message
    if isinstance(inner, dict):
        return LogLine(message.strip() if isinstance(message, str) else json.dumps(inner), inner)
    return LogLine(text, entry if isinstance(entry, dict) else None)


def _parsed(text: str) -> object:
    """Return the value of a JSON text, None if it is not one."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
