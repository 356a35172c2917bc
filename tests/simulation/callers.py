"""Those who send something and what they do when it fails: clients over HTTP, the platform's retries, an operator."""

import json
from collections.abc import Sequence
from datetime import datetime, timezone
from typing import Any, NamedTuple

from tests.simulation.api import Api
from tests.simulation.invocation import End, Invocation
from tests.simulation.platform import Platform
from tests.simulation.schedule import Arrival, Fault

ARRIVAL_FAULTS: Sequence[Fault] = (("delivered twice", (0.0, 0.05, 3.0, 70.0)),)
RETRY_SECONDS = (1.0, 60.0)
"""After how long the platform invokes again for an event that failed."""
HTTP_TRIES = 3


class Acknowledged(NamedTuple):
    """A RequestId that a caller was given for a recipient's text."""

    recipient: str
    request_id: str
    invocation: Invocation


class Callers:
    """Sends arrivals to the platform until they are done, or have failed for good."""

    def __init__(self, platform: Platform, requests: Sequence[dict[str, str]]) -> None:
        self._platform = platform
        self._world = platform.world
        self._requests = requests
        self._dead_letters: list[tuple[Arrival, bytes]] = []
        self.acknowledged: list[Acknowledged] = []

    def arrive(self, arrival: Arrival) -> None:
        """Deliver what arrives; the network, or a queue, may deliver it twice."""
        event = self._event_of(arrival)
        twice = self._platform.deviations.choose(arrival.name, 0, ARRIVAL_FAULTS)
        self._invoke(arrival, event, arrival.name, 1)
        if twice:
            self._world.at(self._world.now + twice.value, self._invoke, arrival, event, f"{arrival.name} again", 1)

    def arrive_if_untexted(self, arrival: Arrival, api: Api) -> None:
        """Deliver what arrives if anybody who was asked for has no text yet."""
        asked = {recipient for invocation in self._platform.invocations for recipient in invocation.recipients}
        if not asked <= {text.recipient for text in api.texts}:
            self.arrive(arrival)

    def send_back_dead_letters(self) -> None:
        """Do what the runbook says when all is well again."""
        letters, self._dead_letters = self._dead_letters, []
        for number, (arrival, event) in enumerate(letters):
            context = {"requestId": arrival.name, "condition": "UnhandledInvocationError", "approximateInvokeCount": 3}
            letter = json.dumps({"requestContext": context, "requestPayload": event.decode()}).encode()
            self._invoke(arrival, letter, f"{arrival.name} sent back {number}", 1)

    def _invoke(self, arrival: Arrival, event: bytes, name: str, number: int) -> None:
        recipients = [self._requests[index]["ContactId"] for index in arrival.contacts]
        if arrival.kind == "tick":
            recipients = list(self._platform.api.targets)

        def ended(invocation: Invocation, end: End) -> None:
            if arrival.kind == "http":
                self._http_ended(arrival, event, name, number, invocation, end)
            else:
                self._event_ended(arrival, event, name, number, invocation, end)

        self._platform.invoke(f"{name}.{number}", arrival, event, recipients, ended)

    def _http_ended(
        self, arrival: Arrival, event: bytes, name: str, number: int, invocation: Invocation, end: End
    ) -> None:
        invocation.blocked_for = _blocked_for(end)
        reply = end.result or {"statusCode": 502, "headers": {}, "body": "{}"}
        if reply["statusCode"] == 200:
            request_id = json.loads(reply["body"])["RequestId"]
            self.acknowledged.append(Acknowledged(invocation.recipients[0], request_id, invocation))
        elif number < HTTP_TRIES and reply["statusCode"] in (409, 429, 502, 503, 504):
            wait = min(int(reply["headers"].get("Retry-After", "1")), 100)
            self._world.at(self._world.now + wait, self._invoke, arrival, event, name, number + 1)

    def _event_ended(
        self, arrival: Arrival, event: bytes, name: str, number: int, invocation: Invocation, end: End
    ) -> None:
        if end.result is not None:
            for result in end.result.get("Results", ()):
                self.acknowledged.append(Acknowledged(result["ContactId"], result["RequestId"], invocation))
        elif number <= len(RETRY_SECONDS):
            again = self._world.now + RETRY_SECONDS[number - 1]
            self._world.at(again, self._invoke, arrival, event, name, number + 1)
        elif arrival.kind != "tick":
            self._dead_letters.append((arrival, event))

    def _event_of(self, arrival: Arrival) -> bytes:
        requests: list[Any] = [self._requests[index] for index in arrival.contacts]
        if arrival.kind == "tick":
            due = datetime.fromtimestamp(self._world.now, timezone.utc).isoformat()
            return json.dumps({"triggerTime": due, "triggerName": "daily", "payload": ""}).encode()
        if arrival.kind in ("event", "batch"):
            return json.dumps(requests if arrival.kind == "batch" else requests[0]).encode()
        headers = {"Content-Type": "application/json"}
        if arrival.kind == "async":
            headers["X-Fc-Invocation-Type"] = "Async"
        event = {
            "version": "v1",
            "rawPath": "/",
            "headers": headers,
            "queryParameters": {},
            "body": json.dumps(requests[0]),
            "isBase64Encoded": False,
            "requestContext": {"http": {"method": "POST", "path": "/"}},
        }
        return json.dumps(event).encode()


def _blocked_for(end: End) -> int | None:
    """Return the Retry-After of a reply that is one since the number is blocked."""
    headers = end.result["headers"] if end.result else {}
    is_blocked = end.result and (end.result["statusCode"] == 409 or "Idempotency-Replayed" in headers)
    return int(headers["Retry-After"]) if is_blocked and "Retry-After" in headers else None
