"""The refusals of the HTTP endpoint: by status, the name of their schema, and what each Code means for a caller."""

from collections.abc import Mapping
from typing import NamedTuple


class Refusal(NamedTuple):
    """The refusals of one status.

    Attributes:
        schema: the name of their schema.
        description: what they have in common.
        codes: the Codes, each with what it means for the caller.
        can_be_retried: it has the header Retry-After.

    """

    schema: str
    description: str
    codes: Mapping[str, str]
    can_be_retried: bool = False


REFUSALS: Mapping[int, Refusal] = {
    400: Refusal(
        "InvalidRequest",
        "A field is missing or invalid, or the body is not a request. Nothing was sent.",
        {
            "MissingParameter.ContactId": "ContactId is missing, null or empty.",
            "MissingParameter.PhoneNumber": "PhoneNumber is missing, null or empty.",
            "InvalidParameter.ContactId": "The value cannot be a ContactId.",
            "InvalidParameter.PhoneNumber": "The value cannot be a phone number, or is masked (86-139****1234).",
            "InvalidParameter.MobileCountryCode": "The site of the account does not serve this country code.",
            "MalformedRequestBody": "The body is not one JSON object in UTF-8, or a key appears twice.",
            "UnknownParameter": "The body has a field other than the two.",
            "ConflictingParameter": "A field is in the URL, or has two values.",
        },
    ),
    404: Refusal(
        "UnknownContact",
        "The directory has no such contact, or the contact no such number to verify. Nothing was sent.",
        {
            "EntityNotExists.Contact": "There is no contact of this ContactId.",
            "EntityNotExists.Contact.Verification": "The contact has no such number, or it is verified already.",
        },
    ),
    405: Refusal(
        "MethodNotAllowed",
        "The method is not POST.",
        {"MethodNotAllowed": "Send a POST; the header Allow says so too."},
    ),
    409: Refusal(
        "Conflict",
        "A text is being sent, or may have been sent, or the account has sent all it may in a day.",
        {
            "RequestInProgress": "Another invocation is sending to this number.",
            "OutcomeUnknown": "A text may have been sent within the window. Wait for Retry-After.",
            "SendValidateCodeExceedsLimitForAccount": "The account has sent its day's texts. Try again tomorrow.",
        },
        can_be_retried=True,
    ),
    413: Refusal(
        "RequestTooLarge",
        "The body is larger than 16 KiB, decoded.",
        {"RequestTooLarge": "Send the two fields only."},
    ),
    415: Refusal(
        "UnsupportedMediaType",
        "The body is not declared as JSON.",
        {"UnsupportedMediaType": "Send the header `Content-Type: application/json`."},
    ),
    429: Refusal(
        "TooManyRequests",
        "The API throttles, or the day's budget is spent. Nothing was sent.",
        {
            "Throttling": "The API throttles. Try again after Retry-After.",
            "Throttling.User": "The same, for the account.",
            "Throttling.Api": "The same, for the operation.",
            "Rejected.Throttling": "The same.",
            "DailyBudgetSpent": "The texts set aside for HTTP are spent. Retry-After is the rest of the day (UTC+8).",
        },
        can_be_retried=True,
    ),
    500: Refusal(
        "FunctionFailed",
        "The function has no access to the API, or has a bug. Its operator can see why.",
        {
            "FunctionMisconfigured": "The API refused the function's role, or it has none. Nothing was sent.",
            "InternalError": "A bug. The log has its traceback.",
        },
    ),
    502: Refusal(
        "UpstreamError",
        "There is no usable answer: a text may have been sent.",
        {"UpstreamError": "No second text is sent within the window. A later request returns what is known."},
    ),
    503: Refusal(
        "Unavailable",
        "Nothing was sent. Try again after Retry-After.",
        {
            "UpstreamUnreachable": "There was no connection to the API.",
            "ServiceUnavailable": "The API says that it is not available.",
            "CooldownStoreUnavailable": "The store did not answer, so nothing was sent.",
            "CooldownStoreNeedsProxyEndpoint": "The store is a cluster, and the function is set to one node of it.",
            "NotAttempted": "The function's time limit left no time for the call.",
        },
        can_be_retried=True,
    ),
    504: Refusal(
        "UpstreamTimeout",
        "There was no answer in time: a text may have been sent.",
        {"UpstreamTimeout": "As for UpstreamError: no second text is sent within the window."},
    ),
}
