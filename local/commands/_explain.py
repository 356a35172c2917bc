"""What is wrong with an event's file: the function says little about it, but here is the file."""

import codecs
import json

from local.samples import is_bare_tick
from local.serve.declared import Declared


def broken_text(event: bytes) -> str | None:
    """Return what is wrong with an event as text, by its place; None if it is JSON, or may be the base64 of some."""
    if not event.strip():
        return "It is empty."
    if event.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "It begins with the byte order mark of UTF-16: save it as UTF-8."
    try:
        text = event.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return f"It is not UTF-8: byte {error.start + 1} begins no character. Save it as UTF-8."
    if not text.lstrip().startswith(("{", "[")):
        return "It does not begin with { or [, so it is not JSON."
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return f"It is no JSON from line {error.lineno}, column {error.colno} on: {error.msg}."
    return None


def function_meant(event: bytes, function: str, declared: Declared) -> str | None:
    """Return the function that an event is for, where that is another one."""
    meant = declared.timer.function if is_bare_tick(event) else declared.http_function
    return meant if meant != function and {meant, function} <= declared.functions.keys() else None
