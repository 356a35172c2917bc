"""What an answer may not show of the request: parts of the number and of the credentials, however they are written."""

import random
import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from fcapi.credentials import Credentials
from resource_directory.confidential import Confidential

PHONE_NUMBER = "86-13900001234"
KEY_ID, SECRET, TOKEN = (
    "STS.NUgYrLnoC37mZZCNnAbez",
    "8sPqTxLzB2wQd0HkVfYgNcMrJ5uE1a",
    "CAIS3wF1q6Ft5B2yfSjIr5fWL8jGgKlD+b/c==" * 4,
)
SECRETS = Confidential(Credentials(KEY_ID, SECRET, TOKEN), PHONE_NUMBER)

Write = Callable[[str], str]

WRITINGS: dict[str, Write] = {
    "as it is": str,
    "in lower case": str.lower,
    "in upper case": str.upper,
    "with hyphens": "-".join,
    "with dots and underscores": lambda part: "._".join(part),
    "in hexadecimal": lambda part: part.encode().hex(),
    "in upper-case hexadecimal": lambda part: part.encode().hex().upper(),
    "in hexadecimal with hyphens": lambda part: part.encode().hex("-"),
    "in base64": lambda part: b64encode(part.encode()).decode(),
    "in base64 for URLs": lambda part: urlsafe_b64encode(part.encode()).decode().rstrip("="),
    "in base64, not from its start": lambda part: b64encode(b"+" + part.encode()).decode(),
    "in base64, later still": lambda part: b64encode(b"++" + part.encode() + b"+").decode(),
}


def part_of(secret: str, length: int) -> some.SearchStrategy[str]:
    plain = re.sub(r"[^0-9A-Za-z]", "", secret)
    return some.integers(0, len(plain) - length).map(lambda start: plain[start : start + length])


PARTS = part_of(PHONE_NUMBER, 7) | part_of(KEY_ID, 8) | part_of(SECRET, 8) | part_of(TOKEN, 8)


@pytest.mark.parametrize("write", WRITINGS.values(), ids=WRITINGS.keys())
@settings(max_examples=30, deadline=None)
@given(
    part=PARTS, before=some.sampled_from(["", "A", "Throttling.", "xyz-"]), after=some.sampled_from(["", "z", ".Q-"])
)
def test_a_part_is_found_however_it_is_written(write: Write, part: str, before: str, after: str) -> None:
    assert SECRETS.shows_in(before + write(part) + after)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Throttling.User",
        "InvalidSecurityToken.MismatchWithAccessKey",
        "SendValidateCodeExceedsLimitForAccount",
        "CD76D376-2517-4924-92C5-DBC52262F93A",
        "139-000",
        "STS-NUgY",
    ],
)
def test_what_shows_less_than_a_part_passes(text: str) -> None:
    assert not SECRETS.shows_in(text)


def test_the_request_ids_of_the_api_pass() -> None:
    chance = random.Random(2022)  # noqa: S311 -- no secret
    request_ids = [str(UUID(int=chance.getrandbits(128))) for _ in range(2000)]
    assert [request_id for request_id in request_ids if SECRETS.shows_in(request_id.upper())] == []


@pytest.mark.parametrize(
    ("phone_number", "text", "shown"),
    [
        ("290-12345", "A12345", True),  # the shortest mobile numbers there are
        ("290-12345", "A2345", False),
        ("1-2", "A12", False),
        ("", "A12345678", False),
    ],
)
def test_of_a_short_number_the_whole_is_a_part(phone_number: str, text: str, shown: bool) -> None:
    assert Confidential(Credentials("LTAIlocal", "local-secret"), phone_number).shows_in(text) is shown


ADDRESS = "Zhang.San+1@example.com"
OF_A_MAIL = Confidential(Credentials(KEY_ID, SECRET, TOKEN), ADDRESS)


@pytest.mark.parametrize("write", WRITINGS.values(), ids=WRITINGS.keys())
@pytest.mark.parametrize("part", ["Zhang.San+1", "ZhangSan", ADDRESS])
def test_a_name_in_an_address_is_found_however_it_is_written(write: Write, part: str) -> None:
    assert OF_A_MAIL.shows_in(write(part))


@pytest.mark.parametrize(
    ("address", "text", "shown"),
    [
        (ADDRESS, "example-com", False),  # the domain is in the log anyway
        (ADDRESS, "Zhang", False),
        ("zhang@example.com", "A-Zhang", True),
        ("li@example.com", "li", False),
        ("li@example.com", "LI-example.com", True),
        ("li@example.com", "example.com", False),
        ("张三@example.com", "example", False),
    ],
)
def test_of_an_address_the_name_is_what_is_found(address: str, text: str, shown: bool) -> None:
    assert Confidential(Credentials("LTAIlocal", "local-secret"), address).shows_in(text) is shown


def test_the_request_ids_of_the_api_pass_for_mails_too() -> None:
    chance = random.Random(2022)  # noqa: S311 -- no secret
    request_ids = [str(UUID(int=chance.getrandbits(128))) for _ in range(2000)]
    assert [request_id for request_id in request_ids if OF_A_MAIL.shows_in(request_id.upper())] == []


def test_an_empty_token_is_in_no_text() -> None:
    assert not Confidential(Credentials("k", "s", None), PHONE_NUMBER).shows_in("a text of any kind: k, s")
