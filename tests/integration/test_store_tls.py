"""A store over TLS: its certificate and name are verified, by the system's authorities or by a file of one's own."""

import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import trustme

from local.emulator.server import Emulator
from phone_verification.settings import InvalidSetting
from tests.handlers import LocalFunction, http_event
from tests.store_proxy import StoreProxy, store_proxy
from tests.stores import HASH_KEY

FUNCTIONS = Path(__file__).parents[2] / "functions"


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def pem(authority: trustme.CA, tmp_path: Path) -> Path:
    """Return the file of an authority's certificate."""
    return written(authority, tmp_path / "store-ca.pem")


def written(authority: trustme.CA, path: Path) -> Path:
    authority.cert_pem.write_to_path(str(path))
    return path


@contextmanager
def store_of(server: Any, authority: trustme.CA, name: str = "127.0.0.1") -> Iterator[StoreProxy]:
    """Run a store over TLS, with a certificate for this name."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    with store_proxy(server, tls=context) as proxy:
        yield proxy


def settings_of(store: StoreProxy, authorities: str | Path = "", host: str = "127.0.0.1") -> dict[str, str]:
    return {
        "COOLDOWN_STORE_URL": f"rediss://function:secret@{host}:{store.port}/0",
        "COOLDOWN_STORE_CA": str(authorities),
        "COOLDOWN_HASH_KEY": HASH_KEY,
    }


def test_a_store_of_ones_own_authority_is_used(
    emulator: Emulator, server: Any, authority: trustme.CA, pem: Path
) -> None:
    with store_of(server, authority) as store:
        instances = [LocalFunction(emulator.url, settings_of(store, pem)).kept() for _ in range(2)]
        assert [instance(http_event()).line["outcome"] for instance in instances * 2] == ["sent", *["duplicate"] * 3]
        assert store.connections == 2  # each instance keeps its own


def test_a_name_is_verified_as_well_as_an_address(
    emulator: Emulator, server: Any, authority: trustme.CA, pem: Path
) -> None:
    with store_of(server, authority, "localhost") as store:
        by_name = settings_of(store, pem, host="localhost")
        assert LocalFunction(emulator.url, by_name)(http_event()).line["outcome"] == "sent"


@pytest.mark.parametrize("fault", ["another authority", "another name", "the world's authorities", "no TLS"])
def test_a_store_that_is_not_the_one_meant_is_sent_nothing(
    emulator: Emulator, server: Any, authority: trustme.CA, pem: Path, fault: str
) -> None:
    signed_by = trustme.CA() if fault == "another authority" else authority
    name = "store.example.com" if fault == "another name" else "127.0.0.1"
    with store_of(server, signed_by, name) if fault != "no TLS" else store_proxy(server) as store:
        authorities = "" if fault == "the world's authorities" else pem
        refused = LocalFunction(emulator.url, settings_of(store, authorities))(http_event())
    assert (refused.result["statusCode"], refused.body["Code"]) == (503, "CooldownStoreUnavailable")
    if fault != "no TLS":
        assert refused.line["upstream_code"] == "SSLCertVerificationError"
    assert not emulator.directory.messages()


def test_without_a_file_of_ones_own_the_systems_authorities_are_trusted(
    emulator: Emulator, server: Any, authority: trustme.CA, pem: Path
) -> None:
    with store_of(server, authority) as store:
        settings = {**settings_of(store), "SSL_CERT_FILE": str(pem)}  # where OpenSSL looks for them
        assert LocalFunction(emulator.url, settings)(http_event()).line["outcome"] == "sent"


def test_with_a_file_of_ones_own_no_other_authority_is_trusted(
    emulator: Emulator, server: Any, authority: trustme.CA, pem: Path, tmp_path: Path
) -> None:
    with store_of(server, authority) as store:
        another = written(trustme.CA(), tmp_path / "another.pem")
        settings = {**settings_of(store, another), "SSL_CERT_FILE": str(pem)}
        assert LocalFunction(emulator.url, settings)(http_event()).line["outcome"] == "failed"


def test_a_path_that_is_not_absolute_begins_at_the_folder_of_the_code(
    emulator: Emulator, server: Any, authority: trustme.CA, pem: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(FUNCTIONS / "fcapi")
    relative = os.path.relpath(pem, FUNCTIONS)
    with store_of(server, authority) as store:
        assert LocalFunction(emulator.url, settings_of(store, relative))(http_event()).line["outcome"] == "sent"


def test_a_file_may_have_several_certificates(
    emulator: Emulator, server: Any, authority: trustme.CA, pem: Path
) -> None:
    pem.write_text(f"A chain, as vendors give them out.\n{trustme.CA().cert_pem.bytes().decode()}{pem.read_text()}")
    with store_of(server, authority) as store:
        assert LocalFunction(emulator.url, settings_of(store, pem))(http_event()).line["outcome"] == "sent"


def test_the_initializer_opens_no_connection(server: Any, authority: trustme.CA, pem: Path) -> None:
    with store_of(server, authority) as store:
        LocalFunction("https://example.com", settings_of(store, pem)).kept()
    assert store.connections == 0


@pytest.mark.parametrize(
    "content", [None, "", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n", "a key", "a folder"]
)
def test_a_file_that_holds_no_certificate_stops_the_initializer(
    server: Any, authority: trustme.CA, tmp_path: Path, content: str | None
) -> None:
    path = tmp_path / "store-ca.pem"
    if content == "a key":
        content = authority.private_key_pem.bytes().decode()
    if content == "a folder":
        path.mkdir()
    elif content is not None:
        path.write_text(content)
    with store_of(server, authority) as store:
        function = LocalFunction("https://example.com", settings_of(store, path))
        with pytest.raises(InvalidSetting) as refused:
            function(http_event())
    assert str(refused.value) == (
        "COOLDOWN_STORE_CA: must be the path of a PEM file of certificates, absolute or in the package."
    )
    assert store.connections == 0
