"""The operations of the API: parameters in, the directory asked, the body of the answer (but its RequestId) out.

Parameters, fields and states are those of the operations' API pages and of the vendor's SDK 2.3.1.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from local.emulator import parameters as check
from local.emulator.clock import CHINA_TIME
from local.emulator.contacts import Contact, Details
from local.emulator.directory import Directory
from local.emulator.errors import refusal

Body = dict[str, object]

VERSION = "2022-04-19"


@dataclass(frozen=True)
class Call:
    """One request for an operation, authenticated."""

    directory: Directory
    parameters: check.Parameters
    request_id: str


def send_phone_verification(call: Call) -> Body:
    """SendPhoneVerificationForMessageContact. The order of its refusals is assumed, their texts are documented."""
    contact_id = call.parameters.required("ContactId")
    phone_number = call.parameters.required("PhoneNumber")
    check.check_contact_id(contact_id)
    check.check_phone_number(phone_number, call.directory.site)
    call.directory.send_text(contact_id, phone_number, call.request_id)
    return {}


def send_email_verification(call: Call) -> Body:
    """SendEmailVerificationForMessageContact. The order of its refusals is assumed, their texts are documented."""
    contact_id = call.parameters.required("ContactId")
    email_address = call.parameters.required("EmailAddress")
    check.check_contact_id(contact_id)
    check.check_email_address(email_address)
    call.directory.send_mail(contact_id, email_address, call.request_id)
    return {}


def add_contact(call: Call) -> Body:
    """AddMessageContact."""
    for name in ("Name", "EmailAddress", "Title"):
        call.parameters.required(name)
    details = _details(call)
    if details.message_types is None:
        raise refusal("MissingParameter.MessageTypes")
    contact = call.directory.add(details, limited=True)
    return {"Contact": {"ContactId": contact.contact_id, "CreateDate": _create_date(contact)}}


def update_contact(call: Call) -> Body:
    """UpdateMessageContact. A parameter that is not given leaves the contact's value as it is."""
    contact_id = _contact_id(call)
    call.directory.update(contact_id, _details(call))
    return {}


def delete_contact(call: Call) -> Body:
    """DeleteMessageContact. Without RetainContactInMembers the deletion goes on after the answer."""
    contact_id = _contact_id(call)
    at_once = call.parameters.flag("RetainContactInMembers", default=True)
    call.directory.delete(contact_id, at_once=at_once)
    return {"Status": "Deleted" if at_once else "Deleting"}


def get_contact(call: Call) -> Body:
    """GetMessageContact."""
    return {"Contact": contact_body(call.directory.get(_contact_id(call)))}


def list_contacts(call: Call) -> Body:
    """ListMessageContacts. ContactId and Member are filters; no contact of the emulator has members."""
    none_has_it = call.parameters.optional("Member") is not None
    found = [] if none_has_it else _filtered(call)
    return _page(call, "Contacts", [contact_body(contact) for contact in found])


def list_verifications(call: Call) -> Body:
    """ListMessageContactVerifications: one entry for each number and e-mail address still to be verified."""
    entries: list[Body] = [
        {"ContactId": contact.contact_id, "Target": target}
        for contact in _filtered(call)
        for target in contact.pending_targets
    ]
    return _page(call, "ContactVerifications", entries)


OPERATIONS: Mapping[str, Callable[[Call], Body]] = {
    "AddMessageContact": add_contact,
    "DeleteMessageContact": delete_contact,
    "GetMessageContact": get_contact,
    "ListMessageContactVerifications": list_verifications,
    "ListMessageContacts": list_contacts,
    "SendEmailVerificationForMessageContact": send_email_verification,
    "SendPhoneVerificationForMessageContact": send_phone_verification,
    "UpdateMessageContact": update_contact,
}


def contact_body(contact: Contact) -> Body:
    """Return a contact in the API's own form. PhoneNumber is left out where there is none (assumed)."""
    body: Body = {
        "ContactId": contact.contact_id,
        "CreateDate": _create_date(contact),
        "EmailAddress": contact.email.shown,
        "Members": [],
        "MessageTypes": list(contact.message_types),
        "Name": contact.name,
        "Status": contact.status,
        "Title": contact.title,
    }
    return body if contact.phone.shown is None else {**body, "PhoneNumber": contact.phone.shown}


def _contact_id(call: Call) -> str:
    contact_id = call.parameters.required("ContactId")
    check.check_contact_id(contact_id)
    return contact_id


def _details(call: Call) -> Details:
    given = call.parameters
    details = Details(
        name=given.optional("Name"),
        email_address=given.optional("EmailAddress"),
        phone_number=given.optional("PhoneNumber"),
        title=given.optional("Title"),
        message_types=given.listed("MessageTypes"),
    )
    if details.name is not None:
        check.check_name(details.name)
    if details.email_address is not None:
        check.check_email_address(details.email_address)
    if details.phone_number is not None:
        check.check_phone_number(details.phone_number, call.directory.site)
    if details.title is not None:
        check.check_title(details.title)
    if details.message_types is not None:
        check.check_message_types(details.message_types)
    return details


def _filtered(call: Call) -> list[Contact]:
    """Return the contacts that ContactId allows. An unknown one finds nothing (assumed)."""
    wanted = call.parameters.optional("ContactId")
    if wanted is not None:
        check.check_contact_id(wanted)
    return [contact for contact in call.directory.contacts() if wanted in {None, contact.contact_id}]


def _page(call: Call, name: str, entries: Sequence[Body]) -> Body:
    number, size = call.parameters.page()
    start = (number - 1) * size
    return {
        name: list(entries[start : start + size]),
        "PageNumber": number,
        "PageSize": size,
        "TotalCount": len(entries),
    }


def _create_date(contact: Contact) -> str:
    # The pages show "2023-03-27 17:19:21" and no time zone; China's is assumed.
    return contact.created_at.astimezone(CHINA_TIME).strftime("%Y-%m-%d %H:%M:%S")
