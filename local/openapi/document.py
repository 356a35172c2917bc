"""The description: OpenAPI 3.0.3, the newest version that both API gateways of the vendor import.

The request is that of the function's model, and the examples are replies of its own. A test holds that `openapi.yaml`
is current.
"""

import json
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType

import yaml  # type: ignore[import-untyped] # ships no types
from pydantic import TypeAdapter

from cooldown.ledger import Blocked
from fcapi.credentials import MissingCredentials
from fcapi.events.deliveries import PayloadRefused
from fcapi.events.http_request import MAX_BODY_BYTES, HttpRequest
from local.openapi.refusals import REFUSALS
from local.samples import SAMPLE_CONTACT_ID, SAMPLE_PHONE_NUMBER
from phone_verification.outcome import Outcome, outcome_of
from phone_verification.replies import http_reply
from phone_verification.request import VerificationRequest, parse_request
from resource_directory.errors import (
    ContactNotFound,
    NoAnswer,
    NotConnected,
    RequestRefused,
    Throttled,
    UnusableAnswer,
)

OPENAPI_YAML = Path(__file__).parents[2] / "openapi.yaml"
PATH = "/phone-verifications"
TAG = "Phone verification"
REQUEST_ID = "46C233DE-4625-48A1-8DEB-4141A74F0543"

FIELDS: Mapping[str, Mapping[str, str]] = {
    "ContactId": {
        "title": "Contact",
        "description": "The id of the message contact, as AddMessageContact and ListMessageContacts return it.",
        "example": SAMPLE_CONTACT_ID,
    },
    "PhoneNumber": {
        "title": "Phone number",
        "description": "The contact's number to verify: country code, hyphen, number. A masked number is refused.",
        "example": SAMPLE_PHONE_NUMBER,
    },
}
_JSON = {"content-type": "application/json"}


def document() -> dict[str, object]:
    """Return the description."""
    return {
        "openapi": "3.0.3",
        "info": {
            "title": "Phone verification for Resource Directory message contacts",
            "version": version("phone-verification"),
            "description": "Has a verification text sent to the phone number of a message contact. The path is that of"
            " the API gateway's route; the URL of an HTTP trigger takes any path.",
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": TAG, "description": "Texts that verify the phone numbers of message contacts."}],
        "security": [{name: []} for name in _security_schemes()],
        "paths": {
            PATH: {
                "post": {
                    "tags": [TAG],
                    "operationId": "sendPhoneVerification",
                    "summary": "Send a verification text",
                    "description": "Nothing is sent twice within the window: a second request for the same contact and"
                    " number gets the first answer again.",
                    "requestBody": {
                        "required": True,
                        "content": {
                            "application/json": {
                                "schema": {"$ref": "#/components/schemas/VerificationRequest"},
                                "example": {name: field["example"] for name, field in FIELDS.items()},
                            }
                        },
                    },
                    "responses": {"200": _accepted(), **{str(status): _refused(status) for status in REFUSALS}},
                }
            }
        },
        "components": {
            "headers": {
                "RetryAfter": {
                    "description": "The seconds until a further request can help.",
                    "schema": {"type": "integer", "minimum": 0},
                },
            },
            "schemas": {
                "VerificationRequest": _request(),
                "Accepted": _object({"RequestId": {"type": "string", "description": "The API's RequestId."}}),
                "Error": _object(
                    {
                        "Code": {"type": "string", "description": "The reason; each status lists its Codes."},
                        "Message": {"type": "string", "description": "The same in words."},
                        "RequestId": {
                            "type": "string",
                            "description": "The API's, where the API answered, else that of the invocation.",
                        },
                    },
                    optional={
                        "Hint": {
                            "type": "string",
                            "description": "How to correct a request that the function itself refused, in words for the"
                            " developer. The wording may change; it repeats nothing of the request.",
                        }
                    },
                ),
                **{refusal.schema: _error_schema(status) for status, refusal in REFUSALS.items()},
            },
            "securitySchemes": _security_schemes(),
        },
    }


def text() -> str:
    """Return the description as it stands in openapi.yaml."""
    return str(yaml.safe_dump(document(), sort_keys=False, width=120, allow_unicode=True))


def example_of(status: int) -> object:
    """Return a reply of the function's with this status, as its caller reads it."""
    return json.loads(http_reply(_outcomes()[status], REQUEST_ID)["body"])


def _outcomes() -> dict[int, Outcome]:
    """Return an outcome for each status."""
    outcomes = (
        Outcome.sent(SAMPLE_CONTACT_ID, REQUEST_ID, attempts=1),
        _outcome_of_refusal(lambda: parse_request({"PhoneNumber": SAMPLE_PHONE_NUMBER})),
        outcome_of(ContactNotFound()),
        _outcome_of_refusal(HttpRequest("GET", {}, "", is_base64_encoded=False).refuse_method),
        Outcome.blocked(SAMPLE_CONTACT_ID, Blocked("claimed", 42, REQUEST_ID)),
        _outcome_of_refusal(HttpRequest("POST", _JSON, "x" * (MAX_BODY_BYTES + 1), is_base64_encoded=False).json_body),
        _outcome_of_refusal(HttpRequest("POST", {}, "{}", is_base64_encoded=False).json_body),
        outcome_of(Throttled()),
        outcome_of(MissingCredentials()),
        outcome_of(UnusableAnswer()),
        outcome_of(NotConnected()),
        outcome_of(NoAnswer(timed_out=True)),
    )
    return {outcome.http_status: outcome for outcome in outcomes}


def _outcome_of_refusal(refuse: Callable[[], object]) -> Outcome:
    try:
        refuse()
    except (PayloadRefused, RequestRefused) as refused:
        return outcome_of(refused)
    raise AssertionError("it was not refused")


def _request() -> dict[str, object]:
    schema = TypeAdapter(VerificationRequest).json_schema(by_alias=True)
    properties = {name: {**FIELDS[name], **_without_title(field)} for name, field in schema["properties"].items()}
    return {
        "title": "Verification request",
        "description": "One number of one contact to verify.",
        "type": schema["type"],
        "required": schema["required"],
        "properties": properties,
        "additionalProperties": False,
    }


def _without_title(field: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in field.items() if key != "title"}


def _accepted() -> dict[str, object]:
    replayed = {
        "description": "`true` if a text was sent before, within the window; nothing was sent now.",
        "schema": {"type": "string", "enum": ["true"]},
    }
    return {
        "description": "The API accepted a text, now or within the window.",
        "headers": {"Idempotency-Replayed": replayed, "Retry-After": {"$ref": "#/components/headers/RetryAfter"}},
        "content": _content("Accepted", 200),
    }


def _refused(status: int) -> dict[str, object]:
    refusal = REFUSALS[status]
    response: dict[str, object] = {"description": refusal.description}
    if refusal.can_be_retried:
        response["headers"] = {"Retry-After": {"$ref": "#/components/headers/RetryAfter"}}
    if status == 405:
        allow = {"description": "The methods that are accepted.", "schema": {"type": "string", "enum": ["POST"]}}
        response["headers"] = {"Allow": allow}
    return {**response, "content": _content(refusal.schema, status)}


def _content(schema: str, status: int) -> dict[str, object]:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}, "example": example_of(status)}}


def _error_schema(status: int) -> dict[str, object]:
    refusal = REFUSALS[status]
    explained = "\n".join(f"- `{code}`: {meaning}" for code, meaning in refusal.codes.items())
    code = {"type": "string", "enum": list(refusal.codes), "description": explained}
    return {
        "description": refusal.description,
        "allOf": [{"$ref": "#/components/schemas/Error"}, {"type": "object", "properties": {"Code": code}}],
    }


def _security_schemes() -> dict[str, dict[str, str]]:
    return {
        "httpTrigger": {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "The signature ACS3-HMAC-SHA256 that the HTTP trigger's authType `function` asks for, with"
            " the header x-acs-date and, for temporary credentials, x-acs-security-token.",
        },
        "cloudNativeGateway": {
            "type": "apiKey",
            "in": "header",
            "name": "x-ca-signature",
            "description": "The HMAC signature of a consumer of the cloud-native API gateway, with the header x-ca-key."
            " Inferred from the vendor's plug-in hmac-auth.",
        },
        "classicGateway": {
            "type": "apiKey",
            "in": "header",
            "name": "X-Ca-Signature",
            "description": "Legacy: the signature of an app of the classic API gateway, which has been closed to new"
            " customers since August 2026 and ends on 2027-09-21.",
        },
    }


def _object(properties: Mapping[str, object], *, optional: Mapping[str, object] = MappingProxyType({})) -> object:
    return {"type": "object", "required": list(properties), "properties": {**properties, **optional}}
