"""The invocations as the control routes tell of them: each from the moment it was accepted to whatever it led to."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import requests

from local.emulator.contacts import Message
from local.serve.changes import Changes
from local.serve.invocation import MAX_EVENT_BYTES, MAX_LINES_OF_A_TRY
from local.serve.journal import Journal
from local.serve.log_book import LogLine
from tests.clouds import NO_LIMITS, RESEND, SECONDS, SEND, Served, serving, write_both
from tests.handlers import CONTACT_ID, PHONE_NUMBER, REQUEST, http_event
from tests.integration import vendor

MASKED = "86-139****1234"


@pytest.fixture(scope="module")
def shared() -> Iterator[Served]:
    with serving(retries=1) as cloud:
        yield cloud


@pytest.fixture
def cloud(shared: Served, monkeypatch: pytest.MonkeyPatch) -> Served:
    """Return what is served as at the start, but with running instances, which text a number as often as asked."""
    for name, value in NO_LIMITS.items():
        monkeypatch.setenv(name, value)
    shared.begin_anew()
    return shared


@pytest.fixture
def new_cloud() -> Iterator[Served]:
    with serving(retries=1) as cloud:
        yield cloud


def listed(cloud: Served, since: int = 0) -> list[Any]:
    invocations: list[Any] = cloud.see(f"invocations?since={since}")["Invocations"]
    return invocations


def story(cloud: Served, request_id: str) -> Any:
    return cloud.see(f"invocations/{request_id}")


def send(cloud: Served, method: str, route: str, body: dict[str, Any] | None = None) -> requests.Response:
    return requests.request(method, cloud.url(route), json=body, timeout=SECONDS)


# The list.


def test_an_invocation_says_all_of_itself_at_a_glance(cloud: Served) -> None:
    request_id = cloud.invoke(REQUEST)["RequestId"]
    (shown,) = listed(cloud)
    assert (shown.pop("AcceptedAt"), shown.pop("FinishedAt")) < ("3", "3")
    (delivery,) = shown.pop("Deliveries")
    assert shown == {
        "Number": 1,
        "RequestId": request_id,
        "Function": SEND,
        "Trigger": "direct",
        "Async": False,
        "Status": "succeeded",
        "Tries": 1,
        "TriesAllowed": 1,
        "Outcomes": {"sent": 1},
        "Sweep": None,
        "Error": None,
        "Refusal": None,
        "Cause": None,
        "DeadLetter": None,
        "LetterLeftAt": None,
        "SentBackAs": None,
    }
    (text,) = cloud.texts()
    assert delivery == {
        "ContactId": CONTACT_ID,
        "PhoneNumber": MASKED,
        "EmailAddress": None,
        "Outcome": "sent",
        "Code": None,
        "UpstreamCode": None,
        "ApiRequestId": text["RequestId"],
        "Attempts": 1,
    }


@pytest.mark.parametrize("endpoint", ["http_trigger", "api_gateway"])
def test_what_came_by_an_endpoint_is_listed_too(cloud: Served, endpoint: str) -> None:
    requests.post(cloud.endpoints[endpoint], json=REQUEST, timeout=SECONDS)
    (shown,) = listed(cloud)
    assert shown["Trigger"] == {"http_trigger": "http"}.get(endpoint, endpoint)


def test_only_what_changed_since_the_last_time_is_told_again(cloud: Served) -> None:
    cloud.invoke(REQUEST)
    revision = cloud.see("invocations")["Next"]
    assert cloud.see(f"invocations?since={revision}") == {"Invocations": [], "Next": revision}
    cloud.invoke("no event")
    assert [each["Number"] for each in listed(cloud, revision)] == [2]


def test_who_waits_for_a_change_is_told_of_each(cloud: Served) -> None:
    def change_after(act: Any) -> None:
        seen = cloud.see("changes")["Changes"]
        with ThreadPoolExecutor() as threads:
            waiting = threads.submit(cloud.see, f"changes?since={seen}&wait=30")
            act()
            assert waiting.result(timeout=10)["Changes"] > seen

    change_after(lambda: cloud.invoke(REQUEST))
    change_after(lambda: send(cloud, "POST", "_emulator/contacts", {}))
    change_after(lambda: requests.delete(f"{cloud.endpoints['emulator']}/_emulator/messages", timeout=SECONDS))
    seen = cloud.see("changes")["Changes"]
    cloud.see("state")
    assert cloud.see(f"changes?since={seen}")["Changes"] == seen  # to look is no change


def test_a_batch_has_the_outcome_of_each_delivery(cloud: Served) -> None:
    cloud.invoke([REQUEST, {"ContactId": "c-unknown", "PhoneNumber": PHONE_NUMBER}, {"PhoneNumber": PHONE_NUMBER}])
    (shown,) = listed(cloud)
    assert [each["Outcome"] for each in shown["Deliveries"]] == ["sent", "rejected", "rejected"]
    assert shown["Outcomes"] == {"sent": 1, "rejected": 2}


def test_a_delivery_that_is_no_request_does_not_displace_the_others(cloud: Served) -> None:
    cloud.invoke(["text", REQUEST])
    (shown,) = listed(cloud)
    assert [(each["ContactId"], each["Outcome"]) for each in shown["Deliveries"]] == [
        (None, "rejected"),
        (CONTACT_ID, "sent"),
    ]


def test_what_an_earlier_try_sent_counts_as_sent(new_cloud: Served) -> None:
    new_cloud.invoke([REQUEST, {"ContactId": "c-unknown", "PhoneNumber": PHONE_NUMBER}], asynchronous=True)
    new_cloud.finish()
    (shown,) = listed(new_cloud)
    assert (shown["Tries"], shown["TriesAllowed"], shown["Status"]) == (2, 2, "failed")
    assert shown["Outcomes"] == {"sent": 1, "rejected": 1}
    assert [each["Attempts"] for each in shown["Deliveries"]] == [1, 2]


def test_a_sweep_has_its_counts(cloud: Served) -> None:
    cloud.do("tick")
    (shown,) = listed(cloud)
    assert (shown["Function"], shown["Trigger"], shown["Outcomes"]) == (RESEND, "timer", {"sent": 2})
    assert (shown["Sweep"]["pending"], shown["Sweep"]["sent"], shown["Sweep"]["stopped_by"]) == (1, 1, None)
    assert (shown["Sweep"]["emails"]["pending"], shown["Sweep"]["emails"]["sent"]) == (1, 1)
    targets = [(delivery["PhoneNumber"], delivery["EmailAddress"]) for delivery in shown["Deliveries"]]
    assert targets == [(MASKED, None), (None, "o***@example.com")]


def test_an_invocation_is_seen_while_it_waits_and_runs(tmp_path: Path) -> None:
    code = """
    (HERE / "running").touch()
    while not (HERE / "go").exists(): time.sleep(0.01)
    """
    with serving(write_both(tmp_path, code)) as cloud:
        cloud.invoke(REQUEST, asynchronous=True)
        with ThreadPoolExecutor() as threads:
            runs = threads.submit(_until, lambda: listed(cloud)[0]["Status"] == "running" and listed(cloud))
            (shown,) = runs.result()
        assert shown["FinishedAt"] is None
        # Before the function says anything, whom it is about is known from the event.
        assert [(each["ContactId"], each["PhoneNumber"]) for each in shown["Deliveries"]] == [(CONTACT_ID, MASKED)]
        assert shown["Outcomes"] == {}
        (tmp_path / "go").touch()
        cloud.finish()
        assert listed(cloud)[0]["Status"] == "succeeded"


def _until(holds: Any) -> Any:
    while not (found := holds()):
        pass
    return found


def test_more_than_all_instances_can_do_is_listed_as_refused(tmp_path: Path) -> None:
    code = 'while not (HERE / "go").exists(): time.sleep(0.01)'
    with serving(write_both(tmp_path, code)) as cloud, ThreadPoolExecutor(11) as threads:
        called = [threads.submit(cloud.do, "invoke", {"Function": SEND, "Event": "x"}) for _ in range(11)]
        (refused,) = _until(lambda: [each for each in listed(cloud) if each["Status"] == "refused"])
        (tmp_path / "go").touch()
        assert sorted(call.result().status_code for call in called) == [200] * 10 + [429]
    assert (refused["Refusal"], refused["Tries"]) == ("ResourceExhausted", 0)


def test_a_line_that_only_looks_like_the_functions_own_is_passed_over(tmp_path: Path) -> None:
    lines = [
        {"message": "phone verification", "delivery_index": [], "outcome": "sent", "batch_size": 1},
        {"message": "phone verification", "delivery_index": 0, "outcome": 3},
        {"message": 7},
        {"message": "phone verification", "delivery_index": 0, "outcome": "odd", "contact_id": [], "attempts": "x"},
    ]
    code = f'for line in {lines}: print(json.dumps(line))\nprint("{{broken")'
    with serving(write_both(tmp_path, code)) as cloud:
        request_id = cloud.invoke("x")["RequestId"]
        (shown,) = listed(cloud)
        assert shown["Outcomes"] == {"odd": 1}
        assert shown["Deliveries"][0]["ContactId"] is None
        assert len(story(cloud, request_id)["TriesMade"][0]["Lines"]) == 9
        assert cloud.see("texts") == {"Texts": []}


def test_only_so_many_lines_of_a_try_are_told(tmp_path: Path) -> None:
    with serving(write_both(tmp_path, "for n in range(600): print(n)")) as cloud:
        request_id = cloud.invoke("x")["RequestId"]
        assert len(story(cloud, request_id)["TriesMade"][0]["Lines"]) == MAX_LINES_OF_A_TRY


# The story of one.


def test_an_event_that_fails_is_told_try_by_try_to_the_end_of_its_letter(cloud: Served) -> None:
    cloud.spoil(2)
    request_id = cloud.invoke(REQUEST, asynchronous=True)["RequestId"]
    cloud.finish()
    told = story(cloud, request_id)
    first, second = told["TriesMade"]
    assert (first["Number"], second["Number"], second["ColdStart"]) == (1, 2, False)
    assert first["InstanceId"] == second["InstanceId"]
    assert first["StartedAt"] <= first["EndedAt"] <= second["StartedAt"] <= second["EndedAt"] <= told["FinishedAt"]
    assert first["Error"]["Type"] == "EventFailed"
    (said,) = (json.loads(line["Text"]) for line in second["Lines"] if '"phone verification"' in line["Text"])
    assert (said["code"], said["upstream_code"]) == ("FunctionMisconfigured", "NoPermission")
    assert (told["DeadLetter"], told["LetterLeftAt"], told["SentBackAs"]) == (1, None, None)

    sent_back_as = cloud.do("dead-letters/1/redrive").json()["RequestId"]
    cloud.finish()
    told = story(cloud, request_id)
    assert told["SentBackAs"] == sent_back_as
    assert told["LetterLeftAt"] >= told["FinishedAt"]
    healed = story(cloud, sent_back_as)
    assert (healed["Cause"], healed["Outcomes"]) == ({"Kind": "dead_letter", "RequestId": request_id}, {"sent": 1})


def test_an_instance_that_cannot_start_is_told_with_its_reason(
    new_cloud: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAX_ATTEMPTS", "many")
    request_id = new_cloud.invoke(REQUEST)["RequestId"]
    told = story(new_cloud, request_id)
    assert told["Status"] == "failed"
    (one,) = told["TriesMade"]
    assert "MAX_ATTEMPTS" in one["Error"]["Message"]


def test_what_is_not_kept_is_said_to_be_missing(cloud: Served) -> None:
    for method, route in (("GET", ""), ("GET", "/event"), ("POST", "/replay")):
        answered = send(cloud, method, f"_serve/invocations/1-none{route}", {})
        assert (answered.status_code, answered.json()["Code"]) == (404, "NotFound")


def test_the_journal_keeps_the_last_ones_only() -> None:
    journal = Journal(Changes(), capacity=2)
    for number in range(3):
        journal.accept(f"1-{number}", SEND, b"x")
        journal.finish(f"1-{number}")
    journal.finish("1-0")  # what is no longer kept is passed over
    invocations, _ = journal.summaries()
    assert [each["RequestId"] for each in invocations] == ["1-1", "1-2"]
    assert invocations[0]["Number"] == 2


# Its event.


def test_an_event_is_shown_masked_and_whole_to_who_asks_for_it(cloud: Served) -> None:
    request_id = cloud.invoke(http_event())["RequestId"]
    masked = cloud.see(f"invocations/{request_id}/event")["Event"]
    assert json.loads(json.loads(masked)["body"]) == {"ContactId": CONTACT_ID, "PhoneNumber": MASKED}
    assert PHONE_NUMBER.partition("-")[2] not in masked
    whole = cloud.see(f"invocations/{request_id}/event?unmasked=1")["Event"]
    assert json.loads(whole) == http_event()


def test_an_event_that_is_too_large_to_be_kept_is_neither_shown_nor_replayed(tmp_path: Path) -> None:
    with serving(write_both(tmp_path, "return 1")) as cloud:
        request_id = cloud.invoke("x" * (MAX_EVENT_BYTES + 1))["RequestId"]
        for method, route in (("GET", "event"), ("POST", "replay")):
            answered = send(cloud, method, f"_serve/invocations/{request_id}/{route}", {})
            assert (answered.status_code, answered.json()["Code"]) == (409, "EventNotKept")


def test_an_invocation_is_replayed_in_the_same_way(cloud: Served) -> None:
    waited = cloud.invoke({**REQUEST, "ContactId": "c-unknown"})["RequestId"]
    again = send(cloud, "POST", f"_serve/invocations/{waited}/replay", {})
    assert (again.status_code, again.json()["Failed"]) == (200, True)
    queued = cloud.invoke(REQUEST, asynchronous=True)["RequestId"]
    cloud.finish()
    again = send(cloud, "POST", f"_serve/invocations/{queued}/replay", {})
    assert again.status_code == 202
    cloud.finish()
    replayed = story(cloud, again.json()["RequestId"])
    assert (replayed["Async"], replayed["Cause"]) == (True, {"Kind": "replay", "RequestId": queued})
    assert replayed["Outcomes"] == {"sent": 1}


def test_a_sample_is_written_for_a_contact(cloud: Served) -> None:
    wanted = {"Sample": "smq_queue.json", "ContactId": "c-mine", "PhoneNumber": "86-13912345678"}
    event = cloud.do("event", wanted).json()["Event"]
    cloud.invoke(event)
    (shown,) = listed(cloud)
    assert (shown["Trigger"], shown["Deliveries"][0]["ContactId"]) == ("smq_queue", "c-mine")
    for name in ("refused_broken_json.json", "../README.md"):
        answered = cloud.do("event", {**wanted, "Sample": name})
        assert (answered.status_code, answered.json()["Code"]) == (404, "NotFound")


# Its texts.


def test_a_text_is_traced_to_the_invocation_whose_answer_names_it(new_cloud: Served) -> None:
    first = new_cloud.invoke(REQUEST)["RequestId"]
    new_cloud.invoke(REQUEST)  # a duplicate, which repeats the RequestId
    (text,) = new_cloud.see("texts")["Texts"]
    assert (text["Invocation"], text["PhoneNumber"]) == (first, PHONE_NUMBER)


@pytest.mark.parametrize("kind", ["drop_after", "garbage"])
def test_a_text_whose_answer_was_lost_is_traced_to_the_invocation_that_asked_for_it(
    new_cloud: Served, kind: str
) -> None:
    new_cloud.invoke({**REQUEST, "ContactId": "c-unknown"})
    send(new_cloud, "POST", "_emulator/faults", {"Kind": kind})
    asked = new_cloud.invoke(REQUEST)["RequestId"]
    new_cloud.invoke(REQUEST)  # not sent again within the window
    (text,) = new_cloud.see("texts")["Texts"]
    assert text["Invocation"] == asked


def test_a_text_that_comes_late_is_traced_to_the_invocation_that_called_the_api() -> None:
    """The API took longer than the function waited; meanwhile another invocation was kept from calling it again."""
    seconds = count()
    journal = Journal(Changes(), now=lambda: float(next(seconds)))
    for number, attempts in ((1, 1), (2, 0)):
        journal.accept(f"1-{number}", SEND, json.dumps(REQUEST).encode())
        journal.begin_try(f"1-{number}", "c-1", cold_start=False)
        fields = {"delivery_index": 0, "batch_size": 1, "outcome": "unknown", "attempts": attempts}
        said = {"message": "phone verification", "contact_id": CONTACT_ID, "phone_number": MASKED, **fields}
        journal.add_line(LogLine(number, 0, SEND, "c-1", f"1-{number}", json.dumps(said)))
        journal.finish(f"1-{number}")
    late = datetime.fromtimestamp(next(seconds), timezone.utc)
    text = Message(CONTACT_ID, PHONE_NUMBER, "text", "REQUEST-ID", late, late)
    assert journal.invocations_of([text]) == {"REQUEST-ID": "1-1"}


def test_a_text_that_no_invocation_asked_for_is_traced_to_none() -> None:
    now = datetime.now(timezone.utc)
    for contact_id, number in (("c-other", PHONE_NUMBER), (CONTACT_ID, "86-13912345678")):
        other = Message(contact_id, number, "text", "REQUEST-ID", now, now)
        journal = Journal(Changes())
        journal.accept("1-1", SEND, json.dumps(REQUEST).encode())
        journal.begin_try("1-1", "c-1", cold_start=False)
        assert journal.invocations_of([other]) == {}


def test_a_mail_is_shown_with_its_link(cloud: Served) -> None:
    emulator = SimpleNamespace(url=cloud.endpoints["emulator"])
    mail = {"ContactId": CONTACT_ID, "EmailAddress": "operations@example.com"}
    action = "SendEmailVerificationForMessageContact"
    answer = vendor.send(emulator, vendor.signed(emulator, mail, action=action))
    (shown,) = cloud.see("mails")["Mails"]
    asked_by_none = {**mail, "RequestId": json.loads(answer.body)["RequestId"], "Invocation": None}
    assert shown.items() >= asked_by_none.items()
    assert "https://" in shown["Text"]
    assert cloud.see("texts")["Texts"] == []


@pytest.mark.parametrize("kind", [None, "drop_after"])
def test_a_mail_is_traced_to_the_run_that_sent_it_though_its_answer_was_lost(cloud: Served, kind: str | None) -> None:
    if kind:
        send(cloud, "POST", "_emulator/faults", {"Kind": kind, "Action": "SendEmailVerificationForMessageContact"})
    run = cloud.do("tick").json()["RequestId"]
    mails = cloud.see("mails")["Mails"]
    assert {(mail["EmailAddress"], mail["Invocation"]) for mail in mails} == {("operations@example.com", run)}


# Letters, and a new beginning.


def test_a_letter_is_shown_alone_masked_with_its_event_or_whole(cloud: Served) -> None:
    cloud.spoil(2)
    cloud.invoke(REQUEST, asynchronous=True)
    cloud.finish()
    shown = cloud.see("dead-letters/1")
    assert (shown["Number"], shown["Function"]) == (1, SEND)
    assert json.loads(shown["Letter"]["requestPayload"]) == {"ContactId": CONTACT_ID, "PhoneNumber": MASKED}
    assert json.loads(cloud.see("dead-letters/1?unmasked=1")["Letter"]["requestPayload"]) == REQUEST
    assert send(cloud, "GET", "_serve/dead-letters/2").status_code == 404


def test_a_letter_is_discarded_for_good(cloud: Served) -> None:
    cloud.spoil(2)
    request_id = cloud.invoke(REQUEST, asynchronous=True)["RequestId"]
    cloud.finish()
    assert send(cloud, "DELETE", "_serve/dead-letters/1").status_code == 200
    assert cloud.see("dead-letters") == {"DeadLetters": []}
    told = story(cloud, request_id)
    assert told["LetterLeftAt"] is not None
    assert told["SentBackAs"] is None
    assert send(cloud, "DELETE", "_serve/dead-letters/1").status_code == 404


def test_after_a_reset_all_is_as_at_the_start(new_cloud: Served) -> None:
    new_cloud.invoke(REQUEST)
    new_cloud.spoil(1)
    send(new_cloud, "POST", "_emulator/contacts", {})
    epoch = new_cloud.see("state")["Epoch"]
    assert new_cloud.do("reset").json() == {}
    assert (listed(new_cloud), new_cloud.see("logs")["Lines"], new_cloud.texts()) == ([], [], [])
    state = new_cloud.see("state")
    assert state["Epoch"] != epoch
    assert [function["Instances"] for function in state["Functions"]] == [0, 0]
    assert send(new_cloud, "GET", "_emulator/faults").json()["Faults"] == []
    assert len(send(new_cloud, "GET", "_emulator/contacts").json()["Contacts"]) == 1
    new_cloud.invoke(REQUEST)  # of a number that was texted a moment ago
    assert listed(new_cloud)[0]["Outcomes"] == {"sent": 1}
    assert listed(new_cloud)[0]["Number"] == 1


def test_instances_can_be_kept_with_what_they_remember(new_cloud: Served) -> None:
    new_cloud.invoke(REQUEST)
    new_cloud.do("reset", {"KeepInstances": True})
    assert new_cloud.see("state")["Functions"][0]["Instances"] == 1
    new_cloud.invoke(REQUEST)
    assert listed(new_cloud)[0]["Outcomes"] == {"duplicate": 1}


def test_an_event_that_goes_on_over_a_reset_leaves_nothing_behind(tmp_path: Path) -> None:
    code = """
    (HERE / "running").touch()
    while not (HERE / "go").exists(): time.sleep(0.01)
    raise ValueError("too late")
    """
    with serving(write_both(tmp_path, code), retries=0) as cloud:
        cloud.invoke("x", asynchronous=True)
        _until((tmp_path / "running").exists)
        cloud.do("reset")
        (tmp_path / "go").touch()
        cloud.finish()
        assert cloud.see("dead-letters") == {"DeadLetters": []}
        assert listed(cloud) == []
        assert cloud.see("state")["Functions"][0]["Instances"] == 0
