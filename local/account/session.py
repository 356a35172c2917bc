"""`Session`: the account as the SDKs reach it. Every call of an SDK goes through `Session.ask`.

What an SDK raises becomes an error of `service_errors`, which shows nothing of its text.
"""

import logging
import os
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, TypeVar

from local.account import AccountError
from local.account.credentials import choose_credentials
from local.account.endpoints import SERVICES, endpoint_of
from local.account.secrets import Secrets
from local.account.service_errors import NoAnswer, failure_of
from local.account.target import Target

T = TypeVar("T")

_CONNECT_MS, _READ_MS = 10_000, 90_000
_LOGGERS = ("darabonba-core", "alibabacloud-tea", "credentials")
_PROXIES = ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")


class Session:
    """An account, by the credentials that a target names. The SDKs' own logs are silenced in the whole process.

    Raises:
        AccountError: there are no credentials, or they cannot be had.

    """

    def __init__(self, target: Target, environ: Mapping[str, str], secrets: Secrets) -> None:
        _silence_sdks()
        self.region = target.region
        self.secrets = secrets
        self._endpoints = {service: endpoint_of(service, target.region, environ) for service in SERVICES}
        if any(endpoint.is_local for endpoint in self._endpoints.values()):
            for name in _PROXIES:  # the SDKs send even what is for this machine through a proxy
                os.environ.pop(name, None)
        chosen = choose_credentials(target, environ)
        self.source = chosen.source
        self._credential = chosen.client
        self._credentials()

    def ask(self, what: str, service: str, call: Callable[[], T]) -> T:
        """Call an SDK.

        Raises:
            Refused: the service answered with an error.
            NoAnswer: there was no usable answer.

        """
        try:
            return call()
        except Exception as error:  # noqa: BLE001 -- SDKs raise of many kinds, and none of their texts may be shown
            raise failure_of(what, self._endpoints[service].host, error, self.secrets) from None

    @cached_property
    def ros(self) -> Any:
        """Resource Orchestration Service."""
        from alibabacloud_ros20190910.client import Client

        return Client(self._config("ros"))

    @cached_property
    def sts(self) -> Any:
        """Security Token Service."""
        from alibabacloud_sts20150401.client import Client

        return Client(self._config("sts"))

    def directory_at(self, host: str) -> Any:
        """Return Resource Directory at this host, which depends on where the account was registered."""
        from alibabacloud_resourcedirectorymaster20220419.client import Client

        is_local = self._endpoints["directory"].is_local
        return Client(self._config("directory", host="" if is_local else host))

    @cached_property
    def functions(self) -> Any:
        """Function Compute."""
        from alibabacloud_fc20230330.client import Client

        return Client(self._config("fc"))

    @cached_property
    def queues(self) -> Any:
        """Simple Message Queue."""
        from alibabacloud_mns_open20220119.client import Client

        return Client(self._config("smq"))

    @cached_property
    def logs(self) -> Any:
        """Simple Log Service."""
        from alibabacloud_sls20201230.client import Client

        endpoint = self._endpoints["sls"]
        if not endpoint.is_local:
            return Client(self._config("sls"))
        # Its host is always PROJECT.ENDPOINT, so another address can only be its proxy.
        config = self._config("sls", host=f"{self.region}.log.aliyuncs.com")
        config.http_proxy = f"http://{endpoint.host}"
        return Client(config)

    @cached_property
    def buckets(self) -> Any:
        """Object Storage Service."""
        import alibabacloud_oss_v2 as oss

        endpoint, config = self._endpoints["oss"], oss.config.load_default()
        config.region, config.endpoint = self.region, f"{endpoint.protocol}://{endpoint.host}"
        config.credentials_provider = oss.credentials.CredentialsProviderFunc(func=self._oss_credentials)
        config.retry_max_attempts = 1 if endpoint.is_local else 3
        return oss.Client(config)

    def _config(self, service: str, host: str = "") -> Any:
        from alibabacloud_tea_openapi.models import Config

        endpoint = self._endpoints[service]
        return Config(
            credential=self._credential,
            endpoint=host or endpoint.host,
            protocol=endpoint.protocol,
            region_id=self.region,
            connect_timeout=_CONNECT_MS,
            read_timeout=_READ_MS,
        )

    def _credentials(self) -> Any:
        try:
            found = self.ask(f"Getting credentials from {self.source}", "sts", self._credential.get_credential)
        except NoAnswer:
            raise AccountError(f"No credentials can be had from {self.source}. Sign in again, or correct it.") from None
        self.secrets.add([found.access_key_secret or "", found.security_token or ""])
        return found

    def _oss_credentials(self) -> Any:
        import alibabacloud_oss_v2 as oss

        found = self._credentials()
        return oss.credentials.Credentials(found.access_key_id, found.access_key_secret, found.security_token or None)


def _silence_sdks() -> None:
    """Keep the SDKs' own logs away: with DEBUG=sdk they hold whole URLs and headers."""
    os.environ.pop("DEBUG", None)
    for name in _LOGGERS:
        logging.getLogger(name).disabled = True
    logging.getLogger("urllib3").setLevel(logging.CRITICAL)
