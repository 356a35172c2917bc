"""Shared by all control routes: whom they refuse, the form of a refusal, and the page that describes them.

A browser lets web pages of other origins call 127.0.0.1, so the routes themselves refuse them.
"""

import codecs
import re
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, jsonify, make_response, request
from pydantic import ValidationError

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_LOCAL_HOST = re.compile(r"(127\.0\.0\.1|localhost)(:[0-9]{1,5})?", re.IGNORECASE)


def error_reply(status: int, code: str, message: str) -> Response:
    """Answer a request that a control route refuses."""
    return make_response(jsonify({"Code": code, "Message": message}), status)


def control_page(content: Path) -> Response:
    """Return the page that describes control routes: the content in a file, below the head that all of them have."""
    head = Path(__file__).with_name("control_page_head.html")
    page = "".join(part.read_text(encoding="utf-8") for part in (head, content))
    return Response(page, mimetype="text/html")


def guard(control: Blueprint) -> None:
    """Have control routes refuse other hosts and origins, on every port that serves them."""
    control.before_request(refuse_strangers)
    control.before_request(refuse_other_origins)


def refuse_strangers() -> None:
    """Refuse other names of this host, which a page elsewhere may have rebound to 127.0.0.1 in its DNS."""
    if not _LOCAL_HOST.fullmatch(request.headers.get("Host", "")):
        abort(error_reply(403, "Forbidden", "Host: must be 127.0.0.1 or localhost"))


def refuse_other_origins() -> None:
    """Refuse what a page of another origin asks for; a client that is not a page names no origin."""
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"http://{request.headers.get('Host', '')}":
        abort(error_reply(403, "Forbidden", "Origin: must be the one that serves this"))


def json_body() -> bytes:
    """Return the body, which must say that it is JSON: a form on some web page cannot."""
    if request.mimetype != "application/json":
        abort(error_reply(415, "UnsupportedMediaType", "Content-Type: must be application/json; {} if empty"))
    return request.get_data().removeprefix(codecs.BOM_UTF8)


def invalid_body(error: ValidationError) -> Response:
    """Answer a body that is not what a control route takes, without repeating anything of it.

    Its `Problems` name each field and what is wrong with it, in words; `Message` has the same in one line.
    """
    problems = [
        {"Field": _field(problem["loc"]), "Message": _in_words(problem)}
        for problem in error.errors(include_url=False, include_input=False)
    ]
    message = "; ".join(": ".join(filter(None, (each["Field"], each["Message"]))) for each in problems)
    return make_response(jsonify({"Code": "InvalidRequest", "Message": message, "Problems": problems}), 400)


def _field(location: tuple[int | str, ...]) -> str:
    # Before it there may be the kind of what it is a field of, after it a place in a list.
    return next((part for part in reversed(location) if isinstance(part, str)), "")


def _in_words(problem: "ErrorDetails") -> str:
    limits = problem.get("ctx", {})
    match problem["type"]:
        case "missing":
            return "must be there"
        case "extra_forbidden":
            return "is not known here"
        case "json_invalid":
            return "the body must be JSON"
        case "int_type" | "int_from_float":
            return "must be a whole number"
        case "float_type":
            return "must be a number"
        case "string_type":
            return "must be text"
        case "greater_than_equal":
            return f"must be {limits['ge']} or more"
        case "greater_than":
            return f"must be more than {limits['gt']}"
        case "less_than_equal":
            return f"must be {limits['le']} or less"
        case "string_too_short":
            return f"must have {limits['min_length']} characters or more"
        case "string_too_long":
            return f"must have {limits['max_length']} characters or less"
        case "too_short":
            return f"must have {limits['min_length']} or more in it"
        case "value_error":
            return problem["msg"].removeprefix("Value error, ")
        case _:
            return problem["msg"]
