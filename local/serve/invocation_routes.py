"""The control routes for invocations: list, timeline, event, replay."""

from collections.abc import Sequence

from flask import Blueprint, Response, abort, jsonify, make_response, request

from local.emulator.contacts import Message
from local.instances.instance import InvocationResult
from local.serve.invocation import Invocation
from local.serve.masked_event import masked_event
from local.serve.state import State
from local.web.control_routes import error_reply, json_body


def answer_body(request_id: str, answer: InvocationResult) -> dict[str, object]:
    """Return the result of a synchronous invocation, as JSON."""
    return {
        "RequestId": request_id,
        "Failed": answer.failed,
        "Payload": answer.payload.decode("utf-8", "replace"),
        "Logs": answer.logs,
    }


def add_invocation_routes(control: Blueprint, state: State) -> None:
    """Add them to the control routes for what is served."""

    @control.get("/invocations")
    def invocations() -> Response:
        shown, revision = state.journal.summaries(request.args.get("since", 0, type=int))
        return jsonify({"Invocations": shown, "Next": revision})

    @control.get("/invocations/<request_id>")
    def story(request_id: str) -> Response:
        told = state.journal.story(request_id)
        return jsonify(told) if told else _unknown()

    @control.get("/invocations/<request_id>/event")
    def event(request_id: str) -> Response:
        kept = _event(_found(request_id))
        whole = request.args.get("unmasked") == "1"
        return jsonify({"Event": kept.decode("utf-8", "replace") if whole else masked_event(kept)})

    @control.post("/invocations/<request_id>/replay")
    def replay(request_id: str) -> Response:
        json_body()
        invocation = _found(request_id)
        new_id, answer = state.replay(invocation, _event(invocation))
        if answer is None:
            return make_response(jsonify({"RequestId": new_id}), 202)
        return jsonify(answer_body(new_id, answer))

    @control.get("/texts")
    def texts() -> Response:
        return jsonify({"Texts": _messages(state.emulator.directory.messages(), "PhoneNumber")})

    @control.get("/mails")
    def mails() -> Response:
        return jsonify({"Mails": _messages(state.emulator.directory.mails(), "EmailAddress")})

    def _messages(sent: Sequence[Message], target: str) -> list[dict[str, object]]:
        origins = state.journal.invocations_of(sent)
        return [
            {
                "ContactId": message.contact_id,
                target: message.target,
                "Text": message.text,
                "RequestId": message.request_id,
                "SentAt": message.sent_at.isoformat(),
                "ReallySentAt": message.really_sent_at.isoformat(),
                "Invocation": origins.get(message.request_id),
            }
            for message in sent
        ]

    def _found(request_id: str) -> Invocation:
        return state.journal.find(request_id) or abort(_unknown())


def _event(invocation: Invocation) -> bytes:
    if invocation.event is None:
        abort(error_reply(409, "EventNotKept", "the event is too large to be kept"))
    return invocation.event


def _unknown() -> Response:
    return error_reply(404, "NotFound", "no invocation of this request id is kept")
