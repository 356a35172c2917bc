"""The control routes of `fcapi serve`, below `/_serve/`: what a console, a script or a test may see and do, as JSON."""

from concurrent.futures import CancelledError
from pathlib import Path

from flask import Blueprint, Response, jsonify, make_response, request
from pydantic import ValidationError

from local.instances.instance import new_request_id
from local.samples import samples
from local.serve.control_requests import InvokeRequest
from local.serve.endpoints.platform_errors import PlatformError
from local.serve.state import SEND, State
from local.web.guard import error_reply, invalid_body, json_body, refuse_other_origins, refuse_strangers

PREFIX = "/_serve"

_LONGEST_WAIT_SECONDS = 30.0


def create_control(state: State) -> Blueprint:
    """Return the routes for what is served."""
    control = Blueprint("serve", __name__, url_prefix=PREFIX)
    control.before_request(refuse_strangers)
    control.before_request(refuse_other_origins)
    control.register_error_handler(ValidationError, invalid_body)
    control.register_error_handler(PlatformError, _refused)
    control.register_error_handler(CancelledError, _ended)
    _add_views(control, state)
    _add_actions(control, state)
    return control


def _add_views(control: Blueprint, state: State) -> None:
    @control.get("/")
    def index() -> Response:
        page = Path(__file__).with_name("control.html").read_text(encoding="utf-8")
        return Response(page, mimetype="text/html")

    @control.get("/state")
    def whole() -> Response:
        return jsonify(state.document())

    @control.get("/samples")
    def all_samples() -> Response:
        return jsonify(
            {"Samples": [{"Name": p.name, "Trigger": trigger, "Event": p.read_text()} for p, trigger in samples()]}
        )

    @control.get("/logs")
    def logs() -> Response:
        since = request.args.get("since", 0, type=int)
        wait = max(0.0, min(request.args.get("wait", 0.0, type=float), _LONGEST_WAIT_SECONDS))
        lines = state.book.since(since, wait)
        shown = [
            {"Number": line.number, "Function": line.function, "InstanceId": line.instance_id, "Text": line.text}
            for line in lines
        ]
        return jsonify({"Lines": shown, "Next": lines[-1].number if lines else since})

    @control.get("/dead-letters")
    def dead_letters() -> Response:
        unmasked = request.args.get("unmasked") == "1"
        shown = [
            {
                "Number": letter.number,
                "Function": letter.function,
                "Letter": letter.letter if unmasked else letter.masked(),
            }
            for letter in state.box.letters()
        ]
        return jsonify({"DeadLetters": shown})


def _add_actions(control: Blueprint, state: State) -> None:
    @control.post("/invoke")
    def invoke() -> Response:
        wanted = InvokeRequest.model_validate_json(json_body())
        request_id = new_request_id()
        if wanted.asynchronous:
            state.functions.submit(wanted.function, wanted.payload, request_id)
            return make_response(jsonify({"RequestId": request_id}), 202)
        answer = state.functions.invoke(wanted.function, wanted.payload, request_id)
        return jsonify(
            {
                "RequestId": request_id,
                "Failed": answer.failed,
                "Payload": answer.payload.decode("utf-8", "replace"),
                "Logs": answer.logs,
            }
        )

    @control.post("/dead-letters/<int:number>/redrive")
    def redrive(number: int) -> Response:
        json_body()
        letter = state.box.take(number)
        if letter is None:
            return error_reply(404, "NotFound", "there is no dead letter of this number")
        request_id = new_request_id()
        # Function 1 takes a letter as it is; function 2 only what its timer sent.
        event = letter.as_an_event() if letter.function == SEND else letter.payload
        state.functions.submit(letter.function, event.encode(), request_id)
        return make_response(jsonify({"RequestId": request_id}), 202)

    @control.post("/tick")
    def tick() -> Response:
        json_body()
        request_id, future = state.tick()
        answer = future.result().answer
        payload = answer.payload.decode("utf-8", "replace")
        return jsonify({"RequestId": request_id, "Failed": answer.failed, "Payload": payload})


def _refused(error: PlatformError) -> Response:
    return error_reply(error.status, error.code, str(error))


def _ended(_: CancelledError) -> Response:
    return error_reply(503, "ServiceUnavailable", "the functions are being shut down")
