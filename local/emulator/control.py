"""The control routes: what a test or a developer may see and change of the emulator, as JSON."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from flask import Blueprint, Response, jsonify
from pydantic import TypeAdapter, ValidationError

from local.emulator.contacts import Contact, Message
from local.emulator.control_requests import ClockChange, NewContact, Verification
from local.emulator.directory import Directory
from local.emulator.errors import ApiError
from local.emulator.faults import Fault, Faults
from local.emulator.misbehaviour import REDIRECT_TARGET
from local.emulator.operations import Body, contact_body
from local.web.control_routes import control_page, error_reply, guard, invalid_body, json_body

PREFIX = "/_emulator"

_FAULT: TypeAdapter[Fault] = TypeAdapter(Fault)


def create_control(directory: Directory, faults: Faults, new_request_id: Callable[[], str]) -> Blueprint:
    """Build the routes for this state.

    Args:
        directory: what is shown and changed.
        faults: likewise.
        new_request_id: for the answer of a redirect that was followed.

    """
    control = Blueprint("control", __name__, url_prefix=PREFIX)
    guard(control)
    control.register_error_handler(ValidationError, invalid_body)
    control.register_error_handler(ApiError, _refused)
    _add_state_routes(control, directory)
    _add_fault_routes(control, faults, new_request_id)

    @control.get("/")
    def index() -> Response:
        return control_page(Path(__file__).with_suffix(".html"))

    @control.post("/reset")
    def reset() -> Response:
        directory.reset()
        faults.clear()
        return jsonify({})

    return control


def _add_state_routes(control: Blueprint, directory: Directory) -> None:
    @control.get("/messages")
    def messages() -> Response:
        return jsonify({"Messages": [_message_body(text, "PhoneNumber") for text in directory.messages()]})

    @control.delete("/messages")
    def clear_messages() -> Response:
        directory.clear_messages()
        return jsonify({"Messages": []})

    @control.get("/mails")
    def mails() -> Response:
        return jsonify({"Mails": [_message_body(mail, "EmailAddress") for mail in directory.mails()]})

    @control.delete("/mails")
    def clear_mails() -> Response:
        directory.clear_mails()
        return jsonify({"Mails": []})

    @control.get("/limit")
    def limit() -> Response:
        return jsonify({**_limit_body(directory.texts_today()), "Emails": _limit_body(directory.mails_today())})

    @control.get("/contacts")
    def contacts() -> Response:
        return jsonify({"Contacts": [_contact_body(contact) for contact in directory.contacts()]})

    @control.post("/contacts")
    def add_contact() -> Response:
        wanted = NewContact.model_validate_json(json_body())
        try:
            details = wanted.details(directory.made_up_name(), directory.made_up_number())
            contact = directory.add(details, wanted.contact_id)
        except ValueError:
            return error_reply(409, "Conflict", "ContactId: there is a contact of this id")
        return jsonify(_contact_body(contact))

    @control.delete("/contacts/<contact_id>")
    def delete_contact(contact_id: str) -> Response:
        directory.delete(contact_id, at_once=True)
        return jsonify({})

    @control.post("/contacts/<contact_id>/verify")
    def verify(contact_id: str) -> Response:
        wanted = Verification.model_validate_json(json_body())
        return jsonify(_contact_body(directory.verify(contact_id, wanted.target)))

    @control.get("/clock")
    def clock() -> Response:
        return jsonify({"Now": directory.now().isoformat()})

    @control.post("/clock")
    def move_clock() -> Response:
        wanted = ClockChange.model_validate_json(json_body())
        try:
            if wanted.now is not None:
                directory.set_clock(wanted.now)
            if wanted.advance_seconds is not None:
                directory.advance_clock(timedelta(seconds=wanted.advance_seconds))
        except OverflowError:
            return error_reply(400, "InvalidRequest", "the clock would leave the years 1 to 9999")
        return clock()


def _add_fault_routes(control: Blueprint, faults: Faults, new_request_id: Callable[[], str]) -> None:
    @control.get("/faults")
    def waiting() -> Response:
        return jsonify({"Faults": faults.waiting(), "RedirectsFollowed": faults.redirects_followed})

    @control.post("/faults")
    def add_fault() -> Response:
        faults.add(_FAULT.validate_json(json_body()))
        return waiting()

    @control.delete("/faults")
    def clear_faults() -> Response:
        faults.clear()
        return waiting()

    @control.route(REDIRECT_TARGET.removeprefix(PREFIX), methods=["GET", "POST"])
    def redirected() -> Response:
        # Looks like success on purpose: a client that follows redirects should be seen to believe it.
        faults.redirect_followed()
        return jsonify({"RequestId": new_request_id()})


def _refused(error: ApiError) -> Response:
    return error_reply(error.status, error.code, error.message)


def _contact_body(contact: Contact) -> Body:
    return {**contact_body(contact), "Pending": list(contact.pending_targets)}


def _limit_body(today: tuple[int, int]) -> Body:
    sent, daily_limit = today
    return {"SentToday": sent, "DailyLimit": daily_limit}


def _message_body(message: Message, target: str) -> Body:
    return {
        "ContactId": message.contact_id,
        target: message.target,
        "Text": message.text,
        "RequestId": message.request_id,
        "SentAt": message.sent_at.isoformat(),
    }
