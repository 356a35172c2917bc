"""What may be read of numbers, keys and ids."""

import html
import json
import re
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fcapi.redaction import loggable_id, redact
from phone_verification.masking import (
    loggable_contact_id,
    loggable_email_address,
    loggable_event_id,
    mask_email_address,
    mask_phone_number,
)
from tests.fuzz.mutations import ADDRESSES

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
        ("86-", "invalid"),
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
        "LTAI4FoAbC123xYz",
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
        ("order-LTAI5tQnnExampleKeyId", "order-****"),
        ("STS.NUExampleTemporaryKey", "****"),
        ("two\nlines", "invalid"),
        ("", "invalid"),
        ("x" * 129, "invalid"),
    ],
)
def test_an_id_from_outside_is_logged_only_if_it_can_be_one(value: str, logged: str) -> None:
    assert loggable_id(value) == logged


@pytest.mark.parametrize(
    "value",
    [
        "1-65dd9ece-123e1745-e6b2fe71423f",
        "1-64f7449a-127fbe39cd7681596e33ebad",
        "1-6a9fc3aa-15a2e5-62c173249af3",
        "606EA3074344430D4C810012",
        "C6DB60D1574661357FA2272774450001",
        "5F290C926D472878-2-14D9529A8FA-200000001",
        "7F0000010BDD2A84AEE70DA49B570001",
        "0156F7E71C361B21BC024CCDBE00000000",
        "8e215af8-ca18-4249-8645-f96c10260001",
        "bj694332-4cj1-389e-9d8c-b137h30b0001",
        "45ef4dewdwe1-7c35-447a-bd93-fab0001",
        "d100262d-90c7-4caf-a3b5-813f3526a1f7-0001",
        "8e215af8-ca18-4249-8645-f96c1026****",
    ],
)
def test_an_id_of_the_platform_is_logged_as_it_is(value: str) -> None:
    assert loggable_id(value) == value


SPELLINGS = [
    *("sms_139_0000_1234", "139/0000/1234", "139:0000:1234", "139.0000.1234", "139-0000-1234", "139#0000#1234"),
    *("139@0000@1234", "139*0000*1234", "139--0000----1234", "1_3_9_0_0_0_0_1_2_3_4", "86_139_0000_1234"),
    *("c:86:139:0000:1234", "order/139-0000_1234/x", "a-139.0000:1234", "13900001234_7"),
    *("139****0000****1234*****", "139*0000*1234***********************"),
]


@pytest.mark.parametrize("value", SPELLINGS)
def test_a_number_is_masked_as_an_id_however_it_is_spelled(value: str) -> None:
    assert "13900001234" not in re.sub(r"[\W_]", "", loggable_id(value))
    assert loggable_id(value) != "invalid"


def hexadecimal(*sizes: int) -> st.SearchStrategy[str]:
    groups = "-".join(f"[0-9A-Fa-f]{{{size}}}" for size in sizes)
    return st.from_regex(groups, fullmatch=True)


PLATFORM_IDS = st.one_of(
    st.builds("1-{}".format, st.one_of(hexadecimal(8, 8, 12), hexadecimal(8, 24), hexadecimal(8, 6, 12))),
    *(hexadecimal(size) for size in (24, 32, 34, 56)),
    hexadecimal(16, 1, 11, 9),
    hexadecimal(8, 4, 4, 4, 12),
    hexadecimal(8, 4, 4, 4, 12, 4),
    st.from_regex(r"[0-9a-z]{8,12}(-[0-9a-z]{4}){3}-[0-9a-z]{8,12}", fullmatch=True),
)


@settings(max_examples=200)
@given(PLATFORM_IDS)
def test_every_id_in_a_shape_of_the_platform_is_logged_as_it_is(value: str) -> None:
    assert loggable_id(value) == value


SEPARATORS = st.text("._:/*@#-", max_size=4)


@st.composite
def spelled_numbers(draw: st.DrawFn) -> tuple[str, str]:
    """Draw a number's digits, country code included or not, and a spelling of them with words around it."""
    digits = draw(st.from_regex(r"[0-9]{7,18}", fullmatch=True))
    spelled = "".join(digit + draw(SEPARATORS) for digit in digits)
    words = st.from_regex(r"([A-Za-z]{1,12}[._:/*@#-]{1,2})?", fullmatch=True)
    return digits, draw(words) + spelled + draw(words)


@settings(max_examples=200)
@given(spelled_numbers())
def test_no_spelling_of_a_number_is_logged_as_an_id(drawn: tuple[str, str]) -> None:
    digits, spelled = drawn
    logged = loggable_id(spelled)
    assert digits not in re.sub("[^0-9]", "", logged)
    assert len(re.sub("[^0-9]", "", logged)) <= 2
    assert digits not in re.sub(r"[\W_]", "", redact(spelled))


@pytest.mark.parametrize(
    ("contact_id", "known", "unknown"),
    [
        ("c-qL4HqKONzOM7abcd", "c-qL4HqKONzOM7abcd", "c-qL4HqKONzOM7abcd"),
        ("c-loadtest00000100", "c-loadtest00000100", "c-loadtest****00"),
        ("c-13900005678", "c-13900005678", "c-****78"),
        ("c-13900001234", "c-****", "c-****"),
        ("c-8613900001234", "c-****", "c-****"),
        ("c-x13900001234y", "c-****", "c-****"),
        ("c-139x0000x1234", "c-****", "c-****"),
        ("13900001234", "invalid", "invalid"),
        ("c-139-0000-1234", "invalid", "invalid"),
        ("c-" + "x" * 62, "c-" + "x" * 62, "c-" + "x" * 62),
        ("c-" + "x" * 63, "invalid", "invalid"),
        ("c-", "invalid", "invalid"),
        ("c-x\n", "invalid", "invalid"),
        (7, "invalid", "invalid"),
        ("", None, None),
    ],
)
def test_a_contact_id_is_logged_so_that_it_is_known_again_and_shows_no_number(
    contact_id: object, known: str | None, unknown: str | None
) -> None:
    fields = {"ContactId": contact_id, "PhoneNumber": "86-13900001234"}
    assert loggable_contact_id(fields, is_known=True) == known
    assert loggable_contact_id(fields) == unknown


@given(st.from_regex(r"[0-9]{5,15}", fullmatch=True), st.from_regex("[a-z]{0,9}", fullmatch=True), st.booleans())
def test_a_contact_id_never_shows_the_number_that_is_to_be_verified(number: str, word: str, known: bool) -> None:
    for contact_id in (f"c-{word}{number}", f"c-86{number}{word}", "c-" + "x".join(number)):
        fields = {"ContactId": contact_id, "PhoneNumber": f"86-{number}"}
        logged = loggable_contact_id(fields, is_known=known)
        assert number not in re.sub("[^0-9]", "", str(logged))


@pytest.mark.parametrize(
    ("event_id", "logged"),
    [
        ("order-42", "order-42"),
        ("ab13900001234cdefabcdefa", "****"),
        ("1-13900001-23400000-000000000000", "****"),
        ("139x0000x1234", "****"),
        (None, None),
    ],
)
def test_an_id_of_an_event_never_shows_the_number_that_is_to_be_verified(
    event_id: str | None, logged: str | None
) -> None:
    assert loggable_event_id(event_id, {"PhoneNumber": "86-13900001234"}) == logged


@pytest.mark.parametrize(
    ("email_address", "masked"),
    [
        ("zhang.san@example.com", "z***@example.com"),
        ("Zhang@EXAMPLE.COM", "Z***@EXAMPLE.COM"),
        ("zs@example.com", "z***@example.com"),
        ("z@example.com", "***@example.com"),
        ('"zhang san"@example.com', "***@example.com"),
        ('"a@b"@example.com', "***@example.com"),
        ("张三@example.com", "***@example.com"),
        ("zhang@例子.example", "z***@****"),
        ("zhang@[192.0.2.1]", "z***@****"),
        ("zhang@13900001234.example", "z***@****34.example"),
        ("zhang@163.com", "z***@163.com"),
        ("root@localhost", "r***@localhost"),
        ("zhang", "invalid"),
        ("@example.com", "invalid"),
        ("zhang@", "invalid"),
        ("", "invalid"),
    ],
)
def test_masks_an_email_address_but_for_its_domain(email_address: str, masked: str) -> None:
    assert mask_email_address(email_address) == masked


@given(st.text(min_size=1), st.text(min_size=1))
def test_a_masked_address_shows_one_character_of_what_is_before_the_at(local_part: str, domain: str) -> None:
    before, _, _ = mask_email_address(f"{local_part}@{domain}").rpartition("@")
    assert before == "" or before.removesuffix("***") in ("", local_part[0])


@pytest.mark.parametrize(("value", "logged"), [(None, None), ("", None), (7, "invalid"), ("a", "invalid")])
def test_what_is_no_address_is_logged_as_invalid(value: object, logged: str | None) -> None:
    assert loggable_email_address({"EmailAddress": value}) == logged


BACKSLASH = "\\"
ATEXT = "!#$%&'*+-/=?^_`{|}~"
"""What may be in a local part without quotes, besides letters, digits and dots (RFC 5322)."""

LOCAL_PARTS = [
    *("zhang.san", "zhang", "z", "Zhang_San+tag", "x" * 64, "13900001234", "张三", "zhang\u3000san", "(zhang)san"),
    *(f"zhang{character}san" for character in ATEXT),
    *(f"{character}zhang" for character in ATEXT),
    *('"zhang san"', '"zhang@san"', '"zhang @ san"', '"zhang\\" san"', '"zhang, san"', f'"{"zhang san " * 100}"'),
]
DOMAINS = [
    *("example.com", "mail.example.com.cn", "EXAMPLE.COM", "163.com", "my_corp.com", "example.1com", "localhost"),
    *("[192.0.2.1]", "192.168.1.10", "例子.example", "xn--fsq.example"),
]


def in_percent(text: str) -> str:
    return quote(text, safe="")


def in_quoted_printable(text: str) -> str:
    return text.replace("=", "=3D").replace("@", "=40")


SPELL: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "in upper case": str.upper,
    "in JSON": json.dumps,
    "in JSON twice": lambda text: json.dumps(json.dumps(text)),
    "in JSON with an escape": lambda text: json.dumps(text).replace("@", "\\u0040"),
    "in JSON twice with an escape": lambda text: json.dumps(json.dumps(text).replace("@", "\\u0040")),
    "in JSON with all escapes": lambda text: text.replace('"', "\\u0022").replace("@", "\\u0040"),
    "in JSON as JavaScript may have it": lambda text: text.replace('"', "\\u{22}").replace("@", "\\u{40}"),
    "in JSON in a URL": lambda text: in_percent(json.dumps(text).replace("@", "\\u0040")),
    "in Python": lambda text: repr(text).replace("@", "\\x40"),
    "in Python in octal": lambda text: text.replace('"', "\\042").replace("@", "\\100"),
    "in Python in 32 bits": lambda text: text.replace("@", "\\U00000040"),
    "in Python by name": lambda text: text.replace("@", "\\N{COMMERCIAL AT}"),
    "in LDAP": lambda text: text.replace('"', "\\22").replace("@", "\\40"),
    "in a query": lambda text: f"EmailAddress={in_percent(text)}&x=1",
    "in a query twice": lambda text: in_percent(in_percent(text)),
    "in a query of JavaScript": lambda text: in_percent(text).replace("%40", "%u0040"),
    "in HTML": html.escape,
    "in HTML by number": lambda text: html.escape(text).replace("@", "&#64;"),
    "in HTML by number, not ended": lambda text: text.replace('"', "&#34").replace("@", "&#64"),
    "in HTML by hexadecimal number": lambda text: html.escape(text).replace("@", "&#x40;"),
    "in HTML by hexadecimal number, not ended": lambda text: text.replace('"', "&#X22").replace("@", "&#X40"),
    "in HTML by name": lambda text: html.escape(text).replace("@", "&commat;"),
    "in HTML by name, not ended": lambda text: text.replace('"', "&quot").replace("@", "&commat"),
    "in HTML twice": lambda text: html.escape(html.escape(text).replace("@", "&#64;")),
    "in HTML in JSON": lambda text: text.replace('"', "\\u0026quot;").replace("@", "\\u0026#64;"),
    "in HTML in a URL": lambda text: in_percent(html.escape(text).replace("@", "&#64;")),
    "in a mail": in_quoted_printable,
    "in a mail twice": lambda text: in_quoted_printable(in_quoted_printable(text)),
    "in UTF-7": lambda text: text.replace("@", "+AEA-"),
    "in full width": lambda text: text.replace("@", "\uff20"),
    "in full width in JSON": lambda text: text.replace("@", "\\uff20"),
    "in full width in HTML": lambda text: text.replace("@", "&#65312;"),
    "in full width in a URL": lambda text: in_percent(text.replace("@", "\uff20")),
    "in full width in bytes": lambda text: str(text.replace("@", "\uff20").encode())[2:-1],
    "in small": lambda text: text.replace("@", "\ufe6b"),
    "in small in JSON": lambda text: text.replace("@", "\\uFE6B"),
    "in small in HTML": lambda text: text.replace("@", "&#xFE6B;"),
    "in small in a URL": lambda text: in_percent(text.replace("@", "\ufe6b")),
    "in brackets": lambda text: f"<{text}>",
    "as a link": lambda text: f"(mailto:{text})",
    "behind another": lambda text: f"<@{text}>",
    "in a list": lambda text: f"{text},{text};{text}",
    "in an id": lambda text: f"order-7:{text}",
}


@pytest.mark.parametrize("spell", SPELL.values(), ids=SPELL)
def test_redacted_text_shows_nothing_of_an_address(spell: Callable[[str], str]) -> None:
    addresses = (f"{local_part}@{domain}" for local_part in LOCAL_PARTS for domain in DOMAINS)
    for spelled in map(spell, addresses):
        assert redact(f"KeyError: of {spelled} it is") == "KeyError: of **** it is", spelled


@given(st.text(ATEXT + "az.19", min_size=1, max_size=64), st.sampled_from(DOMAINS), st.sampled_from(sorted(SPELL)))
def test_no_local_part_without_quotes_is_shown(local_part: str, domain: str, spelling: str) -> None:
    assert redact(f"of {SPELL[spelling](f'{local_part}@{domain}')} it is") == "of **** it is"


@pytest.mark.parametrize("spelling", ADDRESSES)
def test_each_spelling_in_a_hostile_event_is_redacted(spelling: str) -> None:
    assert redact(f"of {spelling.format('zhang')} it is") in ("of **** it is", "**** it is")


@pytest.mark.parametrize(
    "address",
    [
        # Written in a URL, in JSON or in HTML many times over.
        f"{BACKSLASH * 99}u0022zhang san{BACKSLASH * 99}u0022@example.com",
        f"&{'amp;' * 99}quot;zhang san&{'amp;' * 99}quot;@example.com",
        f"&#{'0' * 99}34;zhang san&#x{'0' * 99}22;@example.com",
        f"zhang%{'25' * 99}40example.com",
        f"zhang{BACKSLASH * 99}u0040example.com",
        f"zhang&{'amp;' * 99}#64;example.com",
        f"zhang&#{'0' * 99}64;example.com",
        f"zhang&#x{'0' * 99}40;example.com",
        # Blanks may be about the @.
        "zhang @example.com",
        "zhang@ example.com",
        "zhang@\tlocalhost",
        "zhang  @  example.com",
        "zhang @ [192.0.2.1]",
        '"zhang san" @ example.com',
        "zhang@\r\n example.com",
        "zhang(the boss)@example.com",
        # Encodings may lie within one another.
        "zhang\\u002540example.com",
        "zhang&#37;40example.com",
        "zhang%3D40example.com",
        "zhang%5C100example.com",
        "zhang%25255C100example.com",
        "%2522zhang san%2522%2540example.com",
        "zhang=EF=BC=A0example.com",
        "zhang&#65131;example.com",
        # Names in Python are known in lower case too, and those of HTML may be to a lenient reader.
        "zhang\\N{commercial at}example.com",
        "&QUOT;zhang san&QUOT;&COMMAT;example.com",
    ],
)
def test_an_address_is_redacted_however_often_it_is_escaped_and_with_blanks(address: str) -> None:
    assert redact(f"of {address} it is") == "of **** it is"


@pytest.mark.parametrize(
    "text",
    [
        *("@property", "    @given(st.text())", "a @ b", "x = a @ b", "@", "user @example", "%40", "=40example.com"),
        *("key=value", "status=404 took=40ms size=4096 t=40.5s", "#64", "at 0x40", "&quot;a&quot; %22 \\x22 \\u0022"),
    ],
)
def test_redaction_leaves_an_at_without_a_name_before_it_and_what_is_none(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize(
    "part",
    [
        *(
            "a",
            "a ",
            "@",
            "x@",
            "x @ ",
            "1-",
            "%25",
            "%40",
            "&amp;",
            "&#0",
            "#0",
            "=3D",
            "=40a.",
            "\\",
            "\\u{0",
            "+AEA",
        ),
        *('"', '\\"', '"\\', '"a@', '"@ ', '"\n', "ef%bc%"),
    ],
)
def test_an_address_behind_much_of_anything_is_redacted(part: str) -> None:
    """A search that begins anew at each character of such a text would not come to its end."""
    redacted = redact(f"{part * (100_000 // len(part))} zhang.san@example.com")
    assert "zhang" not in redacted
    assert "example" not in redacted


@pytest.mark.parametrize(
    ("value", "logged"),
    [
        ("zhang.san@example.com", "****"),
        ("order:zhang.san@example.com", "order:****"),
        ("zhang.san@example.com:7", "****:7"),
        ("Zhang@EXAMPLE.CN", "****"),
        ("zhang@example.xn--fiqs8s", "****"),
        ("order/zhang@mail.example.com/7", "****"),
        ("a:order/zhang@mail.example.com/7:b", "a:****:b"),
        ("zhang.san@my_corp.com", "****"),
        ("a@example.1com", "****"),
        ("zhang@192.168.1.10", "****"),
        ("zhang@10.0.7", "****"),
        ("zhang@localhost.", "****"),
        ("zhang@.example.com", "****"),
        ("zhang@ex*mple.com", "****"),
        ("@zhang@example.com", "****"),
        ("@@example.com", "****"),
        ("group@my.topic", "****"),
        ("queue@1.5", "****"),
        ("topic@0@zhang@example.com", "****"),
        ("13900001234@example.com", "****"),
        ("x" * 128, "x" * 128),
        ("x" * 129, "invalid"),
        ("group@topic", "group@topic"),
        ("topic@0@17", "topic@0@17"),
        ("my.topic@0@17", "my.topic@0@17"),
        ("GID_group@@@device-7", "GID_group@@@device-7"),
        ("topic@0:17.5", "topic@0:17.5"),
        ("zhang@localhost", "zhang@localhost"),
        ("@example.com", "@example.com"),
        ("order@", "order@"),
        ("zhang%40example.com", "invalid"),
        ("zhang\\u0040example.com", "invalid"),
        ("zhang&#64;example.com", "invalid"),
        ('"zhang"@example.com', "invalid"),
    ],
)
def test_an_id_with_an_at_is_shown_where_no_domain_with_a_dot_follows(value: str, logged: str) -> None:
    assert loggable_id(value) == logged


@given(st.from_regex(r"[0-9A-Za-z._/*@#-]{1,40}@[0-9A-Za-z_*#/-]{0,20}\.[0-9A-Za-z._-]{0,20}", fullmatch=True))
def test_no_address_with_a_dot_in_its_domain_is_logged_as_a_part_of_an_id(address: str) -> None:
    assert loggable_id(address) == "****"
    assert loggable_id(f"order:{address}:x") in ("order:****:x", "****")


@pytest.mark.parametrize(
    ("event_id", "logged"),
    [
        ("order-42", "order-42"),
        ("zhang.san", "zhang.san"),
        ("zhang.san_example.com", "****"),
        ("zhang.san@localhost", "zhang.san@localhost"),
        ("ZHANG-SAN#EXAMPLE-COM/1", "****"),
    ],
)
def test_an_id_of_an_event_never_shows_the_address_in_it(event_id: str, logged: str) -> None:
    assert loggable_event_id(event_id, {"EmailAddress": "zhang.san@example.com"}) == logged


@pytest.mark.parametrize(
    ("contact_id", "logged"),
    [("c-zhangsan0001", "c-****"), ("c-xZhangSan", "c-****"), ("c-zhang0001", "c-zhang0001")],
)
def test_a_contact_id_never_shows_the_name_in_the_address_that_is_to_be_verified(contact_id: str, logged: str) -> None:
    fields = {"ContactId": contact_id, "EmailAddress": "zhang.san@example.com"}
    assert loggable_contact_id(fields, is_known=True) == logged
    assert loggable_contact_id({**fields, "EmailAddress": "li@example.com"}, is_known=True) == contact_id
