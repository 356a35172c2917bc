"""The control routes: what a console, a script or a test sees and does, and who else is kept from them."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests

from fcapi.events.triggers import TRIGGER_NAMES
from tests.clouds import RESEND, SECONDS, SEND, Served, serving, write_both
from tests.handlers import CONTACT_ID, PHONE_NUMBER, REQUEST, http_event

CODE = """
what = event.decode()
if what == "fail": raise ValueError("something is wrong")
print("you say", what)
return {"you said": what}
"""


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(write_both(tmp_path_factory.mktemp("code"), CODE), retries=0) as cloud:
        yield cloud


@pytest.fixture
def real() -> Iterator[Served]:
    with serving(retries=1) as cloud:
        yield cloud


# What they show.


def test_the_state_says_where_everything_is_and_what_goes_on(tmp_path: Path) -> None:
    with serving(write_both(tmp_path, CODE)) as cloud:
        cloud.invoke("hello")
        state = cloud.see("state")
    next_run, epoch = state.pop("NextRun"), state.pop("Epoch")
    assert next_run.endswith("+00:00")
    assert epoch
    assert state == {
        "Endpoints": cloud.endpoints,
        "Functions": [
            {"Name": SEND, "Retries": 2, "Instances": 1},
            {"Name": RESEND, "Retries": 0, "Instances": 0},
        ],
        "HttpFunction": SEND,
        "TimerFunction": RESEND,
        "Runtime": "python3.12",
        "Signed": False,
        "Store": False,
        "EventsWaiting": 0,
        "DeadLetters": 0,
        "LastLine": 5,
    }


def test_every_trigger_has_a_sample_that_can_be_invoked(cloud: Served) -> None:
    samples = cloud.see("samples")["Samples"]
    assert {sample["Trigger"] for sample in samples} == {*TRIGGER_NAMES, "none"}
    assert json.loads(next(sample["Event"] for sample in samples if sample["Name"] == "direct.json"))


def test_a_timers_event_that_asks_for_nothing_is_a_sample_for_the_timers_function(cloud: Served) -> None:
    functions = {sample["Name"]: sample["Function"] for sample in cloud.see("samples")["Samples"]}
    ticks = {"sweep.json", "sweep_dry_run.json"}
    assert functions == {name: RESEND if name in ticks else SEND for name in functions}
    assert ticks < functions.keys()


def test_their_page_says_what_there_is(cloud: Served) -> None:
    page = requests.get(cloud.url("_serve/"), timeout=10)
    assert page.headers["Content-Type"].startswith("text/html")
    views = ("state", "samples", "changes", "logs", "invocations", "texts", "mails", "dead-letters")
    for route in (*views, "invoke", "event", "tick", "reset", "invocations/ID/replay", "dead-letters/NUMBER/redrive"):
        assert f"/_serve/{route}" in page.text


# Invoking.


def test_an_event_that_is_waited_for_is_answered_with_all_that_came_of_it(cloud: Served) -> None:
    cloud.invoke("first, which starts an instance")
    answer = cloud.invoke("hello")
    assert answer["Failed"] is False
    assert json.loads(answer["Payload"]) == {"you said": "hello"}
    assert answer["Logs"] == [
        f"FC Invoke Start RequestId: {answer['RequestId']}",
        "you say hello",
        f"FC Invoke End RequestId: {answer['RequestId']}",
    ]


def test_an_event_that_is_no_text_is_given_as_json(cloud: Served) -> None:
    said = json.loads(cloud.invoke({"a": [1]})["Payload"])["you said"]
    assert json.loads(said) == {"a": [1]}


def test_a_function_that_failed_is_said_to_have(cloud: Served) -> None:
    answer = cloud.invoke("fail")
    assert answer["Failed"] is True
    assert json.loads(answer["Payload"])["errorType"] == "ValueError"


def test_an_event_that_nobody_waits_for_is_accepted(cloud: Served) -> None:
    answered = cloud.do("invoke", {"Function": RESEND, "Event": "later", "Async": True})
    assert answered.status_code == 202
    cloud.finish()
    assert f"FC Invoke End RequestId: {answered.json()['RequestId']}" in cloud.lines


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"Function": "no_such", "Event": "x"}, 404, "FunctionNotFound"),
        ({"Function": "no_such", "Event": "x", "Async": True}, 404, "FunctionNotFound"),
        ({"Function": SEND}, 400, "InvalidRequest"),
        ({"Function": SEND, "Event": "x", "Async": "yes"}, 400, "InvalidRequest"),
        ({"Function": SEND, "Event": "x", "More": 1}, 400, "InvalidRequest"),
    ],
)
def test_a_wrong_call_is_told_what_is_wrong(cloud: Served, body: object, status: int, code: str) -> None:
    answered = cloud.do("invoke", body)
    assert (answered.status_code, answered.json()["Code"]) == (status, code)


# Logs.


def test_the_lines_after_a_number_are_shown_with_where_they_were_written(cloud: Served) -> None:
    cloud.invoke("first, which starts an instance", function=RESEND)
    before = cloud.see("state")["LastLine"]
    cloud.invoke("hello", function=RESEND)
    shown = cloud.see(f"logs?since={before}")
    assert [line["Number"] for line in shown["Lines"]] == [before + 1, before + 2, before + 3]
    assert {line["Function"] for line in shown["Lines"]} == {RESEND}
    assert {line["InstanceId"][:2] for line in shown["Lines"]} == {"c-"}
    assert shown["Lines"][1]["Text"] == "you say hello"
    assert shown["Next"] == before + 3
    assert cloud.see(f"logs?since={shown['Next']}") == {"Lines": [], "Next": shown["Next"]}


def test_who_waits_for_lines_gets_the_next_as_soon_as_it_is_there(cloud: Served) -> None:
    before = cloud.see("state")["LastLine"]
    with ThreadPoolExecutor() as threads:
        waiting = threads.submit(cloud.see, f"logs?since={before}&wait=30")
        cloud.invoke("hello")
        assert waiting.result(timeout=10)["Lines"][0]["Number"] == before + 1


def test_a_number_that_no_line_has_yet_is_of_an_earlier_run_so_all_are_shown(cloud: Served) -> None:
    cloud.invoke("hello")
    last = cloud.see("state")["LastLine"]
    shown = cloud.see(f"logs?since={last + 1}&wait=30")
    assert (shown["Lines"][0]["Number"], shown["Next"]) == (1, last)


def test_who_waits_for_lines_does_not_keep_it_from_ending(tmp_path: Path) -> None:
    with ThreadPoolExecutor() as threads:
        with serving(write_both(tmp_path, CODE)) as cloud:
            cloud.invoke("hello")
            last = cloud.see("state")["LastLine"]
            waiting = threads.submit(requests.get, cloud.url(f"_serve/logs?since={last}&wait=30"), timeout=SECONDS)
        # Whether it came to wait at all or was too late: it is over long before it would be by itself.
        waiting.exception(timeout=10)


# The timer.


def test_a_tick_is_the_timers_event_for_function_2_and_its_answer(cloud: Served) -> None:
    answer = cloud.do("tick").json()
    event = json.loads(json.loads(answer["Payload"])["you said"])
    assert set(event) == {"triggerTime", "triggerName", "payload"}
    assert answer["Failed"] is False
    assert f"FC Invoke End RequestId: {answer['RequestId']}" in cloud.lines


def test_a_tick_sweeps_what_is_pending(real: Served) -> None:
    assert json.loads(real.do("tick").json()["Payload"])["Sent"] == 1
    assert [text["ContactId"] for text in real.texts()] == [CONTACT_ID]


def test_a_tick_of_a_function_that_fails_says_so(real: Served) -> None:
    real.spoil(2)
    assert real.do("tick").json()["Failed"] is True


# Dead letters.


JSON = {"Content-Type": "application/json"}


def dead_letter_of(cloud: Served, event: object = REQUEST) -> Any:
    """Have an event fail for good, and return what is shown of it."""
    cloud.spoil(2)
    cloud.invoke(event, asynchronous=True)
    cloud.finish()
    (letter,) = cloud.see("dead-letters")["DeadLetters"]
    return letter


def test_an_event_that_fails_is_retried_and_ends_in_the_box(real: Served) -> None:
    shown = dead_letter_of(real)
    assert (shown["Number"], shown["Function"]) == (1, SEND)
    context = shown["Letter"]["requestContext"]
    assert context["approximateInvokeCount"] == 2
    assert real.lines.count(f"FC Invoke Start RequestId: {context['requestId']}") == 2
    assert real.see("state")["DeadLetters"] == 1
    assert real.texts() == []


def test_an_event_that_succeeds_when_it_is_retried_leaves_no_letter(real: Served) -> None:
    real.spoil(1)
    real.invoke(REQUEST, asynchronous=True)
    real.finish()
    assert real.see("dead-letters") == {"DeadLetters": []}
    assert len(real.texts()) == 1


@pytest.mark.parametrize(
    "event",
    [REQUEST, [REQUEST], http_event(headers={**JSON, "X-Fc-Invocation-Type": "Async"})],
    ids=["one", "list", "http"],
)
def test_a_letter_is_shown_without_its_payload_and_with_masked_numbers(real: Served, event: object) -> None:
    shown = dead_letter_of(real, event)
    assert shown["Letter"]["deliveries"] == [{"ContactId": CONTACT_ID, "PhoneNumber": "86-139****1234"}]
    assert shown["Letter"]["error"]["errorType"] == "EventFailed"
    assert PHONE_NUMBER not in json.dumps(shown)
    assert "requestPayload" not in shown["Letter"]


def test_a_letter_whose_event_nobody_can_read_is_shown_without_deliveries(real: Served) -> None:
    real.invoke("13900001234 is no event", asynchronous=True)
    real.finish()
    (shown,) = real.see("dead-letters")["DeadLetters"]
    assert shown["Letter"]["deliveries"] == []
    assert shown["Letter"]["error"]["errorType"] == "UnrecognizedEvent"


def test_a_letter_is_shown_whole_to_who_asks_for_it(real: Served) -> None:
    dead_letter_of(real)
    (shown,) = real.see("dead-letters?unmasked=1")["DeadLetters"]
    assert json.loads(shown["Letter"]["requestPayload"]) == REQUEST


def test_a_letter_that_is_sent_back_is_done_and_out_of_the_box(real: Served) -> None:
    dead_letter_of(real)
    answered = real.do("dead-letters/1/redrive")
    assert answered.status_code == 202
    real.finish()
    assert [text["PhoneNumber"] for text in real.texts()] == [PHONE_NUMBER]
    assert real.see("dead-letters") == {"DeadLetters": []}


def test_a_letter_that_fails_again_each_time_it_is_sent_back_can_still_be_opened(real: Served) -> None:
    number = dead_letter_of(real)["Number"]
    for _ in range(8):
        real.spoil(2)
        assert real.do(f"dead-letters/{number}/redrive").status_code == 202
        real.finish()
        (shown,) = real.see("dead-letters?unmasked=1")["DeadLetters"]
        number = shown["Number"]
    assert len(shown["Letter"]["requestPayload"]) < 2000
    real.do(f"dead-letters/{number}/redrive")
    real.finish()
    assert len(real.texts()) == 1


def test_a_letter_of_the_timers_function_is_sent_back_as_what_the_timer_sent() -> None:
    with serving(retries=0) as cloud:
        cloud.spoil(1)
        cloud.do("tick")
        assert cloud.do("dead-letters/1/redrive").status_code == 202
        cloud.finish()
        assert cloud.see("dead-letters") == {"DeadLetters": []}
        assert len(cloud.texts()) == 1


def test_a_letter_that_is_not_there_cannot_be_sent_back(cloud: Served) -> None:
    answered = cloud.do("dead-letters/1000/redrive")
    assert (answered.status_code, answered.json()["Code"]) == (404, "NotFound")


# Who is kept from them.

ACTIONS = [
    *("_serve/invoke", "_serve/event", "_serve/tick", "_serve/reset", "_serve/invocations/1-1/replay"),
    *("_serve/dead-letters/1/redrive", "_emulator/reset"),
]


@pytest.mark.parametrize("route", [*ACTIONS, "_serve/state", "_serve/logs", "_emulator/messages"])
def test_a_page_of_another_origin_is_refused(cloud: Served, route: str) -> None:
    method = "POST" if route in ACTIONS else "GET"
    for origin in ("http://evil.example", "null", "http://127.0.0.1:1"):
        answered = requests.request(method, cloud.url(route), json={}, headers={"Origin": origin}, timeout=10)
        assert (answered.status_code, answered.json()["Code"]) == (403, "Forbidden")


def test_a_page_of_another_origin_is_refused_at_the_emulators_own_port_too(cloud: Served) -> None:
    headers = {"Origin": "http://evil.example"}
    for endpoint in ("emulator", "invoke_api"):
        reset = f"{cloud.endpoints[endpoint]}/_emulator/reset"
        assert requests.post(reset, headers=headers, timeout=SECONDS).status_code == 403


def test_a_page_of_its_own_origin_may_pass(cloud: Served) -> None:
    headers = {"Origin": cloud.endpoints["invoke_api"]}
    assert requests.get(cloud.url("_serve/state"), headers=headers, timeout=10).status_code == 200


@pytest.mark.parametrize("route", [*ACTIONS, "_serve/state", "_serve/dead-letters?unmasked=1", "_emulator/messages"])
def test_another_name_of_this_host_is_refused(cloud: Served, route: str) -> None:
    method = "POST" if route in ACTIONS else "GET"
    answered = requests.request(method, cloud.url(route), json={}, headers={"Host": "evil.example"}, timeout=10)
    assert (answered.status_code, answered.json()["Code"]) == (403, "Forbidden")


@pytest.mark.parametrize("route", [route for route in ACTIONS if route.startswith("_serve/")])
def test_what_a_form_on_a_web_page_could_send_is_refused(cloud: Served, route: str) -> None:
    answered = requests.post(cloud.url(route), data={"Function": SEND}, timeout=10)
    assert (answered.status_code, answered.json()["Code"]) == (415, "UnsupportedMediaType")


def test_a_route_that_is_not_there_is_said_to_be_missing(cloud: Served) -> None:
    answered = requests.get(cloud.url("_serve/other"), timeout=10)
    assert (answered.status_code, answered.json()["Code"]) == (404, "Not Found")
