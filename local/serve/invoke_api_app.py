"""The application on the port of the Invoke API: that API, the console and the control routes."""

from collections.abc import Callable

from flask import Blueprint, Flask, Response, request
from werkzeug.exceptions import HTTPException, InternalServerError

from local.instances.instance import new_request_id
from local.serve.console.page import create_console
from local.serve.endpoints.invoke_api import answer_of, create_invoke_api
from local.serve.platform_errors import PlatformError
from local.serve.serve_routes import PREFIX, create_control
from local.serve.state import State
from local.web.control_routes import error_reply


def create_app(state: State, authenticate: Callable[..., object], emulator_control: Blueprint) -> Flask:
    """Build the application.

    Args:
        state: what is served.
        authenticate: raises PlatformError for a request of the Invoke API that may not pass.
        emulator_control: the emulator's control routes, so that one origin has all that a console needs.

    """
    app = Flask(__name__, static_folder=None)
    app.register_blueprint(create_console())
    app.register_blueprint(create_invoke_api(state.functions, authenticate))
    app.register_blueprint(create_control(state))
    app.register_blueprint(emulator_control)

    @app.after_request
    def note(response: Response) -> Response:
        if request.method != "GET":
            state.changes.note()
        return response

    @app.errorhandler(HTTPException)
    def other(error: HTTPException) -> Response:
        if request.path.startswith((f"{PREFIX}/", "/_emulator/")):
            return error_reply(error.code or 500, error.name, error.description or error.name)
        # Source of both: the vendor's page "Error codes".
        if error.code == InternalServerError.code:
            refused = PlatformError(500, "InternalServerError", "an internal error has occurred, please retry")
        else:
            message = f"'{request.method}' against '{request.path}' is not supported"
            refused = PlatformError(400, "PathNotSupported", message)
        return answer_of(refused, new_request_id())

    return app
