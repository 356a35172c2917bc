"""The platforms that a smoke test can look at: a deployed stack, and `fcapi serve` on this machine."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import requests

from local.account import AccountError
from local.account.deployed import Deployed
from local.account.findings import NotCheckedHere
from local.account.invocation import Invoked, invoke
from local.account.log_store import LogStore
from local.account.secrets import Secrets
from local.account.session import Session
from local.account.target import Target

_SECONDS = 20
_KEY_PAIR = {"ALIBABA_CLOUD_ACCESS_KEY_ID": "LTAIlocal", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "local-secret"}
"""The emulator's, which `fcapi serve` takes; docs/local.md#the-emulator names it."""


@dataclass
class AccountPlatform:
    """A deployed stack."""

    session: Session
    deployed: Deployed
    gateway_url: str = ""
    """Of a gateway with a domain of its own, which no output knows."""

    def invoke(self, name: str, event: bytes) -> Invoked:
        """Invoke a function by the service's API."""
        return invoke(self.session, self.deployed.function(name), event)

    def urls(self) -> Mapping[str, str]:
        """Return the outputs that are URLs, and that of the gateway."""
        urls = dict(self.deployed.urls())
        if self.gateway_url:
            urls["the gateway"] = self.gateway_url
        elif self.deployed.has_unknown_gateway_url():
            urls["the gateway"] = ""
        return urls

    def entries(self, request_ids: Iterable[str], since: float) -> list[Mapping[str, str]]:
        """Return what the log store has by now."""
        store = LogStore(self.session, *self.deployed.log_store())
        query = " or ".join(f'"{request_id}"' for request_id in request_ids)
        return list(store.entries(query, since - 60, store.now() + 60))

    def queues(self) -> Mapping[str, str]:
        """Return the queues that the outputs name."""
        return self.deployed.queues()

    def messages(self, queue: str) -> int:
        """Return its messages of all kinds."""
        from alibabacloud_mns_open20220119.models import GetQueueAttributesRequest

        request = GetQueueAttributesRequest(queue_name=queue)
        call = partial(self.session.queues.get_queue_attributes, request)
        data = self.session.ask("SMQ GetQueueAttributes", "smq", call).body.data
        return sum(count or 0 for count in (data.active_messages, data.inactive_messages, data.delay_messages))


@dataclass
class ServedPlatform:
    """What `fcapi serve` serves, by the URL of its Invoke API."""

    url: str
    session: Session = field(init=False)
    _state: Mapping[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self._state = self._get("state")
        environ = {**os.environ, **_KEY_PAIR, "ENDPOINT_URL": self.url, "ALIBABA_CLOUD_SECURITY_TOKEN": ""}
        self.session = Session(Target("serve", "cn-hangzhou"), environ, Secrets())

    def invoke(self, name: str, event: bytes) -> Invoked:
        """Invoke a function by its Invoke API."""
        return invoke(self.session, name, event)

    def urls(self) -> Mapping[str, str]:
        """Return the URL of the HTTP trigger; the gateway has no authentication here."""
        if not self._state.get("Signed"):
            raise NotCheckedHere("fcapi serve takes unsigned requests too, unless it was started with --signed")
        return {"http trigger": self._state["Endpoints"]["http_trigger"] + "/"}

    def entries(self, request_ids: Iterable[str], since: float) -> list[Mapping[str, str]]:  # noqa: ARG002 -- all are kept
        """Return the lines that it keeps."""
        texts = [line["Text"] for line in self._get("logs")["Lines"]]
        return [{"message": text} for text in texts if any(request_id in text for request_id in request_ids)]

    def queues(self) -> Mapping[str, str]:
        """Tell that there are none."""
        raise NotCheckedHere("fcapi serve has no queues")

    def messages(self, queue: str) -> int:  # noqa: ARG002 -- the platform's signature
        """Tell that there are none."""
        raise NotCheckedHere("fcapi serve has no queues")

    def _get(self, what: str) -> Mapping[str, Any]:
        try:
            with requests.Session() as session:
                session.trust_env = False
                answered = session.get(f"{self.url.rstrip('/')}/_serve/{what}", timeout=_SECONDS)
                answered.raise_for_status()
                document: Mapping[str, Any] = answered.json()
        except (requests.RequestException, ValueError):
            raise AccountError(f"fcapi serve does not answer at {self.url}. Start it: make serve") from None
        return document
