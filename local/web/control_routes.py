"""What routes that control something have in common: whom they refuse, and in which form; the page about them.

A browser would let web pages of other origins in on 127.0.0.1, so it is here that they are kept out.
"""

import codecs
import re
from pathlib import Path

from flask import Blueprint, Response, abort, jsonify, make_response, request
from pydantic import ValidationError

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
    """Have routes that control something refuse all whom they are not for, on whichever port they are served."""
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
    """Answer a body that is not what a control route takes, without repeating anything of it."""
    problems = (
        ": ".join(filter(None, (".".join(str(part) for part in problem["loc"]), problem["msg"])))
        for problem in error.errors(include_url=False, include_input=False, include_context=False)
    )
    return error_reply(400, "InvalidRequest", "; ".join(problems))
