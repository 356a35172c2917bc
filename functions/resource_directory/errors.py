"""The errors of a call of the ResourceDirectoryMaster API, as types.

A caller asks three things of a failed call: did it surely send nothing, can the same call made again help, and who can
act on it. The last question draws the tree::

    ResourceDirectoryError
    ├── RequestRefused              the caller: a documented refusal of the operation
    │   ├── MissingContactId        MissingParameter.ContactId
    │   ├── InvalidContactId        InvalidParameter.ContactId
    │   ├── MissingPhoneNumber      MissingParameter.PhoneNumber
    │   ├── InvalidPhoneNumber      InvalidParameter.PhoneNumber
    │   ├── MissingEmailAddress     MissingParameter.EmailAddress
    │   ├── InvalidEmailAddress     InvalidParameter.EmailAddress
    │   ├── UnsupportedCountryCode  InvalidParameter.MobileCountryCode
    │   ├── ContactNotFound         EntityNotExists.Contact
    │   ├── VerificationNotFound    EntityNotExists.Contact.Verification
    │   └── DailyLimitExceeded      SendValidateCodeExceedsLimitForAccount, of texts
    │       └── DailyMailLimitExceeded    the same of mails
    ├── AccessRefused               the operator: the gateway did not accept the credentials
    │   ├── AccessKeyRefused        InvalidAccessKeyId.*
    │   ├── SecurityTokenRefused    InvalidSecurityToken.*, MissingSecurityToken
    │   ├── SignatureRefused        SignatureDoesNotMatch, IncompleteSignature
    │   ├── PermissionDenied        NoPermission, Forbidden, Forbidden.*
    │   └── TimestampRefused        InvalidTimeStamp.*
    │       └── TimestampExpired    InvalidTimeStamp.Expired
    ├── Unavailable                 a later attempt: surely nothing was sent
    │   ├── NotAttempted            no time was left: the call was not made
    │   ├── NotConnected            no connection, or no TLS: the request never went out
    │   ├── Throttled               Throttling, Throttling.*, Rejected.Throttling
    │   └── ServiceUnavailable      ServiceUnavailable
    └── AnswerLost                  outcome unknown: the request was sent and no usable answer came back
        ├── NoAnswer                the connection broke, time ran out, or what came cannot be read
        ├── NonceUsed               SignatureNonceUsed: this very request arrived before
        └── UnusableAnswer          neither a success nor an error listed above

An error is classified by its operation and its `Code`, not by its HTTP status: the vendor's products answer one code
with several statuses, and one code can mean another thing to another operation. No error's text carries the URL, its
query, or the server's own message: a refused signature echoes the whole request.

Codes and messages of `RequestRefused`: API pages "SendPhoneVerificationForMessageContact" and
"SendEmailVerificationForMessageContact". The gateway's codes: the vendor's "Request syntax and signature method V3" and
common error lists of its products.
"""

import math
from collections.abc import Iterator, Mapping
from typing import ClassVar

SEND_PHONE_VERIFICATION = "SendPhoneVerificationForMessageContact"
SEND_EMAIL_VERIFICATION = "SendEmailVerificationForMessageContact"
LIST_VERIFICATIONS = "ListMessageContactVerifications"

UNLIMITED = math.inf


class ResourceDirectoryError(Exception):
    """A call of the API that did not succeed.

    Attributes:
        code: the API's own `Code`, or the one of this class where the API gave none.
        message: the explanation that the caller may read.
        http_status: the documented status, or the one the gateway usually gives; None where there was no answer.
        request_id: the API's `RequestId`, where it answered with one.
        surely_not_sent: no text message can have gone out.
        retries_in_place: how often the same call, signed anew, may be repeated within seconds.
        retry_after: seconds that the server asked to wait, where it did.
        attempts: the number of calls made.

    """

    code: str
    message: str
    http_status: int | None
    surely_not_sent: ClassVar[bool]
    retries_in_place: float = 0
    attempts: int = 0

    def __init__(
        self, *, code: str | None = None, request_id: str | None = None, retry_after: float | None = None
    ) -> None:
        if code is not None:
            self.code = code
        self.request_id = request_id
        self.retry_after = retry_after
        super().__init__(f"{self.code}: {self.message}")


class RequestRefused(ResourceDirectoryError):
    """The operation refused the request for a documented reason; the same request will be refused again.

    `hint` says how to correct the request, if it was refused before a call was made.
    """

    http_status: int
    hint: str | None = None
    surely_not_sent = True


class MissingContactId(RequestRefused):
    """No ContactId was given."""

    code = "MissingParameter.ContactId"
    message = "You must specify ContactId."
    http_status = 400


class InvalidContactId(RequestRefused):
    """The value cannot be a ContactId."""

    code = "InvalidParameter.ContactId"
    message = "The ContactId is invalid."
    http_status = 400


class MissingPhoneNumber(RequestRefused):
    """No PhoneNumber was given."""

    code = "MissingParameter.PhoneNumber"
    message = "You must specify PhoneNumber."
    http_status = 400


class InvalidPhoneNumber(RequestRefused):
    """The PhoneNumber is not of the form `<country code>-<mobile phone number>`."""

    code = "InvalidParameter.PhoneNumber"
    message = "The PhoneNumber is invalid."
    http_status = 400


class MissingEmailAddress(RequestRefused):
    """No EmailAddress was given."""

    code = "MissingParameter.EmailAddress"
    message = "You must specify EmailAddress."
    http_status = 400


class InvalidEmailAddress(RequestRefused):
    """The EmailAddress is not one."""

    code = "InvalidParameter.EmailAddress"
    message = "The EmailAddress is invalid."
    http_status = 400


class UnsupportedCountryCode(RequestRefused):
    """The number's country code is not served by this site (China or international)."""

    code = "InvalidParameter.MobileCountryCode"
    message = "The current site does not support the country code."
    http_status = 400


class ContactNotFound(RequestRefused):
    """The directory has no such contact."""

    code = "EntityNotExists.Contact"
    message = "This Contact does not exist."
    http_status = 404


class VerificationNotFound(RequestRefused):
    """The contact has no such number or address waiting to be verified."""

    code = "EntityNotExists.Contact.Verification"
    message = "This contact verification does not exist."
    http_status = 404


class DailyLimitExceeded(RequestRefused):
    """The account has sent all the verification texts it may send in a day; tomorrow it may send again."""

    code = "SendValidateCodeExceedsLimitForAccount"
    message = "For the same account, the number of verification codes sent exceeds the limit."
    http_status = 409


class DailyMailLimitExceeded(DailyLimitExceeded):
    """The account has sent all the verification e-mails it may send in a day.

    Whether texts and e-mails count together is not documented. The user guide gives each 100, so they are taken apart.
    """


class AccessRefused(ResourceDirectoryError):
    """The gateway did not accept the caller; the operation was not reached."""

    surely_not_sent = True


class AccessKeyRefused(AccessRefused):
    """The access key is unknown or disabled."""

    code = "InvalidAccessKeyId"
    message = "The access key was not accepted."
    http_status = 404


class SecurityTokenRefused(AccessRefused):
    """The security token is missing, expired, malformed, or of another access key."""

    code = "InvalidSecurityToken"
    message = "The security token was not accepted."
    http_status = 400


class SignatureRefused(AccessRefused):
    """The signature is wrong or incomplete."""

    code = "SignatureDoesNotMatch"
    message = "The signature was not accepted."
    http_status = 400


class PermissionDenied(AccessRefused):
    """The role may not call this operation on this contact."""

    code = "NoPermission"
    message = "The caller is not authorized to call this operation."
    http_status = 403


class TimestampRefused(AccessRefused):
    """The gateway could not read the request's date."""

    code = "InvalidTimeStamp"
    message = "The date of the request was not accepted."
    http_status = 400


class TimestampExpired(TimestampRefused):
    """The request's date is more than 15 minutes from the gateway's; dated by the gateway's clock it can succeed."""

    code = "InvalidTimeStamp.Expired"
    retries_in_place = 1
    server_time: float | None = None
    """The gateway's clock in Unix seconds, where its answer told it."""


class Unavailable(ResourceDirectoryError):
    """Surely nothing was sent, and the same call can succeed later."""

    surely_not_sent = True
    retries_in_place = UNLIMITED


class NotAttempted(Unavailable):
    """The call was not made, since the deadline left no time for it."""

    code = "NotAttempted"
    message = "No time was left for the request."
    http_status = None
    retries_in_place = 0


class NotConnected(Unavailable):
    """No connection to the endpoint, TLS included; the request never went out."""

    code = "UpstreamUnreachable"
    message = "The Resource Directory API could not be reached."
    http_status = None


class Throttled(Unavailable):
    """Too many calls; `code` names the limit (`Throttling.User`, `Throttling.Api`, ...)."""

    code = "Throttling"
    message = "Request was denied due to flow control."
    http_status = 400


class ServiceUnavailable(Unavailable):
    """The service says that it failed for the moment."""

    code = "ServiceUnavailable"
    message = "The request has failed due to a temporary failure of the server."
    http_status = 503


class AnswerLost(ResourceDirectoryError):
    """The request was sent and no usable answer came back: a text may have gone out."""

    surely_not_sent = False


class NoAnswer(AnswerLost):
    """The connection broke, or time ran out, before the answer was whole, or what came cannot be read."""

    code = "NoAnswer"
    message = "The Resource Directory API did not answer."
    http_status = None

    def __init__(self, *, timed_out: bool) -> None:
        super().__init__()
        self.timed_out = timed_out


class NonceUsed(AnswerLost):
    """The gateway has seen the nonce of the signature.

    A nonce is 128 random bits, so it came with this very request: something on the way delivered it twice, and the
    answer to the first one may be a success that nobody got.
    """

    code = "SignatureNonceUsed"
    message = "The Resource Directory API received the request twice."
    http_status = 400


class UnusableAnswer(AnswerLost):
    """An answer that is neither a success nor an error of this module; `code` is its `Code` where it had one."""

    code = "UnusableAnswer"
    message = "The Resource Directory API gave an answer that could not be used."
    http_status = None


REFUSALS_BY_OPERATION: Mapping[str, Mapping[str, type[RequestRefused]]] = {
    operation: {refusal.code: refusal for refusal in refusals}
    for operation, refusals in {
        SEND_PHONE_VERIFICATION: (
            MissingContactId,
            InvalidContactId,
            MissingPhoneNumber,
            InvalidPhoneNumber,
            UnsupportedCountryCode,
            ContactNotFound,
            VerificationNotFound,
            DailyLimitExceeded,
        ),
        SEND_EMAIL_VERIFICATION: (
            MissingContactId,
            InvalidContactId,
            MissingEmailAddress,
            InvalidEmailAddress,
            ContactNotFound,
            VerificationNotFound,
            DailyMailLimitExceeded,
        ),
    }.items()
}
"""The documented refusals of each operation that has any, by `Code`."""

ERRORS_BY_CODE: Mapping[str, type[AccessRefused | Unavailable | NonceUsed]] = {
    "InvalidAccessKeyId": AccessKeyRefused,
    "InvalidSecurityToken": SecurityTokenRefused,
    "MissingSecurityToken": SecurityTokenRefused,
    "SignatureDoesNotMatch": SignatureRefused,
    "IncompleteSignature": SignatureRefused,
    "NoPermission": PermissionDenied,
    "Forbidden": PermissionDenied,
    "InvalidTimeStamp": TimestampRefused,
    "InvalidTimeStamp.Expired": TimestampExpired,
    "SignatureNonceUsed": NonceUsed,
    "Throttling": Throttled,
    "Rejected.Throttling": Throttled,
    "ServiceUnavailable": ServiceUnavailable,
}
"""The gateway's errors, which are the same for every operation."""

_PUBLISHED_DETAILS = frozenset(
    {
        *("InvalidAccessKeyId.NotFound", "InvalidAccessKeyId.Inactive", "Forbidden.RAM"),
        *("InvalidSecurityToken.Expired", "InvalidSecurityToken.Malformed"),
        *("InvalidSecurityToken.MismatchWithAccessKey", "InvalidTimeStamp.Format"),
        *("Throttling.User", "Throttling.Api"),
    }
)
"""Codes of the gateway that are longer than the name by which that table classifies them. Their source is the same."""


def error_of_code(
    operation: str, code: str, *, request_id: str | None = None, retry_after: float | None = None
) -> ResourceDirectoryError:
    """Return the error that the API means by `code` in an answer to `operation`, the most specific name first.

    `Throttling.User` is looked up as `Throttling.User`, then as `Throttling`. The documented refusals are whole names:
    an `EntityNotExists.Contact.Other` is not an `EntityNotExists.Contact`. A code that is not known is an
    `UnusableAnswer`, whatever the HTTP status, since nothing says that the operation did not do its work first.
    """
    refusal = REFUSALS_BY_OPERATION.get(operation, {}).get(code)
    if refusal is not None:
        return refusal(code=code, request_id=request_id, retry_after=retry_after)
    for name in _names_from_specific_to_general(code):
        error = ERRORS_BY_CODE.get(name)
        if error is not None:
            return error(code=code, request_id=request_id, retry_after=retry_after)
    return UnusableAnswer(code=code, request_id=request_id)


def published_name(operation: str, code: str) -> str:
    """Return the part of `code` that the vendor's pages name, from its start; empty if none is.

    Of a Code that this module lists, that is the whole. A published name says nothing of the request.
    """
    published = {*REFUSALS_BY_OPERATION.get(operation, ()), *ERRORS_BY_CODE, *_PUBLISHED_DETAILS}
    return next((name for name in _names_from_specific_to_general(code) if name in published), "")


def _names_from_specific_to_general(code: str) -> Iterator[str]:
    while code:
        yield code
        code = code.rpartition(".")[0]
