"""Certificates for servers on 127.0.0.1, and a process that trusts nobody else's."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

import trustme


def server_side(authority: trustme.CA, name: str = "127.0.0.1") -> ssl.SSLContext:
    """Return the context of a server with a certificate for this name."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


@contextmanager
def only_trusting(authority: trustme.CA) -> Iterator[None]:
    """Have `requests` trust this authority instead of the world's."""
    with TemporaryDirectory() as directory:
        bundle = Path(directory) / "authority.pem"
        authority.cert_pem.write_to_path(str(bundle))
        with mock.patch("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(bundle)):
            yield
