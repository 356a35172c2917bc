"""The channels: what is a target of one is never that of the other, and no two targets share a record."""

from hashlib import blake2b

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cooldown.names import Names
from phone_verification.channel import CHANNELS, EMAIL, PHONE
from phone_verification.request import Verification, verification_of
from resource_directory.errors import InvalidContactId, InvalidEmailAddress, InvalidPhoneNumber

NUMBER, ADDRESS = "86-13900001234", "zhang.san@example.com"
TARGETS = st.one_of(
    st.text(),
    st.from_regex(r"[0-9]{1,3}-[0-9]{5,15}", fullmatch=True),
    st.emails(),
    st.from_regex(r"[0-9@-]{3,20}", fullmatch=True),
)


@given(TARGETS)
def test_nothing_is_a_target_of_both(text: str) -> None:
    assert sum(channel.is_target(text) for channel in CHANNELS.values()) <= 1


@given(st.emails())
def test_an_address_is_a_target_of_mails(address: str) -> None:
    assert EMAIL.is_target(address)


def test_a_number_has_the_record_that_it_always_had() -> None:
    """So no window is forgotten by an upgrade."""
    key = blake2b(b"k" * 32).digest()
    triple = f"{len('1234')}:1234{len('c-1')}:c-1{NUMBER}".encode()
    assert Names(b"k" * 32).of("1234", "c-1", NUMBER) == f"pv1:{blake2b(triple, digest_size=32, key=key).hexdigest()}"


@given(st.text(), st.from_regex(r"[0-9]{1,3}-[0-9]{5,15}", fullmatch=True), st.emails())
def test_number_and_address_of_a_contact_have_records_of_their_own(contact_id: str, number: str, address: str) -> None:
    names = Names(b"k" * 32)
    assert names.of("1234", contact_id, number) != names.of("1234", contact_id, address)


def test_what_cannot_be_a_contact_or_its_target_is_refused_in_the_words_of_the_api() -> None:
    assert verification_of(EMAIL, "c-1", ADDRESS) == Verification(EMAIL, "c-1", ADDRESS)
    with pytest.raises(InvalidContactId):
        verification_of(PHONE, "c 1", NUMBER)
    with pytest.raises(InvalidContactId):
        verification_of(EMAIL, "c" * 65, ADDRESS)
    with pytest.raises(InvalidPhoneNumber):
        verification_of(PHONE, "c-1", ADDRESS)
    with pytest.raises(InvalidEmailAddress):
        verification_of(EMAIL, "c-1", NUMBER)


def test_a_verification_shows_neither_contact_nor_target() -> None:
    assert repr(Verification(EMAIL, "c-1", ADDRESS)) == "Verification(EmailAddress)"
