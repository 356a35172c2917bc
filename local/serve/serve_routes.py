"""The control routes of `fcapi serve`, below `/_serve/`: what a console, a script or a test may see and do, as JSON."""

import json
from concurrent.futures import CancelledError
from pathlib import Path

from flask import Blueprint, Response, jsonify, make_response, request
from pydantic import ValidationError

from local.instances.instance import new_request_id
from local.samples import event_of, samples
from local.serve.dead_letter_routes import add_dead_letter_routes
from local.serve.invocation_documents import moment
from local.serve.invocation_routes import add_invocation_routes, answer_body
from local.serve.platform_errors import PlatformError
from local.serve.serve_requests import EventRequest, InvokeRequest, ResetRequest
from local.serve.state import State
from local.web.control_routes import control_page, error_reply, guard, invalid_body, json_body

PREFIX = "/_serve"

_LONGEST_WAIT_SECONDS = 30.0


def create_control(state: State) -> Blueprint:
    """Return the routes for what is served."""
    control = Blueprint("serve", __name__, url_prefix=PREFIX)
    guard(control)
    control.register_error_handler(ValidationError, invalid_body)
    control.register_error_handler(PlatformError, _refused)
    control.register_error_handler(CancelledError, _ended)
    _add_views(control, state)
    _add_actions(control, state)
    add_invocation_routes(control, state)
    add_dead_letter_routes(control, state)
    return control


def _add_views(control: Blueprint, state: State) -> None:
    @control.get("/")
    def index() -> Response:
        return control_page(Path(__file__).with_suffix(".html"))

    @control.get("/state")
    def whole() -> Response:
        return jsonify(state.document())

    @control.get("/samples")
    def all_samples() -> Response:
        shown = [
            {
                "Name": sample.path.name,
                "Trigger": sample.trigger,
                "Function": state.function_for(sample),
                "Event": sample.path.read_text(encoding="utf-8"),
            }
            for sample in samples()
        ]
        return jsonify({"Samples": shown})

    @control.get("/changes")
    def changes() -> Response:
        return jsonify({"Changes": state.changes.wait(_number("since"), _seconds())})

    @control.get("/logs")
    def logs() -> Response:
        since = _number("since")
        lines = state.book.since(since, _seconds())
        shown = [
            {
                "Number": line.number,
                "At": moment(line.at),
                "Function": line.function,
                "InstanceId": line.instance_id,
                "RequestId": line.request_id,
                "Text": line.text,
            }
            for line in lines
        ]
        return jsonify({"Lines": shown, "Next": lines[-1].number if lines else since})


def _add_actions(control: Blueprint, state: State) -> None:
    @control.post("/invoke")
    def invoke() -> Response:
        wanted = InvokeRequest.model_validate_json(json_body())
        request_id = new_request_id()
        if wanted.asynchronous:
            state.functions.submit(wanted.function, wanted.payload, request_id)
            return make_response(jsonify({"RequestId": request_id}), 202)
        return jsonify(answer_body(request_id, state.functions.invoke(wanted.function, wanted.payload, request_id)))

    @control.post("/event")
    def event_for_a_contact() -> Response:
        wanted = EventRequest.model_validate_json(json_body())
        for sample in samples():
            if sample.path.name == wanted.sample and not sample.path.name.startswith("refused_"):
                written = event_of(sample.path.stem, wanted.contact_id, wanted.phone_number)
                return jsonify({"Event": json.dumps(written, indent=2, ensure_ascii=False)})
        return error_reply(404, "NotFound", "there is no sample of this name that asks for a text")

    @control.post("/tick")
    def tick() -> Response:
        json_body()
        request_id, future = state.tick()
        return jsonify(answer_body(request_id, future.result().answer))

    @control.post("/reset")
    def reset() -> Response:
        wanted = ResetRequest.model_validate_json(json_body())
        state.reset(keep_instances=wanted.keep_instances)
        return jsonify({})


def _number(name: str) -> int:
    return request.args.get(name, 0, type=int)


def _seconds() -> float:
    return max(0.0, min(request.args.get("wait", 0.0, type=float), _LONGEST_WAIT_SECONDS))


def _refused(error: PlatformError) -> Response:
    return error_reply(error.status, error.code, str(error))


def _ended(_: CancelledError) -> Response:
    return error_reply(503, "ServiceUnavailable", "the functions are being shut down")
