"""Each kind of fault, as the client meets it and as the directory is left."""

import http.client
import json
import time
from http.client import IncompleteRead, RemoteDisconnected
from typing import Any

import pytest
import requests
from alibabacloud_resourcedirectorymaster20220419 import models
from alibabacloud_tea_openapi.exceptions import ServerException, ThrottlingException

from local.emulator.server import Emulator
from tests.integration.vendor import (
    CONTACT_ID,
    PHONE_NUMBER,
    VENDOR_WARNINGS,
    VendorReply,
    sdk,
    send,
    signed,
)

pytestmark = VENDOR_WARNINGS


def add_fault(emulator: Emulator, **fault: Any) -> None:
    requests.post(f"{emulator.url}/_emulator/faults", json=fault, timeout=10).raise_for_status()


def waiting(emulator: Emulator) -> dict[str, object]:
    answer: dict[str, object] = requests.get(f"{emulator.url}/_emulator/faults", timeout=10).json()
    return answer


def texts(emulator: Emulator) -> int:
    return len(emulator.directory.messages())


def text_by_sdk(emulator: Emulator) -> None:
    request = models.SendPhoneVerificationForMessageContactRequest(contact_id=CONTACT_ID, phone_number=PHONE_NUMBER)
    sdk(emulator).send_phone_verification_for_message_contact(request)


def text(emulator: Emulator) -> VendorReply:
    return send(emulator, signed(emulator))


class TestKinds:
    def test_error_is_answered_and_nothing_done(self, emulator: Emulator) -> None:
        add_fault(emulator, Kind="error", Status=503, Code="ServiceUnavailable", Message="Try later.")

        with pytest.raises(ServerException) as caught:
            text_by_sdk(emulator)

        assert (caught.value.status_code, caught.value.code) == (503, "ServiceUnavailable")
        assert caught.value.data["Message"] == "Try later."
        assert texts(emulator) == 0

    def test_throttle_says_when_to_come_back(self, emulator: Emulator) -> None:
        add_fault(emulator, Kind="throttle", RetryAfterMs=1500)

        with pytest.raises(ThrottlingException) as caught:
            text_by_sdk(emulator)

        assert (caught.value.status_code, caught.value.code) == (400, "Throttling.User")
        assert caught.value.retry_after == 1500
        assert texts(emulator) == 0

    def test_throttle_need_not_say_when(self, emulator: Emulator) -> None:
        add_fault(emulator, Kind="throttle")

        reply = text(emulator)

        assert (reply.status, json.loads(reply.body)["Code"]) == (400, "Throttling.User")
        assert "x-acs-retry-after" not in reply.headers

    def test_delay_gives_the_normal_answer_later(self, emulator: Emulator) -> None:
        add_fault(emulator, Kind="delay", Seconds=0.2)

        before = time.monotonic()
        reply = text(emulator)

        assert time.monotonic() - before >= 0.2
        assert (reply.status, texts(emulator)) == (200, 1)

    def test_drop_before_closes_the_connection_with_nothing_done(self, emulator: Emulator) -> None:
        add_fault(emulator, Kind="drop_before")

        with pytest.raises(RemoteDisconnected):
            text(emulator)

        assert texts(emulator) == 0

    def test_drop_after_closes_the_connection_when_it_is_done(self, emulator: Emulator) -> None:
        add_fault(emulator, Kind="drop_after")

        with pytest.raises(RemoteDisconnected):
            text(emulator)

        assert texts(emulator) == 1

    def test_half_answer_promises_more_than_it_gives(self, emulator: Emulator) -> None:
        add_fault(emulator, Kind="half_answer")

        with pytest.raises(IncompleteRead) as caught:
            text(emulator)

        (message,) = emulator.directory.messages()
        whole = json.dumps({"RequestId": message.request_id}).encode()
        assert caught.value.partial == whole[: len(whole) // 2]
        assert caught.value.expected == len(whole) - len(whole) // 2

    def test_garbage_is_a_success_that_is_no_json(self, emulator: Emulator) -> None:
        add_fault(emulator, Kind="garbage")

        reply = text(emulator)

        assert (reply.status, texts(emulator)) == (200, 1)
        with pytest.raises(json.JSONDecodeError):
            json.loads(reply.body)

    def test_redirect_is_an_answer_with_nothing_done(self, emulator: Emulator) -> None:
        add_fault(emulator, Kind="redirect")

        reply = text(emulator)

        assert (reply.status, texts(emulator)) == (302, 0)
        assert waiting(emulator)["RedirectsFollowed"] == 0

    def test_redirect_is_recorded_when_a_client_follows_it(self, emulator: Emulator) -> None:
        add_fault(emulator, Kind="redirect")
        request = signed(emulator)

        followed = requests.post(f"{emulator.url}/?{request.query}", headers=dict(request.headers), timeout=10)

        assert (followed.status_code, texts(emulator)) == (200, 0)
        assert waiting(emulator)["RedirectsFollowed"] == 1

    def test_no_request_id_is_a_success_that_says_nothing(self, emulator: Emulator) -> None:
        add_fault(emulator, Kind="no_request_id")

        reply = text(emulator)

        assert (reply.status, reply.body, texts(emulator)) == (200, b"{}", 1)
        assert "x-acs-request-id" not in reply.headers


class TestWhen:
    def test_a_fault_hits_so_many_answers_and_the_rest_are_normal(self, emulator: Emulator) -> None:
        add_fault(emulator, Kind="throttle", Times=2)

        assert [text(emulator).status for _ in range(4)] == [400, 400, 200, 200]

    def test_a_fault_hits_one_answer_unless_told(self, emulator: Emulator) -> None:
        add_fault(emulator, Kind="throttle")

        assert [text(emulator).status for _ in range(2)] == [400, 200]

    def test_faults_come_in_the_order_they_were_added(self, emulator: Emulator) -> None:
        add_fault(emulator, Kind="throttle")
        add_fault(emulator, Kind="error", Status=500, Code="InternalError", Message="Oops.")

        assert [text(emulator).status for _ in range(3)] == [400, 500, 200]

    def test_a_seed_makes_a_probability_repeatable(self, emulator: Emulator) -> None:
        runs = []
        for _ in range(2):
            requests.delete(f"{emulator.url}/_emulator/faults", timeout=10)
            add_fault(emulator, Kind="throttle", Probability=0.5, Seed=7)
            runs.append([text(emulator).status for _ in range(20)])

        assert runs[0] == runs[1]
        assert set(runs[0]) == {200, 400}

    def test_a_fault_hits_mails_and_spares_texts(self, emulator: Emulator) -> None:
        action = "SendEmailVerificationForMessageContact"
        add_fault(emulator, Kind="drop_after", Action=action)
        mail = {"ContactId": CONTACT_ID, "EmailAddress": "operations@example.com"}

        assert send(emulator, signed(emulator)).status == 200
        with pytest.raises(RemoteDisconnected):
            send(emulator, signed(emulator, mail, action=action))

        assert [sent.target for sent in emulator.directory.mails()] == ["operations@example.com"]

    def test_a_fault_with_an_action_spares_the_others(self, emulator: Emulator) -> None:
        add_fault(emulator, Kind="throttle", Action="ListMessageContacts")

        assert text(emulator).status == 200
        assert send(emulator, signed(emulator, {}, action="ListMessageContacts")).status == 400

    def test_an_unauthenticated_request_meets_no_fault(self, emulator: Emulator) -> None:
        add_fault(emulator, Kind="throttle")

        reply = send(emulator, signed(emulator, secret="wrong"))

        assert json.loads(reply.body)["Code"] == "SignatureDoesNotMatch"
        assert text(emulator).status == 400

    def test_a_refused_operation_can_be_lost_as_well(self, emulator: Emulator) -> None:
        add_fault(emulator, Kind="half_answer")

        with pytest.raises(IncompleteRead) as caught:
            send(emulator, signed(emulator, {}))

        assert caught.value.partial.startswith(b'{"RequestId"')

    def test_those_that_wait_are_listed_until_they_are_cleared(self, emulator: Emulator) -> None:
        add_fault(emulator, Kind="error", Status=500, Code="InternalError", Message="Oops.", Times=3)
        add_fault(emulator, Kind="delay", Seconds=1.5, Probability=0, Seed=1)
        text(emulator)

        assert waiting(emulator)["Faults"] == [
            {"Kind": "error", "Status": 500, "Code": "InternalError", "Message": "Oops.", "Times": 2},
            {"Kind": "delay", "Seconds": 1.5, "Probability": 0, "Seed": 1},
        ]
        requests.delete(f"{emulator.url}/_emulator/faults", timeout=10)
        assert waiting(emulator) == {"Faults": [], "RedirectsFollowed": 0}


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        ({"Kind": "earthquake"}, "Kind"),
        ({}, "Kind"),
        ({"Kind": "error", "Status": 200, "Code": "X", "Message": "x"}, "Status"),
        ({"Kind": "error", "Status": 500, "Message": "x"}, "Code"),
        ({"Kind": "delay"}, "Seconds"),
        ({"Kind": "delay", "Seconds": -1}, "Seconds"),
        ({"Kind": "throttle", "RetryAfterMs": "soon"}, "RetryAfterMs"),
        ({"Kind": "garbage", "Times": 0}, "Times"),
        ({"Kind": "garbage", "Probability": 2, "Seed": 1}, "Probability"),
        ({"Kind": "garbage", "Probability": 0.5}, "Seed"),
        ({"Kind": "garbage", "Seed": 1}, "Probability"),
        ({"Kind": "garbage", "Times": 1, "Probability": 0.5, "Seed": 1}, "Times"),
        ({"Kind": "garbage", "Action": "DropTables"}, "Action"),
        ({"Kind": "garbage", "Seconds": 1}, "Seconds"),
    ],
)
def test_a_fault_that_cannot_be_is_refused_and_its_field_named(
    emulator: Emulator, fault: dict[str, Any], named: str
) -> None:
    answer = requests.post(f"{emulator.url}/_emulator/faults", json=fault, timeout=10)

    assert (answer.status_code, answer.json()["Code"]) == (http.client.BAD_REQUEST, "InvalidRequest")
    assert named in answer.json()["Message"]
    assert waiting(emulator)["Faults"] == []
