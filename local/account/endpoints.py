"""Where each service of the account is called.

`ENDPOINT_URL_<SERVICE>` or `ENDPOINT_URL` sends calls to another address: for trials, so to this machine only.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from local.account import WrongCall

SERVICES = ("ros", "sts", "directory", "oss", "fc", "sls", "smq")
LOOPBACK = ("127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A protocol and a host, with its port where that is not the protocol's own."""

    protocol: str
    host: str

    @property
    def is_local(self) -> bool:
        """Whether it is on this machine."""
        return self.protocol == "http"


def endpoint_of(service: str, region: str, environ: Mapping[str, str]) -> Endpoint:
    """Return where a service of a region is called.

    Source: the vendor's pages "Endpoints" of each service, and the endpoints in the SDKs.

    Raises:
        WrongCall: the environment names an address that is not on this machine.

    """
    for name in (f"ENDPOINT_URL_{service.upper()}", "ENDPOINT_URL"):
        if environ.get(name):
            return _local(name, environ[name])
    hosts = {
        "ros": "ros.aliyuncs.com",
        "sts": "sts.aliyuncs.com",
        "directory": "resourcedirectory.aliyuncs.com",
        "oss": f"oss-{region}.aliyuncs.com",
        "fc": f"fcv3.{region}.aliyuncs.com",
        "sls": f"{region}.log.aliyuncs.com",
        "smq": f"mns-open.{region}.aliyuncs.com",
    }
    return Endpoint("https", hosts[service])


def is_local_url(url: str) -> bool:
    """Tell whether a URL is plain http to this machine."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    return parts.scheme == "http" and parts.hostname in LOOPBACK and bool(port) and not parts.username


def _local(name: str, url: str) -> Endpoint:
    if not is_local_url(url):
        raise WrongCall(f"{name} must be http://127.0.0.1:PORT: it is for trials on this machine.")
    return Endpoint("http", urlsplit(url).netloc)
