"""Who is let in: judged by the vendor's SDK and by requests that the vendor's signer signed and a test then spoilt."""

import hashlib
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from urllib.parse import quote, urlencode

import pytest
from alibabacloud_resourcedirectorymaster20220419 import models
from alibabacloud_tea_openapi.exceptions import ClientException
from alibabacloud_tea_openapi.utils import Utils
from darabonba.request import DaraRequest
from hypothesis import given, settings
from hypothesis import strategies as st

from local.emulator.canonical import ReceivedRequest, canonical_request, signature
from local.emulator.errors import ApiError
from local.emulator.nonces import NonceMemory
from local.emulator.server import Emulator
from local.emulator.verifier import KeyPair, Verifier
from tests.integration.vendor import CONTACT_ID, PHONE_NUMBER, VENDOR_WARNINGS, RawRequest, sdk, send, signed

pytestmark = VENDOR_WARNINGS

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=timezone.utc)


def refusal_of(emulator: Emulator, request: RawRequest) -> tuple[int, str, str]:
    """Send a request that must be refused; return status, Code and Message."""
    reply = send(emulator, request)
    body = json.loads(reply.body)
    assert emulator.directory.messages() == []
    return reply.status, body["Code"], body["Message"]


@pytest.mark.parametrize("security_token", [None, "local-token"])
def test_the_vendors_sdk_is_accepted(emulator: Emulator, security_token: str | None) -> None:
    client = sdk(emulator, security_token=security_token)
    request = models.SendPhoneVerificationForMessageContactRequest(contact_id=CONTACT_ID, phone_number=PHONE_NUMBER)

    answer = client.send_phone_verification_for_message_contact(request)

    assert answer.status_code == 200
    assert [message.request_id for message in emulator.directory.messages()] == [answer.body.request_id]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_vendors_signer_is_accepted(emulator: Emulator, method: str) -> None:
    assert send(emulator, signed(emulator, method=method)).status == 200
    assert len(emulator.directory.messages()) == 1


class TestCredentials:
    @pytest.mark.parametrize(
        ("credentials", "status", "code"),
        [
            ({"access_key_secret": "wrong"}, 400, "SignatureDoesNotMatch"),
            ({"access_key_id": "LTAIother"}, 404, "InvalidAccessKeyId.NotFound"),
            ({"security_token": "other"}, 403, "InvalidSecurityToken.MismatchWithAccessKey"),
            ({"security_token": "two words"}, 403, "InvalidSecurityToken.Malformed"),
        ],
    )
    def test_the_vendors_sdk_is_refused_with_wrong_ones(
        self, emulator: Emulator, credentials: dict[str, str], status: int, code: str
    ) -> None:
        request = models.GetMessageContactRequest(contact_id="c-qL4HqKONzOM7abcd")

        with pytest.raises(ClientException) as caught:
            sdk(emulator, **credentials).get_message_contact(request)

        assert (caught.value.status_code, caught.value.code) == (status, code)

    def test_an_unsigned_request_is_refused(self, emulator: Emulator) -> None:
        refusal = refusal_of(emulator, signed(emulator).without_header("authorization"))

        assert refusal[:2] == (400, "IncompleteSignature")
        assert "Authorization" in refusal[2]

    @pytest.mark.parametrize(
        "authorization",
        [
            "",
            "Bearer abc",
            "ACS3-HMAC-SM3 Credential=LTAIlocal,SignedHeaders=host,Signature=" + "0" * 64,
            "ACS3-HMAC-SHA256 Credential=LTAIlocal,SignedHeaders=host",
            "ACS3-HMAC-SHA256 Credential=LTAIlocal,SignedHeaders=host,Signature=abc",
            "ACS3-HMAC-SHA256 Credential=,SignedHeaders=host,Signature=" + "0" * 64,
        ],
    )
    def test_a_malformed_authorization_is_refused(self, emulator: Emulator, authorization: str) -> None:
        refusal = refusal_of(emulator, signed(emulator).with_headers(authorization=authorization))

        assert refusal[:2] == (400, "IncompleteSignature")


class TestSignedHeaders:
    @pytest.mark.parametrize(
        "change", [reversed, lambda names: [*names, names[-1]], lambda names: ["Host", *names[1:]]]
    )
    def test_a_list_that_is_not_sorted_unique_and_in_lower_case_is_refused(
        self, emulator: Emulator, change: Callable[[list[str]], Iterable[str]]
    ) -> None:
        request = signed(emulator)
        start, _, rest = request.headers["authorization"].partition("SignedHeaders=")
        names, _, end = rest.partition(",")
        changed = f"{start}SignedHeaders={';'.join(change(names.split(';')))},{end}"

        refusal = refusal_of(emulator, request.with_headers(authorization=changed))

        assert refusal[:2] == (400, "IncompleteSignature")
        assert "SignedHeaders is not sorted" in refusal[2]

    def test_an_unsigned_acs_header_is_refused_and_named(self, emulator: Emulator) -> None:
        refusal = refusal_of(emulator, signed(emulator).with_headers(x_acs_extra="1"))

        assert refusal[:2] == (400, "IncompleteSignature")
        assert "x-acs-extra is not signed" in refusal[2]

    def test_an_unsigned_content_type_is_refused_and_named(self, emulator: Emulator) -> None:
        refusal = refusal_of(emulator, signed(emulator).with_headers(content_type="text/plain"))

        assert refusal[:2] == (400, "IncompleteSignature")
        assert "content-type is not signed" in refusal[2]

    def test_an_unsigned_host_is_refused_and_named(self, emulator: Emulator) -> None:
        request = signed(emulator)
        without_host = request.headers["authorization"].replace("=host;", "=")

        refusal = refusal_of(emulator, request.with_headers(authorization=without_host))

        assert refusal[:2] == (400, "IncompleteSignature")
        assert "host is not signed" in refusal[2]

    def test_a_signed_header_that_is_missing_is_named(self, emulator: Emulator) -> None:
        request = signed(emulator, extra={"x-acs-extra": "1"}).without_header("x-acs-extra")

        refusal = refusal_of(emulator, request)

        assert refusal[:2] == (400, "IncompleteSignature")
        assert "x-acs-extra is signed but missing" in refusal[2]

    def test_a_signed_header_of_another_name_is_accepted(self, emulator: Emulator) -> None:
        extra = {"accept": "application/json", "user-agent": "  a client  "}

        assert send(emulator, signed(emulator, extra=extra)).status == 200


class TestDate:
    @pytest.mark.parametrize(
        "date", ["20261123T120000Z", "2026-11-23T12:00:00", "2026-11-23T12:00:00.123Z", "2026-13-23T12:00:00Z", "now"]
    )
    def test_a_malformed_one_is_refused(self, emulator: Emulator, date: str) -> None:
        refusal = refusal_of(emulator, signed(emulator, date=date))

        assert refusal[:2] == (400, "InvalidTimeStamp.Format")
        assert "x-acs-date" in refusal[2]

    @pytest.mark.parametrize("minutes", [-16, 16])
    def test_one_too_far_from_now_is_refused(self, emulator: Emulator, minutes: int) -> None:
        date = datetime.now(timezone.utc) + timedelta(minutes=minutes)

        refusal = refusal_of(emulator, signed(emulator, date=date.strftime("%Y-%m-%dT%H:%M:%SZ")))

        assert refusal[:2] == (400, "InvalidTimeStamp.Expired")

    @pytest.mark.parametrize("seconds", [-900, 900])
    def test_one_within_fifteen_minutes_is_accepted(self, seconds: int) -> None:
        verifier(NOON + timedelta(seconds=seconds)).verify(received({}))

    @pytest.mark.parametrize("seconds", [-901, 901])
    def test_one_just_outside_of_fifteen_minutes_is_refused(self, seconds: int) -> None:
        with pytest.raises(ApiError) as caught:
            verifier(NOON + timedelta(seconds=seconds)).verify(received({}))

        assert caught.value.code == "InvalidTimeStamp.Expired"

    def test_a_moved_directory_clock_changes_nothing(self, emulator: Emulator) -> None:
        emulator.directory.advance_clock(timedelta(days=1))

        assert send(emulator, signed(emulator)).status == 200


class TestSignature:
    def test_the_vendors_published_example_gives_the_published_signature(self) -> None:
        """The worked example of the page "Request syntax and signature method V3"."""
        headers = {
            "host": "ecs.cn-shanghai.aliyuncs.com",
            "x-acs-action": "RunInstances",
            "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(),
            "x-acs-date": "2023-10-26T10:22:32Z",
            "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
            "x-acs-version": "2014-05-26",
        }
        query = "RegionId=cn-shanghai&ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"

        canonical = canonical_request(ReceivedRequest("POST", query, headers, b""), sorted(headers))

        assert hashlib.sha256(canonical.encode()).hexdigest() == (
            "7ea06492da5221eba5297e897ce16e55f964061054b7695beedaac1145b1e259"
        )
        assert signature(canonical, "YourAccessKeySecret") == (
            "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
        )

    @settings(deadline=None)  # a busy machine is no failure
    @given(
        parameters=st.dictionaries(
            st.from_regex(r"[A-Za-z][A-Za-z0-9.]{0,8}", fullmatch=True),
            st.text() | st.text(" +*~%&=/?#'\"\n\u00e9\u4e2d\U0001f600", max_size=12),
            max_size=5,
        ),
        plus=st.booleans(),
    )
    def test_whatever_the_vendors_signer_signs_is_accepted(self, parameters: dict[str, str], *, plus: bool) -> None:
        """A space may come as `%20` or as `+`, and every value is signed as it is meant."""
        verifier(NOON).verify(received(parameters, plus=plus))

    @pytest.mark.parametrize(
        "query",
        [
            "ContactId=c-qL4HqKONzOM7abcd&PhoneNumber=86-13900009999",
            "ContactId=c-qL4HqKONzOM7abcd",
            "ContactId=c-qL4HqKONzOM7abcd&PhoneNumber=86-13900001234&Extra=",
            "ContactId=c-qL4HqKONzOM7abcd&PhoneNumber=86-13900001234&PhoneNumber=86-13900001234",
        ],
    )
    def test_a_tampered_query_is_refused(self, emulator: Emulator, query: str) -> None:
        request = signed(emulator)

        refusal = refusal_of(emulator, RawRequest(query, request.headers))

        assert refusal[:2] == (400, "SignatureDoesNotMatch")

    def test_a_tampered_header_is_refused(self, emulator: Emulator) -> None:
        request = signed(emulator, action="GetMessageContact")

        refusal = refusal_of(emulator, request.with_headers(x_acs_action="DeleteMessageContact"))

        assert refusal[:2] == (400, "SignatureDoesNotMatch")

    def test_another_method_than_was_signed_is_refused(self, emulator: Emulator) -> None:
        request = signed(emulator, method="GET")

        refusal = refusal_of(emulator, RawRequest(request.query, request.headers, method="POST"))

        assert refusal[:2] == (400, "SignatureDoesNotMatch")

    def test_a_tampered_body_is_refused_and_its_hash_named(self, emulator: Emulator) -> None:
        request = signed(emulator, body=b"signed")

        refusal = refusal_of(emulator, RawRequest(request.query, request.headers, b"forged"))

        assert refusal[:2] == (400, "SignatureDoesNotMatch")
        assert "x-acs-content-sha256" in refusal[2]

    def test_a_refusal_shows_what_was_expected_but_no_secret(self, emulator: Emulator) -> None:
        request = signed(emulator, secret="wrong", extra={"x-acs-security-token": "local-token"})

        _, _, message = refusal_of(emulator, request)

        assert message.startswith(
            "Specified signature does not match our calculation. server CanonicalRequest is [POST\n/\n"
            "ContactId=c-qL4HqKONzOM7abcd&PhoneNumber=86-13900001234\nhost:127.0.0.1:"
        )
        assert "\nx-acs-security-token:*****\n" in message
        assert "local-token" not in message
        assert "local-secret" not in message


class TestNonce:
    def test_a_replayed_request_is_refused(self, emulator: Emulator) -> None:
        request = signed(emulator, {}, action="ListMessageContacts")
        assert send(emulator, request).status == 200

        refusal = refusal_of(emulator, request)

        assert refusal[:2] == (400, "SignatureNonceUsed")

    def test_a_request_without_one_is_refused(self, emulator: Emulator) -> None:
        refusal = refusal_of(emulator, signed(emulator, extra={"x-acs-signature-nonce": ""}))

        assert refusal[:2] == (400, "SignatureNonceUsed")
        assert "x-acs-signature-nonce is missing" in refusal[2]

    def test_a_refused_request_uses_up_none(self, emulator: Emulator) -> None:
        """Somebody without the secret cannot spoil the request of somebody who has it."""
        request = signed(emulator)
        send(emulator, RawRequest("ContactId=c-forged", request.headers))

        assert send(emulator, request).status == 200

    def test_one_is_remembered_as_long_as_its_request_could_be_replayed(self) -> None:
        memory = NonceMemory()
        memory.add("n", NOON)

        assert not memory.add("n", NOON + timedelta(minutes=30))
        assert memory.add("n", NOON + timedelta(minutes=30, seconds=1))

    def test_no_more_are_kept_than_there_is_room_for(self) -> None:
        memory = NonceMemory(capacity=10)

        for number in range(50):
            assert memory.add(str(number), NOON)

        assert len(memory) == 10
        assert not memory.add("49", NOON)

    def test_of_many_threads_only_one_can_use_it(self) -> None:
        memory = NonceMemory()

        def use_all(_: int) -> int:
            return sum(memory.add(str(number), NOON) for number in range(5000))

        with impatient_threads(), ThreadPoolExecutor(max_workers=8) as pool:
            accepted = list(pool.map(use_all, range(8)))

        assert sum(accepted) == 5000


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ("credential token header date body signature nonce", "InvalidAccessKeyId.NotFound"),
        ("token header date body signature nonce", "InvalidSecurityToken.MismatchWithAccessKey"),
        ("header date body signature nonce", "IncompleteSignature"),
        ("date body signature nonce", "InvalidTimeStamp.Expired"),
        ("body signature nonce", "SignatureDoesNotMatch"),
        ("signature nonce", "SignatureDoesNotMatch"),
        ("nonce", "SignatureNonceUsed"),
    ],
)
def test_the_first_check_that_fails_is_named(emulator: Emulator, wrong: str, code: str) -> None:
    flaws = wrong.split()
    date = datetime.now(timezone.utc) - timedelta(days="date" in flaws)
    request = signed(
        emulator,
        date=date.strftime("%Y-%m-%dT%H:%M:%SZ"),
        key="LTAIother" if "credential" in flaws else "LTAIlocal",
        secret="wrong" if "signature" in flaws else "local-secret",
        extra={
            **({"x-acs-security-token": "other"} if "token" in flaws else {}),
            **({"x-acs-signature-nonce": ""} if "nonce" in flaws else {}),
        },
    )
    if "header" in flaws:
        request = request.with_headers(x_acs_extra="1")
    if "body" in flaws:
        request = RawRequest(request.query, request.headers, b"forged")

    assert refusal_of(emulator, request)[1] == code


@contextmanager
def impatient_threads() -> Iterator[None]:
    """Have Python's threads take turns so often that a missing lock shows."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def verifier(now: datetime) -> Verifier:
    """Make a verifier at this time of day."""
    key_pair = KeyPair("LTAIlocal", "local-secret", "local-token")
    return Verifier(key_pair, now=lambda: now, nonces=NonceMemory())


def received(parameters: Mapping[str, str], *, plus: bool = False) -> ReceivedRequest:
    """Have the vendor's signer sign a request at noon, and receive it; `plus` sends spaces as `+`."""
    request = DaraRequest()
    request.method = "POST"
    request.pathname = "/"
    request.query = dict(parameters)
    request.headers = {
        "host": "127.0.0.1",
        "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(),
        "x-acs-date": NOON.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": "nonce",
    }
    authorization = Utils.get_authorization(
        request, "ACS3-HMAC-SHA256", request.headers["x-acs-content-sha256"], "LTAIlocal", "local-secret"
    )
    percent = "&".join(f"{name}={quote(value, safe='')}" for name, value in parameters.items())
    query = urlencode(parameters) if plus else percent
    return ReceivedRequest("POST", query, {**request.headers, "authorization": authorization}, b"")
