"""The API's errors: an exception that knows its own wire form, and the table of Codes."""

from urllib.parse import quote

HOST_ID = "resourcedirectory.aliyuncs.com"
PRODUCT = "ResourceDirectoryMaster"

STATUS_AND_MESSAGE: dict[str, tuple[int, str]] = {
    # Documented: API pages of SendPhoneVerificationForMessageContact and SendEmailVerificationForMessageContact,
    # "Error codes".
    "MissingParameter.ContactId": (400, "You must specify ContactId."),
    "InvalidParameter.ContactId": (400, "The ContactId is invalid."),
    "MissingParameter.PhoneNumber": (400, "You must specify PhoneNumber."),
    "InvalidParameter.PhoneNumber": (400, "The PhoneNumber is invalid."),
    "MissingParameter.EmailAddress": (400, "You must specify EmailAddress."),
    "InvalidParameter.EmailAddress": (400, "The EmailAddress is invalid."),
    "InvalidParameter.MobileCountryCode": (400, "The current site does not support the country code."),
    "EntityNotExists.Contact": (404, "This Contact does not exist."),
    "EntityNotExists.Contact.Verification": (404, "This contact verification does not exist."),
    "SendValidateCodeExceedsLimitForAccount": (
        409,
        "For the same account, the number of verification codes sent exceeds the limit.",
    ),
    # Documented: API pages of AddMessageContact and UpdateMessageContact. Their lists were seen cut, so the
    # text of InvalidParameter.Name is assumed.
    "InvalidParameter.Name": (400, "The Name is invalid."),
    "InvalidParameter.Name.Length": (400, "The Name exceeds the length limit."),
    "InvalidParameter.Name.AlreadyUsed": (
        400,
        "The Name already exists. Please change to another name.",
    ),
    # Assumed, by the pattern of the documented ones: LimitExceeded.Contacts by LimitExceeded.ContactMembers of
    # AssociateMembers.
    "LimitExceeded.Contacts": (400, "The maximum number of contacts exceeds the limit."),
    "MissingParameter.MessageTypes": (400, "You must specify MessageTypes."),
    "MissingParameter.Name": (400, "You must specify Name."),
    "MissingParameter.Title": (400, "You must specify Title."),
    "InvalidParameter.MessageTypes": (400, "The MessageTypes is invalid."),
    "InvalidParameter.PageNumber": (400, "The PageNumber is invalid."),
    "InvalidParameter.PageSize": (400, "The PageSize is invalid."),
    "InvalidParameter.RetainContactInMembers": (400, "The RetainContactInMembers is invalid."),
    "InvalidParameter.Title": (400, "The Title is invalid."),
    # The gateway's: "Request syntax and signature method V3" and the common error lists of several products. The
    # status of MissingSecurityToken and of Rejected.Throttling, and the text of the latter, are assumed.
    "Forbidden.RAM": (
        403,
        "User not authorized to operate on the specified resource, or this API doesn't support RAM.",
    ),
    "IncompleteSignature": (400, "The request signature does not conform to Aliyun standards."),
    "InternalError": (
        500,
        "The request processing has failed due to some unknown error, exception or failure.",
    ),
    "InvalidAccessKeyId.NotFound": (404, "Specified access key is not found."),
    "InvalidAction.NotFound": (
        404,
        "Specified api is not found, please check your url and method.",
    ),
    "InvalidSecurityToken.Malformed": (403, "Specified SecurityToken is malformed."),
    "InvalidSecurityToken.MismatchWithAccessKey": (
        403,
        "Specified SecurityToken does not match the AccessKey.",
    ),
    "InvalidTimeStamp.Expired": (400, "Specified time stamp or date value is expired."),
    "InvalidTimeStamp.Format": (400, "Specified time stamp or date value is not well formatted."),
    "MissingSecurityToken": (400, "SecurityToken is mandatory for this action."),
    "NoPermission": (403, "You are not authorized to do this operation."),
    "Rejected.Throttling": (400, "Request was denied due to flow control."),
    "ServiceUnavailable": (503, "The request has failed due to a temporary failure of the server."),
    "SignatureDoesNotMatch": (400, "Specified signature does not match our calculation."),
    "SignatureNonceUsed": (400, "Specified signature nonce was used already."),
    "Throttling.User": (400, "Request was denied due to user flow control."),
}


class ApiError(Exception):
    """A request that the API refuses.

    Args:
        code: the API's code, such as `EntityNotExists.Contact`.
        status: the HTTP status of the answer.
        message: the text for the caller.
        retry_after_ms: what the header `x-acs-retry-after` says, in milliseconds; None leaves it out.

    """

    def __init__(self, code: str, *, status: int, message: str, retry_after_ms: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.message = message
        self.retry_after_ms = retry_after_ms

    def body(self, request_id: str) -> dict[str, object]:
        """Return the JSON object of the answer (the vendor's sample of Throttling.User; the HostId is assumed)."""
        query = f"q={quote(self.code, safe='')}&product={PRODUCT}&requestId={request_id}"
        return {
            "RequestId": request_id,
            "Message": self.message,
            "Recommend": f"https://api.aliyun.com/troubleshoot?{query}",
            "HostId": HOST_ID,
            "Code": self.code,
        }


def refusal(code: str, detail: str = "", *, retry_after_ms: int | None = None) -> ApiError:
    """Make the ApiError of a code in the table; `detail` is added to the table's message.

    Raises:
        KeyError: the table has no such code.

    """
    status, message = STATUS_AND_MESSAGE[code]
    text = f"{message} {detail}" if detail else message
    return ApiError(code, status=status, message=text, retry_after_ms=retry_after_ms)
