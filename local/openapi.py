"""The HTTP endpoint of `send_phone_verification` as OpenAPI 3.1, made from its own request model: `make openapi`.

Run as a module, it writes `openapi.yaml`, which an API gateway can import; a test holds that the file is current.
"""

from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

import yaml  # type: ignore[import-untyped] # ships no types
from pydantic import TypeAdapter

from phone_verification.request import VerificationRequest

OPENAPI_YAML = Path(__file__).parents[1] / "openapi.yaml"

REFUSALS: Mapping[int, tuple[str, tuple[str, ...]]] = {
    400: (
        "A field is missing or invalid, or the body is no request.",
        (
            "MissingParameter.ContactId",
            "MissingParameter.PhoneNumber",
            "InvalidParameter.ContactId",
            "InvalidParameter.PhoneNumber",
            "InvalidParameter.MobileCountryCode",
            "MalformedRequestBody",
            "UnknownParameter",
            "ConflictingParameter",
        ),
    ),
    404: (
        "The directory has no such contact, or the contact no such number to verify.",
        ("EntityNotExists.Contact", "EntityNotExists.Contact.Verification"),
    ),
    405: ("Not a POST.", ("MethodNotAllowed",)),
    409: (
        "A verification is being sent, or may have been sent, or the account has sent all it may in a day.",
        ("RequestInProgress", "OutcomeUnknown", "SendValidateCodeExceedsLimitForAccount"),
    ),
    413: ("The body is larger than 16 KiB.", ("RequestTooLarge",)),
    415: ("The Content-Type is not application/json.", ("UnsupportedMediaType",)),
    429: (
        "The API throttles, or the day's budget is spent.",
        ("Throttling", "Throttling.User", "Throttling.Api", "Rejected.Throttling", "DailyBudgetSpent"),
    ),
    500: ("The function has no access to the API, or has a bug.", ("FunctionMisconfigured", "InternalError")),
    502: ("No usable answer: a verification may have been sent.", ("UpstreamError",)),
    503: (
        "Surely nothing was sent; try again.",
        (
            *("UpstreamUnreachable", "ServiceUnavailable", "NotAttempted"),
            *("CooldownStoreUnavailable", "CooldownStoreNeedsProxyEndpoint"),
        ),
    ),
    504: ("No answer in time: a verification may have been sent.", ("UpstreamTimeout",)),
}
_WITH_RETRY_AFTER = (409, 429, 503)


def document() -> dict[str, object]:
    """Return the description."""
    request = TypeAdapter(VerificationRequest).json_schema(by_alias=True)
    request = {**request, "additionalProperties": False, "description": "One number of one contact to be verified."}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Phone verification for Resource Directory message contacts",
            "version": version("phone-verification"),
            "description": "Has a verification text sent to a message contact's phone number.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": [{"signature": []}],
        "paths": {
            "/": {
                "post": {
                    "operationId": "sendPhoneVerification",
                    "summary": "Send a verification text",
                    "requestBody": {
                        "required": True,
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Request"}}},
                    },
                    "responses": {"200": _accepted(), **{str(status): _refused(status) for status in REFUSALS}},
                }
            }
        },
        "components": {
            "headers": {
                "RetryAfter": {"description": "Seconds.", "schema": {"type": "string", "pattern": "^[0-9]+$"}},
            },
            "schemas": {
                "Request": request,
                "Accepted": _object({"RequestId": {"type": "string", "description": "The API's RequestId."}}),
                "Refused": _object(
                    {
                        "Code": {"type": "string", "description": "Why."},
                        "Message": {"type": "string", "description": "The same in words."},
                        "RequestId": {"type": "string", "description": "The API's where it answered."},
                    }
                ),
            },
            "securitySchemes": {
                "signature": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "Authorization",
                    "description": "The signature ACS3-HMAC-SHA256 that the trigger's authType `function` asks for, or"
                    " that of the API gateway.",
                }
            },
        },
    }


def text() -> str:
    """Return the description as it stands in openapi.yaml."""
    return str(yaml.safe_dump(document(), sort_keys=False, width=120))


def _accepted() -> dict[str, object]:
    replayed = {"description": "`true` where a text was sent before, within the window.", "schema": {"const": "true"}}
    return {
        "description": "The API accepted a text, now or within the window.",
        "headers": {"Idempotency-Replayed": replayed, "Retry-After": {"$ref": "#/components/headers/RetryAfter"}},
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Accepted"}}},
    }


def _refused(status: int) -> dict[str, object]:
    description, codes = REFUSALS[status]
    refused = {"$ref": "#/components/schemas/Refused"}
    schema = {"allOf": [refused, {"properties": {"Code": {"enum": list(codes)}}}]}
    response: dict[str, object] = {
        "description": description,
        "content": {"application/json": {"schema": schema}},
    }
    headers: dict[str, object] = (
        {"Retry-After": {"$ref": "#/components/headers/RetryAfter"}} if status in _WITH_RETRY_AFTER else {}
    )
    if status == 405:
        headers = {"Allow": {"schema": {"const": "POST"}}}
    return {**response, "headers": headers} if headers else response


def _object(properties: Mapping[str, object]) -> dict[str, object]:
    return {"type": "object", "required": list(properties), "properties": dict(properties)}


if __name__ == "__main__":
    OPENAPI_YAML.write_text(text(), encoding="utf-8")
