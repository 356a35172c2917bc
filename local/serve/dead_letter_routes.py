"""The control routes for dead letters: list, read, send back, discard."""

from flask import Blueprint, Response, jsonify, make_response, request

from local.serve.state import State
from local.web.control_routes import error_reply, json_body


def add_dead_letter_routes(control: Blueprint, state: State) -> None:
    """Add them to the control routes for what is served."""

    @control.get("/dead-letters")
    def dead_letters() -> Response:
        unmasked = _unmasked()
        shown = [
            {
                "Number": letter.number,
                "Function": letter.function,
                "Letter": letter.letter if unmasked else letter.masked(),
            }
            for letter in state.box.letters()
        ]
        return jsonify({"DeadLetters": shown})

    @control.get("/dead-letters/<int:number>")
    def dead_letter(number: int) -> Response:
        letter = state.box.find(number)
        if letter is None:
            return _unknown()
        shown = letter.letter if _unmasked() else letter.masked_whole()
        return jsonify({"Number": letter.number, "Function": letter.function, "Letter": shown})

    @control.delete("/dead-letters/<int:number>")
    def discard(number: int) -> Response:
        return jsonify({}) if state.discard(number) else _unknown()

    @control.post("/dead-letters/<int:number>/redrive")
    def redrive(number: int) -> Response:
        json_body()
        letter = state.box.take(number)
        if letter is None:
            return _unknown()
        return make_response(jsonify({"RequestId": state.send_back(letter)}), 202)


def _unmasked() -> bool:
    return request.args.get("unmasked") == "1"


def _unknown() -> Response:
    return error_reply(404, "NotFound", "there is no dead letter of this number")
