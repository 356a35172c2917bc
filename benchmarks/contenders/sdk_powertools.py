"""Contender *SDK + powertools*: the call through the official SDK, with the Logger and the parser of powertools."""

import json
import os
from typing import Any
from urllib.parse import urlsplit

from alibabacloud_resourcedirectorymaster20220419.client import Client
from alibabacloud_resourcedirectorymaster20220419.models import SendPhoneVerificationForMessageContactRequest
from alibabacloud_tea_openapi.exceptions import AlibabaCloudException
from alibabacloud_tea_openapi.utils_models import Config
from aws_lambda_powertools import Logger  # type: ignore[import-not-found] # installed for the benchmark alone
from aws_lambda_powertools.utilities.parser import ValidationError, parse  # type: ignore[import-not-found] # as above
from darabonba.runtime import RuntimeOptions
from pydantic import BaseModel, Field, Json

logger = Logger(service="phone-verification")
client: Any = None


class VerificationRequest(BaseModel):
    """What is asked for."""

    contact_id: str = Field(alias="ContactId", min_length=1)
    phone_number: str = Field(alias="PhoneNumber", pattern=r"^[0-9]+-[0-9]+$")


class HttpEvent(BaseModel):
    """What is needed of an HTTP trigger's event."""

    body: Json[VerificationRequest]


def initialize(context: Any) -> None:  # noqa: ARG001 -- Function Compute's signature
    """Make the client once for an instance."""
    global client
    endpoint = urlsplit(os.environ["RESOURCE_DIRECTORY_ENDPOINT"])
    config = Config(
        access_key_id=os.environ["ALIBABA_CLOUD_ACCESS_KEY_ID"],
        access_key_secret=os.environ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
        security_token=os.environ["ALIBABA_CLOUD_SECURITY_TOKEN"],
        endpoint=endpoint.netloc,
        protocol=endpoint.scheme,
    )
    client = Client(config)


def handler(event: bytes, context: Any) -> dict[str, Any]:
    """Send one verification for the request in an HTTP event."""
    logger.append_keys(function_request_id=context.request_id)
    try:
        request = parse(event=json.loads(event), model=HttpEvent).body
    except ValidationError:
        logger.warning("rejected")
        return _reply(400, {"Code": "InvalidParameter", "RequestId": context.request_id})
    to_send = SendPhoneVerificationForMessageContactRequest(
        contact_id=request.contact_id, phone_number=request.phone_number
    )
    try:
        response = client.send_phone_verification_for_message_contact_with_options(to_send, RuntimeOptions())
    except AlibabaCloudException as error:
        logger.exception("failed")
        return _reply(502, {"Code": str(error.code), "RequestId": context.request_id})
    logger.info("sent", contact_id=request.contact_id, api_request_id=response.body.request_id)
    return _reply(200, {"RequestId": response.body.request_id})


def _reply(status: int, document: dict[str, Any]) -> dict[str, Any]:
    return {
        "statusCode": status,
        "headers": {"Content-Type": "application/json"},
        "isBase64Encoded": False,
        "body": json.dumps(document),
    }
