"""What may be read of numbers, keys and ids."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fcapi.redaction import loggable_id, redact
from phone_verification.masking import mask_phone_number

country_codes = st.from_regex(r"[1-9][0-9]{0,2}", fullmatch=True)
numbers = st.from_regex(r"[0-9]{7,15}", fullmatch=True)


@pytest.mark.parametrize(
    ("phone_number", "masked"),
    [
        ("86-13900001234", "86-139****1234"),
        ("1-2025550123", "1-****23"),
        ("44-7700900123456", "44-770****3456"),
        ("86-12", "86-****"),
        ("86-12345", "86-****45"),
        ("86-139****1234", "invalid"),
        ("8613900001234", "invalid"),
        ("13900001234-1", "invalid"),
        ("86-13900001234\n", "invalid"),
        ("", "invalid"),
    ],
)
def test_masks_a_phone_number(phone_number: str, masked: str) -> None:
    assert mask_phone_number(phone_number) == masked


@given(country_codes, numbers)
def test_a_masked_number_never_shows_the_whole(country_code: str, number: str) -> None:
    masked = mask_phone_number(f"{country_code}-{number}")
    assert number not in masked
    assert len(re.sub(r"\D", "", masked.partition("-")[2])) <= 7


@given(st.text(), country_codes, st.sampled_from(["-", "", " ", "+", ". "]), numbers, st.text())
def test_redacted_text_never_shows_a_whole_number(
    before: str, country_code: str, separator: str, number: str, after: str
) -> None:
    redacted = redact(f"{before}{country_code}{separator}{number}{after}")
    assert number not in redacted


@given(st.text(), st.text(min_size=8).filter(lambda secret: secret not in "****"), st.text())
def test_redacted_text_never_shows_a_known_secret(before: str, secret: str, after: str) -> None:
    assert secret not in redact(before + secret + after, (secret,))


def test_of_secrets_that_contain_each_other_nothing_is_left() -> None:
    assert redact("<token-and-more>", ("token", "token-and-more")) == "<****>"


@pytest.mark.parametrize(
    "secret",
    [
        "LTAI5tQnnExampleKeyId00",
        "STS.NUExampleTemporaryKey",
        "CAIS8QF1q6Ft5B2yfSjIr5bdGt",
        "59aaf7736df05f436cd41126214aa3e5011f49b7ccdde9f02e09892b241e63d3",
    ],
)
def test_redacted_text_shows_no_key_token_or_signature(secret: str) -> None:
    assert secret not in redact(f"Credential={secret},rest")


def test_redaction_leaves_the_names_of_code_and_its_lines() -> None:
    text = 'File "/code/resource_directory/client.py", line 123, in send_phone_verification_for_message_contact'
    assert redact(text) == text


@pytest.mark.parametrize(
    ("value", "logged"),
    [
        ("CD76D376-2517-4924-92C5-DBC52262F93A", "CD76D376-2517-4924-92C5-DBC52262F93A"),
        ("2F5B3C082B923D4EAC694B76D928ABCD", "2F5B3C082B923D4EAC694B76D928ABCD"),
        ("order-42", "order-42"),
        ("86-13900001234", "****34"),
        ("two\nlines", "invalid"),
        ("", "invalid"),
        ("x" * 129, "invalid"),
    ],
)
def test_an_id_from_outside_is_logged_only_if_it_can_be_one(value: str, logged: str) -> None:
    assert loggable_id(value) == logged
