"""The addresses in the settings mean the same to all that read them, and no refusal shows a part of one."""

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import quote, urlsplit

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from urllib3.util import parse_url

from cooldown.address import StoreAddress
from cooldown.redis_connection import RedisConnection
from phone_verification.settings import InvalidSetting, Settings

T = TypeVar("T")

HASH_KEY = "k" * 32
PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))
ONLY_LOOPBACK = "redis:// is for loopback addresses"
REFUSALS = (
    "COOLDOWN_STORE_URL: must be a URL like rediss://user:password@host:6379/0, with %25 for a % in the password.",
    f"COOLDOWN_STORE_URL: must be a rediss:// URL: {ONLY_LOOPBACK}, or with COOLDOWN_STORE_PLAINTEXT=true.",
    "RESOURCE_DIRECTORY_ENDPOINT: must be a host or an http(s) URL without a path.",
    "RESOURCE_DIRECTORY_ENDPOINT: must be an https URL: plain http is for loopback addresses only.",
)

NOT_HOSTS = [
    *("", ".", "-", "a..b", "r-x..redis", ".host", "host.", "-host", "host-", "a_b", "ho st", "höst", "\u212aelvin"),
    *("127.1", "0x7f.1", "2130706433", "127.0.0.256", "127.0.0.01", "1.2.3.4.5", "host.0x7f", "host.1"),
    *("[::1", "::1]", "::1", "[]", "[::1%eth0]", "[127.0.0.1]", "[v1.a]", "[::g]", "a" * 64, ".".join(["a" * 60] * 5)),
    *("host:", "host:0", "host:65536", "host:99999", "host:-1", "host:+1", "host:1_0", "host:\u0661", "host:80:80"),
    *("host?x=1", "host#x", "user@host@", "host\\", "host\x00", "host\n", "host%2e"),
]
HOSTS = {
    "host": ("host", None),
    "HOST.Example.COM": ("host.example.com", None),
    "r-1.redis.rds.aliyuncs.com:6379": ("r-1.redis.rds.aliyuncs.com", 6379),
    "127.0.0.1:1": ("127.0.0.1", 1),
    "host:00443": ("host", 443),
    "host:65535": ("host", 65535),
    "[::1]": ("::1", None),
    "[2001:DB8::1]:443": ("2001:db8::1", 443),
    "[::ffff:127.0.0.1]": ("::ffff:127.0.0.1", None),
    "xn--hst-sna.example.com": ("xn--hst-sna.example.com", None),
    "127.example.com": ("127.example.com", None),
    f"{'a' * 63}.example.com": (f"{'a' * 63}.example.com", None),
    ".".join(["a" * 63, "b" * 63, "c" * 63, "d" * 61]): (".".join(["a" * 63, "b" * 63, "c" * 63, "d" * 61]), None),
}


def store(url: str, **others: str) -> StoreAddress:
    environ = {"COOLDOWN_STORE_URL": url, "COOLDOWN_HASH_KEY": HASH_KEY, **others}
    address = Settings.from_environ(environ).cooldown_store
    assert address is not None
    return address


def endpoint(value: str) -> str:
    return Settings.from_environ({"RESOURCE_DIRECTORY_ENDPOINT": value}).resource_directory_endpoint


def result_of(read: Callable[[], T]) -> tuple[T | None, str | None]:
    """Return a setting, or the refusal of it."""
    try:
        return read(), None
    except InvalidSetting as refused:
        return None, str(refused)


@pytest.mark.parametrize(("text", "host"), HOSTS.items())
def test_a_host_is_a_name_or_an_address_with_or_without_a_port(text: str, host: tuple[str, int | None]) -> None:
    name, port = host
    assert store(f"rediss://{text}")[:2] == (name, port or 6379)
    read_again = urlsplit(endpoint(text))
    assert (read_again.scheme, read_again.hostname, read_again.port) == ("https", name, port)


@pytest.mark.parametrize("text", NOT_HOSTS)
def test_everything_else_is_refused(text: str) -> None:
    with pytest.raises(InvalidSetting) as refused:
        store(f"rediss://{text}")
    assert str(refused.value) == REFUSALS[0]
    if text:  # an empty variable counts as absent
        with pytest.raises(InvalidSetting) as refused:
            endpoint(text)
        assert str(refused.value) == REFUSALS[2]


@pytest.mark.parametrize("host", ["127.example.com", "localhost.example.com", "[::2]", "128.0.0.1", "0.0.0.0"])  # noqa: S104 -- refused
def test_only_this_machine_is_reached_in_plain_text(host: str) -> None:
    with pytest.raises(InvalidSetting) as refused:
        store(f"redis://{host}")
    assert str(refused.value) == REFUSALS[1]
    assert not store(f"redis://{host}", COOLDOWN_STORE_PLAINTEXT="true").tls
    with pytest.raises(InvalidSetting) as refused:
        endpoint(f"http://{host}")
    assert str(refused.value) == REFUSALS[3]


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("rediss://host", StoreAddress("host", tls=True)),
        ("rediss://host/", StoreAddress("host", tls=True)),
        ("rediss://@host:1/12", StoreAddress("host", 1, 12, tls=True)),
        ("rediss://:secret@host", StoreAddress("host", password="secret", tls=True)),
        ("rediss://app:S3cret#Pa55@host:6379/0", StoreAddress("host", 6379, 0, "app", "S3cret#Pa55", tls=True)),
        ("rediss://:12#34@host/0", StoreAddress("host", password="12#34", tls=True)),
        ("rediss://u:a@b:c/d?e[f]@host", StoreAddress("host", username="u", password="a@b:c/d?e[f]", tls=True)),
        ("rediss://u%3A:p%25%40%C3%A9@host", StoreAddress("host", username="u:", password="p%@é", tls=True)),
        ("redis://localhost", StoreAddress("localhost")),
    ],
)
def test_a_stores_url_has_parts(url: str, address: StoreAddress) -> None:
    assert store(url) == address


@pytest.mark.parametrize(
    "url",
    [
        *("rediss:", "rediss:/host", "rediss:///", "REDISS://host", "http://host", "unix:///tmp/store", "host:6379"),
        *("rediss://user:100%@host", "rediss://user:%zz@host", "rediss://user:%FF@host", "rediss://%FF:a@host"),
        *(
            "rediss://us er@host",
            "rediss://user:é@host",
            "rediss://user:\x7f@host",
            "rediss://host/zero",
            "rediss://host/12345",
            "rediss://host/0/",
        ),
        *("rediss://user@host", "rediss://user:@host", "rediss://%75ser@host"),
        *("rediss://host/0?ssl_cert_reqs=none", "rediss://host/0#x", "rediss://host?db=1", "rediss://host/-1"),
    ],
)
def test_what_is_no_stores_url_is_refused(url: str) -> None:
    with pytest.raises(InvalidSetting) as refused:
        store(url)
    assert str(refused.value) == REFUSALS[0]


# What is accepted means the same to the libraries that read it again.

PIECES = st.text(st.sampled_from("[]:/?#@%.-\\ \n0123x7fazAZé\u0661")) | st.text(max_size=5)
ALMOST_URLS = st.tuples(
    st.sampled_from(["", "http://", "https://", "redis://", "rediss://", "rediss:", "//"]),
    st.sampled_from(["", "@", "user:S3cret@", "user:S3#cr/et@"]) | PIECES,
    st.sampled_from(["host", "127.0.0.1", "[::1]", "r-x..redis"]) | PIECES,
    st.sampled_from(["", ":443", ":99999", "/0", ":6379/0"]) | PIECES,
).map("".join)


@given(ALMOST_URLS | st.text())
@example("https://host:0443")
def test_an_endpoint_is_refused_or_means_the_same_to_every_parser(value: str) -> None:
    assume(value)
    url, refusal = result_of(lambda: endpoint(value))
    assert refusal in (None, *REFUSALS)
    if refusal:
        return
    ours, theirs = urlsplit(f"{url}/?ContactId=c-1"), parse_url(f"{url}/?ContactId=c-1")
    assert (theirs.scheme, (theirs.host or "").strip("[]"), theirs.port) == (ours.scheme, ours.hostname, ours.port)
    assert (theirs.path, theirs.query, theirs.auth) == ("/", "ContactId=c-1", None)
    assert theirs.url == f"{url}/?ContactId=c-1"


@given(ALMOST_URLS | st.text(), st.sampled_from(["true", "false"]))
def test_a_stores_url_is_refused_or_has_parts_that_can_be_connected_to(value: str, plaintext: str) -> None:
    assume(value)
    address, refusal = result_of(lambda: store(value, COOLDOWN_STORE_PLAINTEXT=plaintext))
    assert refusal in (None, *REFUSALS)
    if address is None:
        return
    assert address.host in value.lower()
    assert 1 <= address.port <= 65535
    connection = RedisConnection(address, None)
    assert (connection.host, connection.port, connection.db) == address[:3]
    assert (connection.username or "", connection.password or "") == address[3:5]


@given(st.text(PRINTABLE.replace("%", "").replace(":", "")), st.text(PRINTABLE.replace("%", "")))
def test_a_password_may_be_written_as_it_is_but_for_a_percent_sign(username: str, password: str) -> None:
    assume(password or not username)
    assert store(f"rediss://{username}:{password}@host:1/2") == StoreAddress("host", 1, 2, username, password, tls=True)


@given(st.text(), st.text())
def test_every_password_may_be_percent_encoded(username: str, password: str) -> None:
    assume(not any("\ud800" <= character <= "\udfff" for character in username + password))
    assume(password or not username)
    url = f"rediss://{quote(username, safe='')}:{quote(password, safe='')}@host"
    assert store(url) == StoreAddress("host", username=username, password=password, tls=True)
