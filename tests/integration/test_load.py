"""A thousand invocations by four processes of sixteen threads that share a store, while one call in ten goes wrong."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from local.emulator.contacts import Details
from local.emulator.server import Emulator
from tests.handlers import http_event
from tests.interpreters import untraced
from tests.stores import store_settings, valkey

ROOT = Path(__file__).parents[2]
INVOCATIONS = 1000
PROCESSES = 4
MAX_ROUNDS = 10

SURE: list[dict[str, Any]] = [
    {"Kind": "throttle", "Probability": 0.02, "Seed": 1},
    {"Kind": "error", "Status": 503, "Code": "ServiceUnavailable", "Message": "no", "Probability": 0.01, "Seed": 2},
    {"Kind": "error", "Status": 403, "Code": "NoPermission", "Message": "no", "Probability": 0.02, "Seed": 3},
]
AMBIGUOUS: list[dict[str, Any]] = [
    {"Kind": "error", "Status": 400, "Code": "SignatureNonceUsed", "Message": "no", "Probability": 0.01, "Seed": 4},
    *(
        {"Kind": kind, "Probability": 0.008, "Seed": seed}
        for seed, kind in enumerate(("drop_before", "drop_after", "half_answer", "garbage", "no_request_id"), 5)
    ),
]

Line = dict[str, Any]


class Instances:
    """Processes that share the invocations, and all the lines that they wrote."""

    def __init__(self, processes: Sequence["subprocess.Popen[str]"]) -> None:
        self.processes = processes
        self.lines: list[Line] = []

    def invoke(self, events: dict[str, Any], *, shift: int = 0) -> dict[str, Line]:
        """Invoke the function with all events at once and return the answers, each by the key of its event."""
        count = len(self.processes)
        shares = [list(events.items())[(number + shift) % count :: count] for number in range(count)]
        with ThreadPoolExecutor(count) as threads:
            lines = [line for share in threads.map(self._invoke, self.processes, shares) for line in share]
        self.lines += lines
        return {line["key"]: line for line in lines if line["message"] == "answer"}

    def _invoke(self, process: "subprocess.Popen[str]", share: Sequence[tuple[str, Any]]) -> list[Line]:
        assert process.stdin
        assert process.stdout
        process.stdin.writelines(json.dumps({"Key": key, "Event": event}) + "\n" for key, event in share)
        process.stdin.flush()
        lines: list[Line] = []
        left = len(share)
        while left:
            text = process.stdout.readline()
            assert text, "the process has ended"
            assert "139000" not in text
            lines.append(json.loads(text))
            left -= lines[-1]["message"] == "answer"
        return lines


@contextmanager
def instances(settings: dict[str, str], *, processes: int = PROCESSES) -> Iterator[Instances]:
    """Start the processes, and end them."""
    command = [sys.executable, "-m", "tests.integration.load_worker"]
    with ExitStack() as stack:
        yield Instances(
            [
                stack.enter_context(
                    subprocess.Popen(
                        command,
                        cwd=ROOT,
                        env={**untraced(os.environ), **settings},
                        stdin=subprocess.PIPE,
                        stdout=subprocess.PIPE,
                        text=True,
                    )
                )
                for _ in range(processes)
            ]
        )


def function_settings(emulator: Emulator) -> dict[str, str]:
    """Return what the function finds in its environment."""
    return {
        "RESOURCE_DIRECTORY_ENDPOINT": emulator.url,
        "ALIBABA_CLOUD_ACCESS_KEY_ID": "LTAIlocal",
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "local-secret",
    }


def put_in_contacts(emulator: Emulator) -> dict[str, dict[str, str]]:
    """Return the requests, one for each of so many contacts, by contact id."""
    asked = {}
    for number in range(INVOCATIONS):
        name = "Contact" + "".join(chr(ord("a") + number // 26**place % 26) for place in range(3))
        phone_number = f"86-139000{number:05}"
        details = Details(name, f"{number}@example.com", phone_number, "Other", ("SecurityMessage",))
        contact = emulator.directory.add(details, f"c-load{number}")
        asked[contact.contact_id] = {"ContactId": contact.contact_id, "PhoneNumber": phone_number}
    return asked


def test_under_load_and_faults_everyone_is_texted_once_but_those_listed_as_unknown() -> None:
    with Emulator(daily_limit=10 * INVOCATIONS) as emulator, valkey() as server:
        asked = put_in_contacts(emulator)
        for fault in SURE + AMBIGUOUS:
            requests.post(f"{emulator.url}/_emulator/faults", json=fault, timeout=5).raise_for_status()
        settings = {
            **store_settings(server),
            **function_settings(emulator),
            "HTTP_COOLDOWN_SECONDS": "3600",
            "HTTP_SENDS_PER_DAY": str(INVOCATIONS),
        }
        # Every second one comes over HTTP. Whoever is not told that it is done asks again, even where that is no use.
        waiting: dict[str, Any] = {
            contact_id: http_event(request) if number % 2 else request
            for number, (contact_id, request) in enumerate(asked.items())
        }
        unknown: dict[str, str] = {}
        with instances(settings) as pool:
            for number in range(MAX_ROUNDS):
                answers = pool.invoke(waiting, shift=number)
                unknown.update(
                    {key: answer["given"] for key, answer in answers.items() if "OutcomeUnknown" in answer["given"]}
                )
                waiting = {key: waiting[key] for key, answer in answers.items() if not answer["done"]}
                if waiting.keys() <= unknown.keys():
                    break
        texts = Counter(message.contact_id for message in emulator.directory.messages())
        request_ids = {message.contact_id: message.request_id for message in emulator.directory.messages()}

    assert waiting.keys() == unknown.keys()
    assert set(texts.values()) == {1}
    assert asked.keys() - unknown.keys() <= texts.keys()

    of_a_delivery = [line for line in pool.lines if line["message"] == "phone verification"]
    sent = {line["contact_id"]: line for line in of_a_delivery if line["outcome"] == "sent"}
    assert sent.keys() == asked.keys() - unknown.keys()
    assert all(line["api_request_id"] == request_ids[contact_id] for contact_id, line in sent.items())
    listed = {line["contact_id"] for line in of_a_delivery if line["outcome"] == "unknown"}
    assert listed == unknown.keys()

    # The faults were there, of both kinds, and some of those that are unknown were texted.
    assert 10 < len(unknown) < INVOCATIONS / 10
    assert unknown.keys() & texts.keys()
    failed = {line["code"] for line in of_a_delivery if line["outcome"] == "failed"}
    assert "FunctionMisconfigured" in failed
    assert sum(line["attempts"] > 1 for line in of_a_delivery) > 10


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="it reads Linux's own figures")
@pytest.mark.parametrize("store", ["memory", "Valkey"])
def test_memory_does_not_grow_with_invocations_once_a_process_is_warm(store: str) -> None:
    with Emulator(daily_limit=10_000) as emulator, valkey() as server:
        settings = {**function_settings(emulator), "EVENT_COOLDOWN_SECONDS": "0"}
        settings.update(store_settings(server) if store == "Valkey" else {})
        with instances(settings, processes=1) as pool:
            asked = put_in_contacts(emulator)
            measured = [memory_after(pool, asked) for _ in range(3)]
    # After the first time, there is a record of each; an event or an answer that were kept would be of a kilobyte.
    assert measured[2] - measured[1] < INVOCATIONS * 512


def memory_after(pool: Instances, asked: dict[str, Any]) -> int:
    """Have all sent that is asked for, and return the bytes of memory that the one process has then."""
    answers = pool.invoke(asked)
    assert all(answer["done"] for answer in answers.values())
    resident = Path(f"/proc/{pool.processes[0].pid}/statm").read_text(encoding="ascii").split()[1]
    return int(resident) * os.sysconf("SC_PAGE_SIZE")
