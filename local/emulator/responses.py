"""Answers of the API as HTTP: JSON with a RequestId, which is a header as well."""

import json

from flask import Response

from local.emulator.errors import ApiError
from local.emulator.operations import Body


def success_answer(body: Body, request_id: str) -> Response:
    """Give 200 with what an operation answers."""
    return _answer({"RequestId": request_id, **body}, 200, request_id)


def error_answer(error: ApiError, request_id: str) -> Response:
    """Give the error in its wire form."""
    answer = _answer(error.body(request_id), error.status, request_id)
    if error.retry_after_ms is not None:
        answer.headers["x-acs-retry-after"] = str(error.retry_after_ms)
    return answer


def _answer(body: Body, status: int, request_id: str) -> Response:
    text = json.dumps(body, ensure_ascii=False)
    headers = {"x-acs-request-id": request_id}
    return Response(text, status=status, headers=headers, mimetype="application/json")
