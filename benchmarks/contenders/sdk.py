"""Contender *SDK*: a handler in the manner of the vendor's documentation.

The official SDK, its client kept between invocations, standard logging, plain checks.
"""

import json
import logging
import os
import sys
from typing import Any
from urllib.parse import urlsplit

from alibabacloud_resourcedirectorymaster20220419.client import Client
from alibabacloud_resourcedirectorymaster20220419.models import SendPhoneVerificationForMessageContactRequest
from alibabacloud_tea_openapi.exceptions import AlibabaCloudException
from alibabacloud_tea_openapi.utils_models import Config
from darabonba.runtime import RuntimeOptions

# The platform's runtime does this before it loads a handler.
logging.basicConfig(level=logging.INFO, stream=sys.stdout)

logger = logging.getLogger(__name__)
client: Any = None


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
    request = json.loads(json.loads(event)["body"])
    for field in ("ContactId", "PhoneNumber"):
        if not request.get(field):
            return _reply(400, {"Code": f"MissingParameter.{field}", "RequestId": context.request_id})
    to_send = SendPhoneVerificationForMessageContactRequest(
        contact_id=request["ContactId"], phone_number=request["PhoneNumber"]
    )
    try:
        response = client.send_phone_verification_for_message_contact_with_options(to_send, RuntimeOptions())
    except AlibabaCloudException as error:
        logger.exception("request %s failed", context.request_id)
        return _reply(502, {"Code": str(error.code), "RequestId": context.request_id})
    logger.info("sent a verification to %s, RequestId %s", request["ContactId"], response.body.request_id)
    return _reply(200, {"RequestId": response.body.request_id})


def _reply(status: int, document: dict[str, Any]) -> dict[str, Any]:
    return {
        "statusCode": status,
        "headers": {"Content-Type": "application/json"},
        "isBase64Encoded": False,
        "body": json.dumps(document),
    }
