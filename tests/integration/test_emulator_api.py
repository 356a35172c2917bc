"""Every operation of the emulator and its refusals, called through the vendor's SDK."""

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

import pytest
from alibabacloud_resourcedirectorymaster20220419 import models
from alibabacloud_resourcedirectorymaster20220419.client import Client
from alibabacloud_tea_openapi.exceptions import ClientException

from local.emulator.server import Emulator
from tests.integration.vendor import CONTACT_ID, PHONE_NUMBER, VENDOR_WARNINGS, sdk, send, signed

pytestmark = VENDOR_WARNINGS

EMAIL_ADDRESS = "operations@example.com"
NEW_NUMBER = "86-13800005678"


@pytest.fixture
def client(emulator: Emulator) -> Client:
    return sdk(emulator)


def add(client: Client, **changes: object) -> str:
    """Add a contact through the API and return its id."""
    fields = {
        "name": "Security",
        "email_address": "security@example.com",
        "phone_number": "86-13700004321",
        "title": "Other",
        "message_types": ["SecurityMessage", "FaultMessage"],
    }
    request = models.AddMessageContactRequest(**{**fields, **changes})
    return str(client.add_message_contact(request).body.contact.contact_id)


def get(client: Client, contact_id: str) -> models.GetMessageContactResponseBodyContact:
    request = models.GetMessageContactRequest(contact_id=contact_id)
    return client.get_message_contact(request).body.contact


def update(client: Client, **fields: object) -> None:
    client.update_message_contact(models.UpdateMessageContactRequest(**fields))


def text(client: Client, contact_id: str | None, phone_number: str | None) -> str:
    """Ask for a verification text and return the RequestId."""
    request = models.SendPhoneVerificationForMessageContactRequest(contact_id=contact_id, phone_number=phone_number)
    return str(client.send_phone_verification_for_message_contact(request).body.request_id)


def mail(client: Client, contact_id: str | None, email_address: str | None) -> str:
    """Ask for a verification mail and return the RequestId."""
    request = models.SendEmailVerificationForMessageContactRequest(contact_id=contact_id, email_address=email_address)
    return str(client.send_email_verification_for_message_contact(request).body.request_id)


def delete(client: Client, contact_id: str, *, retain: bool | None = None) -> str:
    request = models.DeleteMessageContactRequest(contact_id=contact_id, retain_contact_in_members=retain)
    return str(client.delete_message_contact(request).body.status)


def pending(client: Client, contact_id: str | None = None) -> list[tuple[str, str]]:
    request = models.ListMessageContactVerificationsRequest(contact_id=contact_id)
    found = client.list_message_contact_verifications(request).body.contact_verifications
    return [(entry.contact_id, entry.target) for entry in found]


def refused(call: Callable[[], object]) -> ClientException:
    """Return the exception that the SDK makes of a refusal."""
    with pytest.raises(ClientException) as caught:
        call()
    return caught.value


class TestSendPhoneVerification:
    def test_texts_the_number_and_records_it(self, emulator: Emulator, client: Client) -> None:
        request_id = text(client, CONTACT_ID, PHONE_NUMBER)

        (message,) = emulator.directory.messages()
        assert (message.contact_id, message.target) == (CONTACT_ID, PHONE_NUMBER)
        assert message.request_id == request_id
        assert re.search(r"https://[a-z.]+\.example\.com/verify\?code=\w{20}", message.text)
        assert abs(emulator.directory.now() - message.sent_at) < timedelta(minutes=1)

    def test_texts_again_while_the_number_is_pending(self, emulator: Emulator, client: Client) -> None:
        first, second = text(client, CONTACT_ID, PHONE_NUMBER), text(client, CONTACT_ID, PHONE_NUMBER)

        assert [message.request_id for message in emulator.directory.messages()] == [first, second]
        assert first != second

    @pytest.mark.parametrize(
        ("contact_id", "phone_number", "code", "message"),
        [
            (None, PHONE_NUMBER, "MissingParameter.ContactId", "You must specify ContactId."),
            ("", PHONE_NUMBER, "MissingParameter.ContactId", "You must specify ContactId."),
            (CONTACT_ID, None, "MissingParameter.PhoneNumber", "You must specify PhoneNumber."),
            (CONTACT_ID, "", "MissingParameter.PhoneNumber", "You must specify PhoneNumber."),
            ("x-abc", PHONE_NUMBER, "InvalidParameter.ContactId", "The ContactId is invalid."),
            ("c-", PHONE_NUMBER, "InvalidParameter.ContactId", "The ContactId is invalid."),
            ("c-qL4H****", PHONE_NUMBER, "InvalidParameter.ContactId", "The ContactId is invalid."),
            ("c-abc\n", PHONE_NUMBER, "InvalidParameter.ContactId", "The ContactId is invalid."),
            (CONTACT_ID, "+86-13900001234", "InvalidParameter.PhoneNumber", "The PhoneNumber is invalid."),
            (CONTACT_ID, "8613900001234", "InvalidParameter.PhoneNumber", "The PhoneNumber is invalid."),
            (CONTACT_ID, "86-139****1234", "InvalidParameter.PhoneNumber", "The PhoneNumber is invalid."),
            (CONTACT_ID, "86-1234", "InvalidParameter.PhoneNumber", "The PhoneNumber is invalid."),
            (CONTACT_ID, "86-1390000\u0661234", "InvalidParameter.PhoneNumber", "The PhoneNumber is invalid."),
            (
                CONTACT_ID,
                "1-2025550123",
                "InvalidParameter.MobileCountryCode",
                "The current site does not support the country code.",
            ),
        ],
    )
    def test_refuses_malformed_parameters(
        self, client: Client, contact_id: str | None, phone_number: str | None, code: str, message: str
    ) -> None:
        error = refused(lambda: text(client, contact_id, phone_number))

        assert (error.status_code, error.code, error.data["Message"]) == (400, code, message)

    def test_refuses_an_unknown_contact(self, client: Client) -> None:
        error = refused(lambda: text(client, "c-unknown", PHONE_NUMBER))

        assert (error.status_code, error.code) == (404, "EntityNotExists.Contact")
        assert error.data["Message"] == "This Contact does not exist."

    def test_refuses_a_number_that_is_not_the_contacts(self, client: Client) -> None:
        error = refused(lambda: text(client, CONTACT_ID, NEW_NUMBER))

        assert (error.status_code, error.code) == (404, "EntityNotExists.Contact.Verification")
        assert error.data["Message"] == "This contact verification does not exist."

    def test_refuses_a_verified_number(self, emulator: Emulator, client: Client) -> None:
        emulator.directory.verify(CONTACT_ID, PHONE_NUMBER)

        assert refused(lambda: text(client, CONTACT_ID, PHONE_NUMBER)).code == ("EntityNotExists.Contact.Verification")

    def test_refuses_while_the_contact_is_being_deleted(self, client: Client) -> None:
        delete(client, CONTACT_ID, retain=False)

        assert refused(lambda: text(client, CONTACT_ID, PHONE_NUMBER)).code == ("EntityNotExists.Contact.Verification")

    @pytest.mark.parametrize(
        ("contact_id", "phone_number", "code"),
        [
            ("", "", "MissingParameter.ContactId"),
            ("wrong", "", "MissingParameter.PhoneNumber"),
            ("wrong", "wrong", "InvalidParameter.ContactId"),
            ("c-unknown", "wrong", "InvalidParameter.PhoneNumber"),
            ("c-unknown", "1-2025550123", "InvalidParameter.MobileCountryCode"),
            ("c-unknown", NEW_NUMBER, "EntityNotExists.Contact"),
            (CONTACT_ID, NEW_NUMBER, "EntityNotExists.Contact.Verification"),
            (CONTACT_ID, PHONE_NUMBER, "SendValidateCodeExceedsLimitForAccount"),
        ],
    )
    def test_names_the_first_thing_wrong(self, contact_id: str, phone_number: str, code: str) -> None:
        """Each request has the flaws of all the requests after it, and the day's limit is reached."""
        with Emulator(daily_limit=0) as emulator:
            assert refused(lambda: text(sdk(emulator), contact_id, phone_number)).code == code

    def test_the_international_site_texts_every_country_but_china(self) -> None:
        with Emulator(site="international") as emulator:
            client = sdk(emulator)

            text(client, CONTACT_ID, "1-2025550123")

            assert refused(lambda: text(client, CONTACT_ID, PHONE_NUMBER)).code == (
                "InvalidParameter.MobileCountryCode"
            )


class TestAddMessageContact:
    def test_adds_a_contact_that_is_yet_to_be_verified(self, client: Client) -> None:
        contact_id = add(client)

        contact = get(client, contact_id)
        assert re.fullmatch("c-[A-Za-z0-9]{16}", contact_id)
        assert (contact.contact_id, contact.name, contact.title) == (contact_id, "Security", "Other")
        assert (contact.phone_number, contact.email_address) == ("86-13700004321", "security@example.com")
        assert contact.message_types == ["SecurityMessage", "FaultMessage"]
        assert (contact.status, contact.members) == ("Verifying", [])
        assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", contact.create_date)
        assert pending(client, contact_id) == [
            (contact_id, "86-13700004321"),
            (contact_id, "security@example.com"),
        ]

    def test_texts_nobody(self, emulator: Emulator, client: Client) -> None:
        add(client)

        assert emulator.directory.messages() == []

    def test_needs_no_phone_number(self, client: Client) -> None:
        contact_id = add(client, phone_number=None)

        assert get(client, contact_id).phone_number is None
        assert pending(client, contact_id) == [(contact_id, "security@example.com")]

    def test_the_directory_has_room_for_twenty(self, emulator: Emulator, client: Client) -> None:
        for number in range(19):
            add(client, name=f"Contact{chr(ord('A') + number)}")

        error = refused(lambda: add(client, name="ContactZ"))

        assert (error.status_code, error.code) == (400, "LimitExceeded.Contacts")
        assert len(emulator.directory.contacts()) == 20
        delete(client, CONTACT_ID)
        add(client, name="ContactZ")

    def test_an_option_makes_room_for_more(self) -> None:
        with Emulator(max_contacts=2) as emulator:
            client = sdk(emulator)
            add(client)

            assert refused(lambda: add(client, name="Other")).code == "LimitExceeded.Contacts"

    def test_takes_a_chinese_name(self, client: Client) -> None:
        assert get(client, add(client, name="\u5b89\u5168")).name == "\u5b89\u5168"

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"name": None}, "MissingParameter.Name"),
            ({"email_address": None}, "MissingParameter.EmailAddress"),
            ({"title": None}, "MissingParameter.Title"),
            ({"message_types": None}, "MissingParameter.MessageTypes"),
            ({"name": "Agent7"}, "InvalidParameter.Name"),
            ({"name": "X"}, "InvalidParameter.Name.Length"),
            ({"name": "Abcdefghijklm"}, "InvalidParameter.Name.Length"),
            ({"name": "Operations"}, "InvalidParameter.Name.AlreadyUsed"),
            ({"email_address": "nobody"}, "InvalidParameter.EmailAddress"),
            ({"phone_number": "13700004321"}, "InvalidParameter.PhoneNumber"),
            ({"phone_number": "1-2025550123"}, "InvalidParameter.MobileCountryCode"),
            ({"title": "King"}, "InvalidParameter.Title"),
            ({"message_types": ["SecurityMessage", "Gossip"]}, "InvalidParameter.MessageTypes"),
        ],
    )
    def test_refuses(self, emulator: Emulator, client: Client, changes: dict[str, object], code: str) -> None:
        error = refused(lambda: add(client, **changes))

        assert (error.status_code, error.code) == (400, code)
        assert len(emulator.directory.contacts()) == 1


class TestUpdateMessageContact:
    def test_a_new_number_is_pending_while_the_old_one_is_shown(self, emulator: Emulator, client: Client) -> None:
        emulator.directory.verify(CONTACT_ID, PHONE_NUMBER)
        emulator.directory.verify(CONTACT_ID, EMAIL_ADDRESS)

        update(client, contact_id=CONTACT_ID, phone_number=NEW_NUMBER)

        assert (get(client, CONTACT_ID).phone_number, get(client, CONTACT_ID).status) == (
            PHONE_NUMBER,
            "Verifying",
        )
        assert pending(client) == [(CONTACT_ID, NEW_NUMBER)]
        text(client, CONTACT_ID, NEW_NUMBER)
        emulator.directory.verify(CONTACT_ID, NEW_NUMBER)
        assert (get(client, CONTACT_ID).phone_number, get(client, CONTACT_ID).status) == (NEW_NUMBER, "Active")

    def test_going_back_to_the_verified_number_leaves_nothing_to_verify(
        self, emulator: Emulator, client: Client
    ) -> None:
        emulator.directory.verify(CONTACT_ID, PHONE_NUMBER)
        update(client, contact_id=CONTACT_ID, phone_number=NEW_NUMBER)

        update(client, contact_id=CONTACT_ID, phone_number=PHONE_NUMBER)

        assert pending(client) == [(CONTACT_ID, EMAIL_ADDRESS)]

    def test_going_back_to_a_number_that_never_was_verified_leaves_it_pending(self, client: Client) -> None:
        update(client, contact_id=CONTACT_ID, phone_number=NEW_NUMBER)

        update(client, contact_id=CONTACT_ID, phone_number=PHONE_NUMBER)

        assert (CONTACT_ID, PHONE_NUMBER) in pending(client)

    def test_a_new_email_address_is_pending(self, client: Client) -> None:
        update(client, contact_id=CONTACT_ID, email_address="new@example.com")

        assert get(client, CONTACT_ID).email_address == EMAIL_ADDRESS
        assert (CONTACT_ID, "new@example.com") in pending(client)
        assert (CONTACT_ID, EMAIL_ADDRESS) not in pending(client)

    def test_changes_only_what_is_given(self, client: Client) -> None:
        update(client, contact_id=CONTACT_ID, title="Other")
        update(client, contact_id=CONTACT_ID, name="Renamed", message_types=["ProductMessage"])

        contact = get(client, CONTACT_ID)
        assert (contact.name, contact.title, contact.message_types) == ("Renamed", "Other", ["ProductMessage"])
        assert (contact.phone_number, contact.email_address) == (PHONE_NUMBER, EMAIL_ADDRESS)

    def test_a_contact_may_keep_its_name_but_not_take_anothers(self, client: Client) -> None:
        add(client)
        update(client, contact_id=CONTACT_ID, name="Operations")

        error = refused(lambda: update(client, contact_id=CONTACT_ID, name="Security"))

        assert error.code == "InvalidParameter.Name.AlreadyUsed"

    def test_refuses_an_unknown_contact(self, client: Client) -> None:
        error = refused(lambda: update(client, contact_id="c-unknown", title="Other"))

        assert (error.status_code, error.code) == (404, "EntityNotExists.Contact")

    def test_refuses_a_contact_that_is_being_deleted(self, client: Client) -> None:
        delete(client, CONTACT_ID, retain=False)

        assert refused(lambda: update(client, contact_id=CONTACT_ID, title="Other")).code == ("EntityNotExists.Contact")


class TestDeleteMessageContact:
    @pytest.mark.parametrize("retain", [None, True])
    def test_deletes_at_once(self, client: Client, *, retain: bool | None) -> None:
        assert delete(client, CONTACT_ID, retain=retain) == "Deleted"

        assert refused(lambda: get(client, CONTACT_ID)).code == "EntityNotExists.Contact"

    def test_takes_a_minute_if_members_do_not_retain_it(self, emulator: Emulator, client: Client) -> None:
        assert delete(client, CONTACT_ID, retain=False) == "Deleting"

        emulator.directory.advance_clock(timedelta(seconds=50))
        assert get(client, CONTACT_ID).status == "Deleting"
        assert pending(client) == []
        emulator.directory.advance_clock(timedelta(seconds=10))
        assert refused(lambda: get(client, CONTACT_ID)).code == "EntityNotExists.Contact"

    def test_refuses_an_unknown_contact(self, client: Client) -> None:
        error = refused(lambda: delete(client, "c-unknown"))

        assert (error.status_code, error.code) == (404, "EntityNotExists.Contact")

    def test_deleting_again_takes_no_longer(self, emulator: Emulator, client: Client) -> None:
        delete(client, CONTACT_ID, retain=False)
        emulator.directory.advance_clock(timedelta(seconds=50))

        assert delete(client, CONTACT_ID, retain=False) == "Deleting"

        emulator.directory.advance_clock(timedelta(seconds=10))
        assert refused(lambda: get(client, CONTACT_ID)).code == "EntityNotExists.Contact"

    def test_refuses_a_flag_that_is_neither_true_nor_false(self, emulator: Emulator) -> None:
        parameters = {"ContactId": CONTACT_ID, "RetainContactInMembers": "maybe"}

        reply = send(emulator, signed(emulator, parameters, action="DeleteMessageContact"))

        assert json.loads(reply.body)["Code"] == "InvalidParameter.RetainContactInMembers"


class TestLists:
    def test_contacts_come_in_pages(self, client: Client) -> None:
        added = [add(client, name=name) for name in ("Aa", "Bb", "Cc", "Dd")]
        request = models.ListMessageContactsRequest(page_number=2, page_size=2)

        body = client.list_message_contacts(request).body

        assert [contact.contact_id for contact in body.contacts] == added[1:3]
        assert (body.page_number, body.page_size, body.total_count) == (2, 2, 5)

    def test_a_page_has_ten_unless_told(self, client: Client) -> None:
        for letter in "ABCDEFGHIJ":
            add(client, name=f"Contact{letter}")

        body = client.list_message_contacts(models.ListMessageContactsRequest()).body

        assert (len(body.contacts), body.page_number, body.page_size, body.total_count) == (10, 1, 10, 11)

    def test_contacts_are_listed_with_what_get_says_of_them(self, client: Client) -> None:
        request = models.ListMessageContactsRequest(contact_id=CONTACT_ID)

        (listed,) = client.list_message_contacts(request).body.contacts

        assert listed.to_map() == get(client, CONTACT_ID).to_map()

    @pytest.mark.parametrize("filters", [{"contact_id": "c-unknown"}, {"member": "1234567890"}])
    def test_a_filter_that_fits_nothing_finds_nothing(self, client: Client, filters: dict[str, str]) -> None:
        body = client.list_message_contacts(models.ListMessageContactsRequest(**filters)).body

        assert (body.contacts, body.total_count) == ([], 0)

    def test_verifications_come_in_pages(self, client: Client) -> None:
        contact_id = add(client)
        request = models.ListMessageContactVerificationsRequest(page_number=2, page_size=3)

        body = client.list_message_contact_verifications(request).body

        assert [(entry.contact_id, entry.target) for entry in body.contact_verifications] == [
            (contact_id, "security@example.com")
        ]
        assert (body.page_number, body.page_size, body.total_count) == (2, 3, 4)

    @pytest.mark.parametrize(
        ("page", "code"),
        [
            ({"PageNumber": "0"}, "InvalidParameter.PageNumber"),
            ({"PageNumber": "one"}, "InvalidParameter.PageNumber"),
            ({"PageSize": "101"}, "InvalidParameter.PageSize"),
            ({"PageSize": "-1"}, "InvalidParameter.PageSize"),
        ],
    )
    @pytest.mark.parametrize("action", ["ListMessageContacts", "ListMessageContactVerifications"])
    def test_a_page_that_cannot_be_is_refused(
        self, emulator: Emulator, action: str, page: dict[str, str], code: str
    ) -> None:
        reply = send(emulator, signed(emulator, page, action=action))

        assert (reply.status, json.loads(reply.body)["Code"]) == (400, code)


class TestSendEmailVerification:
    def test_mails_to_the_address_and_texts_nobody(self, emulator: Emulator, client: Client) -> None:
        request_id = mail(client, CONTACT_ID, EMAIL_ADDRESS)

        (sent,) = emulator.directory.mails()
        assert (sent.contact_id, sent.target, sent.request_id) == (CONTACT_ID, EMAIL_ADDRESS, request_id)
        assert re.search(r"https://[a-z.]+\.example\.com/verify\?code=\w{20}", sent.text)
        assert emulator.directory.messages() == []

    def test_a_number_is_texted_and_gets_no_mail(self, emulator: Emulator, client: Client) -> None:
        text(client, CONTACT_ID, PHONE_NUMBER)

        assert emulator.directory.mails() == []

    @pytest.mark.parametrize(
        ("contact_id", "email_address", "status", "code", "message"),
        [
            (None, EMAIL_ADDRESS, 400, "MissingParameter.ContactId", "You must specify ContactId."),
            ("", EMAIL_ADDRESS, 400, "MissingParameter.ContactId", "You must specify ContactId."),
            (CONTACT_ID, None, 400, "MissingParameter.EmailAddress", "You must specify EmailAddress."),
            (CONTACT_ID, "", 400, "MissingParameter.EmailAddress", "You must specify EmailAddress."),
            ("wrong", EMAIL_ADDRESS, 400, "InvalidParameter.ContactId", "The ContactId is invalid."),
            (CONTACT_ID, "wrong", 400, "InvalidParameter.EmailAddress", "The EmailAddress is invalid."),
            (CONTACT_ID, PHONE_NUMBER, 400, "InvalidParameter.EmailAddress", "The EmailAddress is invalid."),
            ("c-unknown", EMAIL_ADDRESS, 404, "EntityNotExists.Contact", "This Contact does not exist."),
            (
                CONTACT_ID,
                "other@example.com",
                404,
                "EntityNotExists.Contact.Verification",
                "This contact verification does not exist.",
            ),
        ],
    )
    def test_refuses(
        self, client: Client, contact_id: str | None, email_address: str | None, status: int, code: str, message: str
    ) -> None:
        error = refused(lambda: mail(client, contact_id, email_address))

        assert (error.status_code, error.code, error.data["Message"]) == (status, code, message)

    def test_refuses_a_verified_address(self, emulator: Emulator, client: Client) -> None:
        emulator.directory.verify(CONTACT_ID, EMAIL_ADDRESS)

        assert refused(lambda: mail(client, CONTACT_ID, EMAIL_ADDRESS)).code == "EntityNotExists.Contact.Verification"

    def test_the_limit_of_a_day_is_refused_as_documented_and_ends_with_the_day_in_china(self) -> None:
        with Emulator(daily_mail_limit=1) as emulator:
            client, midnight = sdk(emulator), datetime(2026, 11, 23, 16, tzinfo=timezone.utc)
            emulator.directory.set_clock(midnight - timedelta(minutes=5))
            mail(client, CONTACT_ID, EMAIL_ADDRESS)

            error = refused(lambda: mail(client, CONTACT_ID, EMAIL_ADDRESS))

            assert (error.status_code, error.code) == (409, "SendValidateCodeExceedsLimitForAccount")
            assert error.data["Message"] == (
                "For the same account, the number of verification codes sent exceeds the limit."
            )
            emulator.directory.set_clock(midnight)
            mail(client, CONTACT_ID, EMAIL_ADDRESS)

    def test_the_limit_is_a_hundred_a_day_unless_told_otherwise(self) -> None:
        with Emulator(mails_per_minute=1000) as emulator:
            client = sdk(emulator)
            for _ in range(100):
                mail(client, CONTACT_ID, EMAIL_ADDRESS)

            assert refused(lambda: mail(client, CONTACT_ID, EMAIL_ADDRESS)).code == (
                "SendValidateCodeExceedsLimitForAccount"
            )

    def test_texts_and_mails_have_a_limit_each(self) -> None:
        with Emulator(daily_limit=1, daily_mail_limit=1) as emulator:
            client = sdk(emulator)
            text(client, CONTACT_ID, PHONE_NUMBER)
            refused(lambda: text(client, CONTACT_ID, PHONE_NUMBER))

            mail(client, CONTACT_ID, EMAIL_ADDRESS)

    def test_an_address_gets_ten_in_a_minute_whoever_has_it(self, emulator: Emulator, client: Client) -> None:
        other = add(client, email_address=EMAIL_ADDRESS)
        for contact_id in (CONTACT_ID, other):
            for _ in range(5):
                mail(client, contact_id, EMAIL_ADDRESS)

        error = refused(lambda: mail(client, CONTACT_ID, EMAIL_ADDRESS))

        assert (error.status_code, error.code) == (400, "Throttling.User")
        mail(client, add(client, name="Elsewhere", email_address="elsewhere@example.com"), "elsewhere@example.com")
        emulator.directory.advance_clock(timedelta(minutes=1))
        mail(client, CONTACT_ID, EMAIL_ADDRESS)

    def test_what_the_limit_of_a_minute_refused_does_not_count_for_the_day(self) -> None:
        with Emulator(daily_mail_limit=2, mails_per_minute=1) as emulator:
            client = sdk(emulator)
            mail(client, CONTACT_ID, EMAIL_ADDRESS)
            refused(lambda: mail(client, CONTACT_ID, EMAIL_ADDRESS))
            emulator.directory.advance_clock(timedelta(minutes=1))

            mail(client, CONTACT_ID, EMAIL_ADDRESS)


class TestAnswers:
    def test_every_answer_has_an_id_of_its_own_in_body_and_header(self, emulator: Emulator) -> None:
        good = send(emulator, signed(emulator))
        refused_one = send(emulator, signed(emulator, {}))
        unsigned = send(emulator, signed(emulator).without_header("authorization"))

        ids = [json.loads(reply.body)["RequestId"] for reply in (good, refused_one, unsigned)]
        assert len(set(ids)) == 3
        assert all(re.fullmatch("[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}", one) for one in ids)
        assert ids == [reply.headers["x-acs-request-id"] for reply in (good, refused_one, unsigned)]

    def test_an_error_has_the_vendors_shape(self, emulator: Emulator) -> None:
        reply = send(emulator, signed(emulator, {"ContactId": CONTACT_ID}))

        body = json.loads(reply.body)
        recommend = (
            "https://api.aliyun.com/troubleshoot?q=MissingParameter.PhoneNumber"
            f"&product=ResourceDirectoryMaster&requestId={body['RequestId']}"
        )
        assert reply.headers["Content-Type"] == "application/json"
        assert body == {
            "RequestId": body["RequestId"],
            "Message": "You must specify PhoneNumber.",
            "Recommend": recommend,
            "HostId": "resourcedirectory.aliyuncs.com",
            "Code": "MissingParameter.PhoneNumber",
        }

    @pytest.mark.parametrize("wrong", [{"action": "DeleteMessageContacts"}, {"version": "2020-03-31"}])
    def test_an_unknown_action_or_version_is_not_found(self, emulator: Emulator, wrong: dict[str, str]) -> None:
        reply = send(emulator, signed(emulator, **wrong))  # type: ignore[arg-type]  # only strings are passed

        assert (reply.status, json.loads(reply.body)["Code"]) == (404, "InvalidAction.NotFound")
        assert emulator.directory.messages() == []

    def test_parameters_in_the_body_are_not_read(self, emulator: Emulator) -> None:
        form = b"ContactId=c-qL4HqKONzOM7abcd&PhoneNumber=86-13900001234"
        extra = {"content-type": "application/x-www-form-urlencoded"}

        reply = send(emulator, signed(emulator, {}, body=form, extra=extra))

        assert json.loads(reply.body)["Code"] == "MissingParameter.ContactId"

    def test_another_path_or_method_is_not_found(self, emulator: Emulator) -> None:
        for path, method in (("/other", "POST"), ("/", "PUT")):
            request = signed(emulator, method=method)
            reply = send(emulator, type(request)(request.query, request.headers, b"", method, path))

            assert (reply.status, json.loads(reply.body)["Code"]) == (404, "InvalidAction.NotFound")
