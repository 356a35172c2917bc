"""The API's errors as types."""

import pytest

from resource_directory import errors
from resource_directory.errors import (
    LIST_VERIFICATIONS,
    SEND_EMAIL_VERIFICATION,
    SEND_PHONE_VERIFICATION,
    ResourceDirectoryError,
    error_of_code,
)

DOCUMENTED = [
    # The table of the API page "SendPhoneVerificationForMessageContact".
    (400, "MissingParameter.ContactId", "You must specify ContactId."),
    (400, "InvalidParameter.ContactId", "The ContactId is invalid."),
    (400, "MissingParameter.PhoneNumber", "You must specify PhoneNumber."),
    (400, "InvalidParameter.PhoneNumber", "The PhoneNumber is invalid."),
    (400, "InvalidParameter.MobileCountryCode", "The current site does not support the country code."),
    (404, "EntityNotExists.Contact", "This Contact does not exist."),
    (404, "EntityNotExists.Contact.Verification", "This contact verification does not exist."),
    (
        409,
        "SendValidateCodeExceedsLimitForAccount",
        "For the same account, the number of verification codes sent exceeds the limit.",
    ),
]

DOCUMENTED_OF_MAILS = [
    # The table of the API page "SendEmailVerificationForMessageContact".
    (400, "MissingParameter.ContactId", "You must specify ContactId."),
    (400, "InvalidParameter.ContactId", "The ContactId is invalid."),
    (400, "MissingParameter.EmailAddress", "You must specify EmailAddress."),
    (400, "InvalidParameter.EmailAddress", "The EmailAddress is invalid."),
    (404, "EntityNotExists.Contact", "This Contact does not exist."),
    (404, "EntityNotExists.Contact.Verification", "This contact verification does not exist."),
    (
        409,
        "SendValidateCodeExceedsLimitForAccount",
        "For the same account, the number of verification codes sent exceeds the limit.",
    ),
]


def error(code: str) -> ResourceDirectoryError:
    return error_of_code(SEND_PHONE_VERIFICATION, code, request_id="R", retry_after=None)


@pytest.mark.parametrize(("status", "code", "message"), DOCUMENTED)
def test_a_documented_refusal_is_its_own_type_as_documented(status: int, code: str, message: str) -> None:
    refusal = error(code)
    assert isinstance(refusal, errors.RequestRefused)
    assert type(refusal) is not errors.RequestRefused
    assert (refusal.http_status, refusal.code, refusal.message) == (status, code, message)
    assert refusal.surely_not_sent
    assert refusal.retries_in_place == 0


def test_the_documented_refusals_are_eight_types() -> None:
    assert len({type(error(code)) for _, code, _ in DOCUMENTED}) == len(DOCUMENTED) == 8


@pytest.mark.parametrize(("status", "code", "message"), DOCUMENTED_OF_MAILS)
def test_a_documented_refusal_of_a_mail_is_its_own_type_as_documented(status: int, code: str, message: str) -> None:
    refusal = error_of_code(SEND_EMAIL_VERIFICATION, code)
    assert isinstance(refusal, errors.RequestRefused)
    assert (refusal.http_status, refusal.code, refusal.message) == (status, code, message)
    assert refusal.surely_not_sent


def test_one_code_is_the_limit_of_texts_or_that_of_mails() -> None:
    code = "SendValidateCodeExceedsLimitForAccount"
    assert type(error(code)) is errors.DailyLimitExceeded
    assert type(error_of_code(SEND_EMAIL_VERIFICATION, code)) is errors.DailyMailLimitExceeded


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        (SEND_EMAIL_VERIFICATION, "InvalidParameter.PhoneNumber"),
        (SEND_EMAIL_VERIFICATION, "InvalidParameter.MobileCountryCode"),
        (SEND_PHONE_VERIFICATION, "InvalidParameter.EmailAddress"),
        (LIST_VERIFICATIONS, "EntityNotExists.Contact"),
    ],
)
def test_a_refusal_of_another_operation_leaves_unknown_what_was_sent(operation: str, code: str) -> None:
    assert isinstance(error_of_code(operation, code), errors.UnusableAnswer)


@pytest.mark.parametrize(
    ("code", "kind", "retries"),
    [
        ("Throttling", errors.Throttled, errors.UNLIMITED),
        ("Throttling.User", errors.Throttled, errors.UNLIMITED),
        ("Throttling.Api", errors.Throttled, errors.UNLIMITED),
        ("Rejected.Throttling", errors.Throttled, errors.UNLIMITED),
        ("ServiceUnavailable", errors.ServiceUnavailable, errors.UNLIMITED),
        ("SignatureDoesNotMatch", errors.SignatureRefused, 0),
        ("IncompleteSignature", errors.SignatureRefused, 0),
        ("InvalidAccessKeyId.NotFound", errors.AccessKeyRefused, 0),
        ("InvalidAccessKeyId.Inactive", errors.AccessKeyRefused, 0),
        ("InvalidSecurityToken.Expired", errors.SecurityTokenRefused, 0),
        ("InvalidSecurityToken.MismatchWithAccessKey", errors.SecurityTokenRefused, 0),
        ("MissingSecurityToken", errors.SecurityTokenRefused, 0),
        ("InvalidTimeStamp.Format", errors.TimestampRefused, 0),
        ("InvalidTimeStamp.Expired", errors.TimestampExpired, 1),
        ("NoPermission", errors.PermissionDenied, 0),
        ("Forbidden.RAM", errors.PermissionDenied, 0),
    ],
)
def test_a_refusal_of_the_gateway_surely_sent_nothing(
    code: str, kind: type[ResourceDirectoryError], retries: int
) -> None:
    refusal = error(code)
    assert type(refusal) is kind
    assert refusal.code == code
    assert refusal.request_id == "R"
    assert refusal.surely_not_sent
    assert refusal.retries_in_place == retries


@pytest.mark.parametrize(
    "code", ["InternalError", "InvalidAction.NotFound", "EntityNotExists.Contact.Other", "InvalidParameter", "Throttle"]
)
def test_any_other_code_leaves_unknown_what_was_sent(code: str) -> None:
    unusable = error(code)
    assert isinstance(unusable, errors.UnusableAnswer)
    assert not unusable.surely_not_sent
    assert unusable.retries_in_place == 0


def test_a_nonce_that_was_used_leaves_unknown_what_its_first_arrival_did() -> None:
    used = error("SignatureNonceUsed")
    assert type(used) is errors.NonceUsed
    assert (used.code, used.request_id) == ("SignatureNonceUsed", "R")
    assert not used.surely_not_sent
    assert used.retries_in_place == 0


def test_the_drawing_of_the_tree_names_every_type() -> None:
    kinds: list[type] = [ResourceDirectoryError]
    for kind in kinds:
        kinds += kind.__subclasses__()
    drawn = (errors.__doc__ or "").split()
    assert {kind.__name__ for kind in kinds} <= set(drawn)
