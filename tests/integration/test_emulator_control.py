"""The control routes: messages, contacts, clock, reset, and who may call them."""

import http.client
import json
import re
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from local.emulator.directory import Site
from local.emulator.server import Emulator
from tests.integration.vendor import CONTACT_ID, PHONE_NUMBER, send, signed

SEND_EMAIL = "SendEmailVerificationForMessageContact"
MAIL = {"ContactId": CONTACT_ID, "EmailAddress": "operations@example.com"}


def call(emulator: Emulator, method: str, route: str, body: Any = None) -> requests.Response:
    return requests.request(method, f"{emulator.url}/_emulator/{route}", json=body, timeout=10)


def status_of_text(emulator: Emulator) -> int:
    return send(emulator, signed(emulator)).status


class TestMessages:
    def test_the_texts_sent_are_shown(self, emulator: Emulator) -> None:
        reply = send(emulator, signed(emulator))

        (message,) = call(emulator, "GET", "messages").json()["Messages"]

        assert message["ContactId"] == CONTACT_ID
        assert message["PhoneNumber"] == PHONE_NUMBER
        assert message["RequestId"] == json.loads(reply.body)["RequestId"]
        assert "https://" in message["Text"]
        assert datetime.fromisoformat(message["SentAt"]).tzinfo is not None

    def test_they_can_be_forgotten_and_count_all_the_same(self) -> None:
        with Emulator(daily_limit=1) as emulator:
            send(emulator, signed(emulator))

            assert call(emulator, "DELETE", "messages").json() == {"Messages": []}

            assert call(emulator, "GET", "messages").json() == {"Messages": []}
            assert status_of_text(emulator) == 409


class TestMails:
    def test_the_mails_sent_are_shown(self, emulator: Emulator) -> None:
        reply = send(emulator, signed(emulator, MAIL, action=SEND_EMAIL))

        (mail,) = call(emulator, "GET", "mails").json()["Mails"]

        assert mail.items() >= MAIL.items()
        assert mail["RequestId"] == json.loads(reply.body)["RequestId"]
        assert "https://" in mail["Text"]
        assert datetime.fromisoformat(mail["SentAt"]).tzinfo is not None
        assert call(emulator, "GET", "messages").json() == {"Messages": []}

    def test_they_can_be_forgotten_and_count_all_the_same(self) -> None:
        with Emulator(daily_mail_limit=1) as emulator:
            send(emulator, signed(emulator, MAIL, action=SEND_EMAIL))

            assert call(emulator, "DELETE", "mails").json() == {"Mails": []}

            assert call(emulator, "GET", "mails").json() == {"Mails": []}
            assert send(emulator, signed(emulator, MAIL, action=SEND_EMAIL)).status == 409


class TestLimit:
    def test_it_counts_the_texts_of_the_day_also_those_forgotten(self) -> None:
        with Emulator(daily_limit=3) as emulator:
            send(emulator, signed(emulator))
            call(emulator, "DELETE", "messages")

            of_mails = {"SentToday": 0, "DailyLimit": 100}
            assert call(emulator, "GET", "limit").json() == {"SentToday": 1, "DailyLimit": 3, "Emails": of_mails}

            call(emulator, "POST", "clock", {"AdvanceSeconds": 86400})
            assert call(emulator, "GET", "limit").json() == {"SentToday": 0, "DailyLimit": 3, "Emails": of_mails}

    def test_it_counts_the_mails_of_the_day_apart(self) -> None:
        with Emulator(daily_mail_limit=3) as emulator:
            send(emulator, signed(emulator, MAIL, action=SEND_EMAIL))

            of_mails = {"SentToday": 1, "DailyLimit": 3}
            assert call(emulator, "GET", "limit").json() == {"SentToday": 0, "DailyLimit": 100, "Emails": of_mails}


class TestContacts:
    def test_the_start_is_one_unverified_contact(self, emulator: Emulator) -> None:
        (contact,) = call(emulator, "GET", "contacts").json()["Contacts"]

        assert (contact["ContactId"], contact["PhoneNumber"]) == (CONTACT_ID, PHONE_NUMBER)
        assert contact["Status"] == "Verifying"
        assert contact["Pending"] == [PHONE_NUMBER, contact["EmailAddress"]]

    def test_the_international_site_starts_with_an_american_number(self) -> None:
        with Emulator(site="international") as emulator:
            (contact,) = call(emulator, "GET", "contacts").json()["Contacts"]

        assert contact["PhoneNumber"] == "1-2025550123"

    def test_a_number_is_enough_to_put_one_in(self, emulator: Emulator) -> None:
        added = [call(emulator, "POST", "contacts", {"PhoneNumber": "86-13700004321"}) for _ in range(2)]

        bodies = [answer.json() for answer in added]
        assert [answer.status_code for answer in added] == [200, 200]
        assert len({body["ContactId"] for body in bodies}) == len({body["Name"] for body in bodies}) == 2
        assert call(emulator, "GET", "contacts").json()["Contacts"][1:] == bodies
        request = signed(emulator, {"ContactId": bodies[0]["ContactId"], "PhoneNumber": "86-13700004321"})
        assert send(emulator, request).status == 200

    def test_all_that_is_known_of_one_can_be_said(self, emulator: Emulator) -> None:
        wanted = {
            "ContactId": "c-mine",
            "Name": "Mine",
            "PhoneNumber": "852-51234567",
            "EmailAddress": "mine@example.com",
            "Title": "FinanceDirector",
            "MessageTypes": ["ProductMessage"],
        }

        contact = call(emulator, "POST", "contacts", wanted).json()

        assert wanted.items() <= contact.items()

    def test_an_id_or_a_name_that_is_taken_is_refused(self, emulator: Emulator) -> None:
        same_id = call(emulator, "POST", "contacts", {"PhoneNumber": "86-13700004321", "ContactId": CONTACT_ID})
        same_name = call(emulator, "POST", "contacts", {"PhoneNumber": "86-13700004321", "Name": "Operations"})

        assert (same_id.status_code, same_id.json()["Code"]) == (409, "Conflict")
        assert same_name.json()["Code"] == "InvalidParameter.Name.AlreadyUsed"

    @pytest.mark.parametrize(
        ("change", "named"),
        [
            ({"PhoneNumber": None}, "PhoneNumber"),
            ({"PhoneNumber": "13700004321"}, "PhoneNumber"),
            ({"PhoneNumber": 8613700004321}, "PhoneNumber"),
            ({"ContactId": "mine"}, "ContactId"),
            ({"Name": "X"}, "Name"),
            ({"Name": "Agent7"}, "Name"),
            ({"EmailAddress": "nobody"}, "EmailAddress"),
            ({"Title": "King"}, "Title"),
            ({"MessageTypes": []}, "MessageTypes"),
            ({"MessageTypes": ["Gossip"]}, "MessageTypes"),
            ({"Phone": "86-13700004321"}, "Phone"),
        ],
    )
    def test_a_malformed_one_is_refused_and_its_field_named(
        self, emulator: Emulator, change: dict[str, object], named: str
    ) -> None:
        answer = call(emulator, "POST", "contacts", {"PhoneNumber": "86-13700004321", **change})

        assert (answer.status_code, answer.json()["Code"]) == (400, "InvalidRequest")
        assert answer.json()["Message"].startswith(named)
        assert len(emulator.directory.contacts()) == 1

    def test_what_is_wrong_with_each_field_is_said_in_words(self, emulator: Emulator) -> None:
        answer = call(emulator, "POST", "contacts", {"PhoneNumber": "1", "Name": "X", "More": 1}).json()

        assert answer["Problems"] == [
            {
                "Field": "PhoneNumber",
                "Message": "must be a country code, a hyphen and 5 to 15 digits, as 86-13900005678",
            },
            {"Field": "Name", "Message": "must have 2 characters or more"},
            {"Field": "More", "Message": "is not known here"},
        ]
        assert answer["Message"].startswith("PhoneNumber: must be a country code")

    @pytest.mark.parametrize(("site", "number"), [("china", r"86-139\d{8}"), ("international", r"1-20255501\d\d")])
    def test_all_of_one_can_be_made_up(self, site: Site, number: str) -> None:
        with Emulator(site=site) as emulator:
            names = [call(emulator, "POST", "contacts", {}).json()["Name"] for _ in range(28)]
            contact = call(emulator, "POST", "contacts", {}).json()

            assert names[:2] + names[-2:] == ["ContactA", "ContactB", "ContactAA", "ContactAB"]
            assert re.fullmatch(number, contact["PhoneNumber"])
            request = signed(emulator, {name: contact[name] for name in ("ContactId", "PhoneNumber")})
            assert send(emulator, request).status == 200

    def test_a_made_up_name_is_no_other_contacts(self, emulator: Emulator) -> None:
        assert call(emulator, "POST", "contacts", {"Name": "ContactA"}).status_code == 200
        assert call(emulator, "POST", "contacts", {}).json()["Name"] == "ContactB"

    def test_one_is_taken_out_at_once(self, emulator: Emulator) -> None:
        assert call(emulator, "DELETE", f"contacts/{CONTACT_ID}").status_code == 200
        assert call(emulator, "GET", "contacts").json() == {"Contacts": []}
        again = call(emulator, "DELETE", f"contacts/{CONTACT_ID}")
        assert (again.status_code, again.json()["Code"]) == (404, "EntityNotExists.Contact")

    def test_a_verified_number_and_address_make_it_active(self, emulator: Emulator) -> None:
        route = f"contacts/{CONTACT_ID}/verify"

        half = call(emulator, "POST", route, {"Target": PHONE_NUMBER}).json()
        whole = call(emulator, "POST", route, {"Target": "operations@example.com"}).json()

        assert (half["Status"], half["Pending"]) == ("Verifying", ["operations@example.com"])
        assert (whole["Status"], whole["Pending"]) == ("Active", [])

    @pytest.mark.parametrize(("contact_id", "target"), [("c-unknown", PHONE_NUMBER), (CONTACT_ID, "86-13700004321")])
    def test_what_is_not_pending_cannot_be_verified(self, emulator: Emulator, contact_id: str, target: str) -> None:
        assert call(emulator, "POST", f"contacts/{contact_id}/verify", {"Target": target}).status_code == 404


class TestClock:
    def test_it_shows_the_time_of_day(self, emulator: Emulator) -> None:
        shown = datetime.fromisoformat(call(emulator, "GET", "clock").json()["Now"])

        assert abs(datetime.now(timezone.utc) - shown) < timedelta(seconds=10)

    def test_it_can_be_moved(self, emulator: Emulator) -> None:
        call(emulator, "POST", "clock", {"AdvanceSeconds": 86400.0})

        shown = datetime.fromisoformat(call(emulator, "GET", "clock").json()["Now"])
        assert timedelta(hours=23) < shown - datetime.now(timezone.utc) < timedelta(hours=25)

    def test_it_can_be_set_in_any_time_zone(self, emulator: Emulator) -> None:
        answer = call(emulator, "POST", "clock", {"Now": "2030-01-01T00:00:00+08:00"})

        assert answer.json()["Now"].startswith("2029-12-31T16:00:00")

    @pytest.mark.parametrize(
        ("body", "named"),
        [
            ({}, "AdvanceSeconds or Now"),
            ({"AdvanceSeconds": 1, "Now": "2030-01-01T00:00:00Z"}, "AdvanceSeconds or Now"),
            ({"AdvanceSeconds": "1"}, "AdvanceSeconds"),
            ({"AdvanceSeconds": 1e300}, "AdvanceSeconds"),
            ({"Now": "2030-01-01T00:00:00"}, "Now"),
            ({"Now": "tomorrow"}, "Now"),
            ({"Now": "9999-12-31T23:59:59Z"}, "9999"),
        ],
    )
    def test_a_time_that_cannot_be_is_refused(self, emulator: Emulator, body: dict[str, object], named: str) -> None:
        answer = call(emulator, "POST", "clock", body)

        assert answer.status_code == 400
        assert named in answer.json()["Message"]

    def test_the_daily_limit_starts_again_at_midnight_in_china(self) -> None:
        with Emulator(daily_limit=2) as emulator:
            call(emulator, "POST", "clock", {"Now": "2026-11-23T15:59:00Z"})
            assert [status_of_text(emulator) for _ in range(3)] == [200, 200, 409]

            call(emulator, "POST", "clock", {"Now": "2026-11-23T16:00:00Z"})

            assert [status_of_text(emulator) for _ in range(3)] == [200, 200, 409]

    def test_the_daily_limit_does_not_start_again_at_midnight_utc(self) -> None:
        with Emulator(daily_limit=1) as emulator:
            call(emulator, "POST", "clock", {"Now": "2026-11-23T23:59:00Z"})
            status_of_text(emulator)

            call(emulator, "POST", "clock", {"AdvanceSeconds": 120})

            assert status_of_text(emulator) == 409

    def test_a_refused_text_does_not_count_for_the_daily_limit(self) -> None:
        with Emulator(daily_limit=1) as emulator:
            refused = {"ContactId": CONTACT_ID, "PhoneNumber": "86-13700004321"}
            assert send(emulator, signed(emulator, refused)).status == 404

            assert status_of_text(emulator) == 200

    def test_the_limit_is_refused_as_documented(self) -> None:
        with Emulator(daily_limit=0) as emulator:
            reply = send(emulator, signed(emulator))

        body = json.loads(reply.body)
        assert (reply.status, body["Code"]) == (409, "SendValidateCodeExceedsLimitForAccount")
        assert body["Message"] == ("For the same account, the number of verification codes sent exceeds the limit.")


def test_reset_goes_back_to_the_start() -> None:
    with Emulator(daily_limit=1, daily_mail_limit=1) as emulator:
        at_start = call(emulator, "GET", "contacts").json()["Contacts"]
        status_of_text(emulator)
        send(emulator, signed(emulator, MAIL, action=SEND_EMAIL))
        call(emulator, "POST", "contacts", {"PhoneNumber": "86-13700004321"})
        call(emulator, "POST", f"contacts/{CONTACT_ID}/verify", {"Target": PHONE_NUMBER})
        call(emulator, "POST", "faults", {"Kind": "throttle"})
        call(emulator, "POST", "clock", {"AdvanceSeconds": 10})

        assert call(emulator, "POST", "reset").status_code == 200

        (contact,) = call(emulator, "GET", "contacts").json()["Contacts"]
        assert {**contact, "CreateDate": None} == {**at_start[0], "CreateDate": None}
        assert call(emulator, "GET", "messages").json()["Messages"] == []
        assert call(emulator, "GET", "mails").json()["Mails"] == []
        assert call(emulator, "GET", "faults").json()["Faults"] == []
        assert emulator.directory.now() - datetime.now(timezone.utc) < timedelta(seconds=1)
        assert status_of_text(emulator) == 200
        assert send(emulator, signed(emulator, MAIL, action=SEND_EMAIL)).status == 200


class TestWhoMayCall:
    @pytest.mark.parametrize(
        ("host", "status"),
        [
            ("127.0.0.1", 200),
            ("localhost:8080", 200),
            ("LOCALHOST", 200),
            ("attacker.example", 403),
            ("localhost.attacker.example", 403),
            ("127.0.0.1@attacker.example", 403),
            ("", 403),
        ],
    )
    @pytest.mark.parametrize("route", ["", "messages", "faults"])
    def test_only_a_local_host_name_is_served(self, emulator: Emulator, route: str, host: str, status: int) -> None:
        """A name of somebody else that resolves to 127.0.0.1 is how a web page would reach the emulator."""
        connection = http.client.HTTPConnection(urlsplit(emulator.url).netloc, timeout=10)
        connection.request("GET", f"/_emulator/{route}", headers={"Host": host})
        answer = connection.getresponse()
        answer.read()
        connection.close()

        assert answer.status == status

    @pytest.mark.parametrize(
        ("method", "route"),
        [
            ("GET", ""),
            *(("GET", route) for route in ("messages", "mails", "limit", "contacts", "clock", "faults", "redirected")),
            *(("DELETE", route) for route in ("messages", "mails", "faults")),
            *(("POST", route) for route in ("contacts", f"contacts/{CONTACT_ID}/verify", "clock", "faults", "reset")),
        ],
    )
    def test_a_page_of_another_origin_is_refused(self, emulator: Emulator, method: str, route: str) -> None:
        status_of_text(emulator)
        for origin in ("http://evil.example", "null", "http://127.0.0.1:1", emulator.url.replace("http:", "https:")):
            url = f"{emulator.url}/_emulator/{route}"
            answer = requests.request(method, url, headers={"Origin": origin}, timeout=10)
            assert (answer.status_code, answer.json()["Code"]) == (403, "Forbidden")
        assert len(emulator.directory.messages()) == 1

    def test_a_page_of_its_own_origin_may_pass(self, emulator: Emulator) -> None:
        answer = requests.post(f"{emulator.url}/_emulator/reset", headers={"Origin": emulator.url}, timeout=10)
        assert answer.status_code == 200

    @pytest.mark.parametrize("route", ["contacts", f"contacts/{CONTACT_ID}/verify", "faults", "clock"])
    def test_a_body_that_does_not_say_it_is_json_is_refused(self, emulator: Emulator, route: str) -> None:
        """A form of a web page cannot say so."""
        url = f"{emulator.url}/_emulator/{route}"

        answer = requests.post(url, data="{}", headers={"Content-Type": "text/plain"}, timeout=10)

        assert (answer.status_code, answer.json()["Code"]) == (415, "UnsupportedMediaType")

    def test_a_byte_order_mark_before_a_body_is_passed_over(self, emulator: Emulator) -> None:
        url = f"{emulator.url}/_emulator/clock"
        headers = {"Content-Type": "application/json"}

        answer = requests.post(url, data=b'\xef\xbb\xbf{"AdvanceSeconds": 60}', headers=headers, timeout=10)

        assert answer.status_code == 200

    def test_a_body_that_is_no_json_is_refused(self, emulator: Emulator) -> None:
        url = f"{emulator.url}/_emulator/clock"
        headers = {"Content-Type": "application/json"}

        answer = requests.post(url, data="{", headers=headers, timeout=10)

        assert (answer.status_code, answer.json()["Code"]) == (400, "InvalidRequest")
        assert "JSON" in answer.json()["Message"]

    def test_another_route_is_not_found(self, emulator: Emulator) -> None:
        assert call(emulator, "GET", "nothing").status_code == 404
        assert call(emulator, "PUT", "clock").status_code == 405


def test_the_page_describes_every_route_and_every_fault(emulator: Emulator) -> None:
    answer = call(emulator, "GET", "")

    assert answer.headers["Content-Type"].startswith("text/html")
    for word in (
        *("messages", "mails", "contacts", "/verify", "faults", "clock", "reset"),
        *("error", "throttle", "delay", "drop_before", "drop_after", "half_answer", "garbage", "redirect"),
        *("no_request_id", "What it does not do"),
    ):
        assert word in answer.text
    assert "//" not in answer.text.replace("http://127", ""), "the page loads nothing from elsewhere"
