"""Contender *plain*: the least handler that one would write on requests and pydantic, signature included."""

import hashlib
import hmac
import json
import logging
import os
import sys
import uuid
from datetime import datetime, timezone
from typing import Any
from urllib.parse import quote, urlsplit

import requests
from pydantic import BaseModel, Field, ValidationError

# The platform's runtime does this before it loads a handler.
logging.basicConfig(level=logging.INFO, stream=sys.stdout)

logger = logging.getLogger(__name__)
session: Any = None
endpoint = ""


class VerificationRequest(BaseModel):
    """What is asked for."""

    contact_id: str = Field(alias="ContactId", min_length=1)
    phone_number: str = Field(alias="PhoneNumber", pattern=r"^[0-9]+-[0-9]+$")


def initialize(context: Any) -> None:  # noqa: ARG001 -- Function Compute's signature
    """Make the session once for an instance."""
    global session, endpoint
    session = requests.Session()
    endpoint = os.environ["RESOURCE_DIRECTORY_ENDPOINT"]


def handler(event: bytes, context: Any) -> dict[str, Any]:
    """Send one verification for the request in an HTTP event."""
    try:
        request = VerificationRequest.model_validate_json(json.loads(event)["body"])
    except ValidationError:
        logger.warning("request %s is not valid", context.request_id)
        return _reply(400, {"Code": "InvalidParameter", "RequestId": context.request_id})
    query = _query({"ContactId": request.contact_id, "PhoneNumber": request.phone_number})
    try:
        response = session.post(f"{endpoint}/?{query}", headers=_signed(query), timeout=(3, 10))
        answer = response.json()
    except (requests.RequestException, ValueError):
        logger.exception("request %s failed", context.request_id)
        return _reply(502, {"Code": "UpstreamError", "RequestId": context.request_id})
    if response.status_code != requests.codes.ok:
        logger.error("refused with %s", answer.get("Code"))
        return _reply(response.status_code, {"Code": answer.get("Code"), "RequestId": context.request_id})
    logger.info("sent a verification to %s, RequestId %s", request.contact_id, answer["RequestId"])
    return _reply(200, {"RequestId": answer["RequestId"]})


def _query(parameters: dict[str, str]) -> str:
    return "&".join(f"{name}={quote(value, safe='-_.~')}" for name, value in sorted(parameters.items()))


def _signed(query: str) -> dict[str, str]:
    payload_hash = hashlib.sha256(b"").hexdigest()
    headers = {
        "host": urlsplit(endpoint).netloc,
        "x-acs-action": "SendPhoneVerificationForMessageContact",
        "x-acs-content-sha256": payload_hash,
        "x-acs-date": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-security-token": os.environ["ALIBABA_CLOUD_SECURITY_TOKEN"],
        "x-acs-signature-nonce": uuid.uuid4().hex,
        "x-acs-version": "2022-04-19",
    }
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    canonical = "\n".join(("POST", "/", query, lines, names, payload_hash))
    text = "ACS3-HMAC-SHA256\n" + hashlib.sha256(canonical.encode()).hexdigest()
    secret = os.environ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"]
    signature = hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
    key_id = os.environ["ALIBABA_CLOUD_ACCESS_KEY_ID"]
    headers["Authorization"] = f"ACS3-HMAC-SHA256 Credential={key_id},SignedHeaders={names},Signature={signature}"
    return headers


def _reply(status: int, document: dict[str, Any]) -> dict[str, Any]:
    return {
        "statusCode": status,
        "headers": {"Content-Type": "application/json"},
        "isBase64Encoded": False,
        "body": json.dumps(document),
    }
