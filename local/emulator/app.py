"""The emulator as a WSGI application: the API at `/`, the control routes below `/_emulator/`."""

from collections.abc import Callable

from flask import Flask, Request, Response, request
from werkzeug.exceptions import HTTPException

from local.emulator.canonical import ReceivedRequest, split_query
from local.emulator.control import PREFIX, create_control
from local.emulator.directory import Directory
from local.emulator.errors import ApiError, refusal
from local.emulator.faults import Faults
from local.emulator.misbehaviour import Exchange, faulty_answer
from local.emulator.operations import OPERATIONS, VERSION, Call
from local.emulator.parameters import Parameters
from local.emulator.responses import error_answer, success_answer
from local.emulator.verifier import Verifier
from local.web.control_routes import error_reply


def create_app(
    *,
    directory: Directory,
    verifier: Verifier,
    faults: Faults,
    new_request_id: Callable[[], str],
    pause: Callable[[float], object],
    changed: Callable[[], object],
) -> Flask:
    """Build the application.

    Args:
        directory: the state it serves.
        verifier: authenticates every request of the API.
        faults: which answers go wrong.
        new_request_id: gives an id for each answer.
        pause: waits so many seconds, for the fault `delay`.
        changed: called after each request that may have changed the state.

    """
    app = Flask(__name__, static_folder=None)
    app.register_blueprint(create_control(directory, faults, new_request_id))

    @app.route("/", methods=["GET", "POST"], provide_automatic_options=False)
    def api() -> Response:
        request_id = new_request_id()
        try:
            verifier.verify(_received(request))
            action = _action(request)
        except ApiError as error:
            return error_answer(error, request_id)
        call = Call(directory, _parameters(request), request_id)

        def perform() -> Response:
            try:
                return success_answer(OPERATIONS[action](call), request_id)
            except ApiError as error:
                return error_answer(error, request_id)

        fault = faults.take(action)
        if fault is None:
            return perform()
        exchange = Exchange(request_id, perform, request.environ["werkzeug.socket"], pause)
        return faulty_answer(fault, exchange)

    @app.after_request
    def tell(response: Response) -> Response:
        if request.method != "GET" or not request.path.startswith(f"{PREFIX}/"):
            changed()
        return response

    @app.errorhandler(HTTPException)
    def other(error: HTTPException) -> Response:
        status = error.code or 500
        if request.path.startswith(f"{PREFIX}/"):
            return error_reply(status, error.name, error.description or error.name)
        unknown = status in {404, 405}
        return error_answer(refusal("InvalidAction.NotFound" if unknown else "InternalError"), new_request_id())

    return app


def _received(incoming: Request) -> ReceivedRequest:
    return ReceivedRequest(
        method=incoming.method,
        query_string=incoming.environ["QUERY_STRING"],
        headers={name.lower(): value for name, value in incoming.headers.items()},
        body=incoming.get_data(),
    )


def _action(incoming: Request) -> str:
    """Return the operation asked for. Raises ApiError if this API has no such one, or not in that version."""
    action = incoming.headers.get("x-acs-action", "")
    if action not in OPERATIONS:
        raise refusal("InvalidAction.NotFound", "(x-acs-action)")
    if incoming.headers.get("x-acs-version") != VERSION:
        raise refusal("InvalidAction.NotFound", "(x-acs-version)")
    return action


def _parameters(incoming: Request) -> Parameters:
    """Return the query's parameters; the body has none, as the pages of all operations say."""
    pairs = split_query(incoming.environ["QUERY_STRING"])
    return Parameters({name.decode(errors="replace"): value.decode(errors="replace") for name, value in pairs})
