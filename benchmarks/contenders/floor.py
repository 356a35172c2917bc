"""Contender *floor*: the standard library alone, and no more checks than there must be; nothing sensible is faster."""

import hashlib
import hmac
import http.client
import json
import os
import sys
import time
from typing import Any
from urllib.parse import quote

connection: Any = None
authority = ""


def initialize(context: Any) -> None:  # noqa: ARG001 -- Function Compute's signature
    """Make the connection once for an instance."""
    global connection, authority
    scheme, _, authority = os.environ["RESOURCE_DIRECTORY_ENDPOINT"].partition("://")
    kind = http.client.HTTPSConnection if scheme == "https" else http.client.HTTPConnection
    connection = kind(authority, timeout=10)


def handler(event: bytes, context: Any) -> dict[str, Any]:
    """Send one verification for the request in an HTTP event."""
    request = json.loads(json.loads(event)["body"])
    for field in ("ContactId", "PhoneNumber"):
        if not request.get(field):
            return _reply(400, {"Code": f"MissingParameter.{field}", "RequestId": context.request_id})
    query = f"ContactId={quote(request['ContactId'])}&PhoneNumber={quote(request['PhoneNumber'])}"
    connection.request("POST", f"/?{query}", headers=_signed(query))
    response = connection.getresponse()
    answer = json.loads(response.read())
    sys.stdout.write(json.dumps({"outcome": response.status, "api_request_id": answer.get("RequestId")}) + "\n")
    sys.stdout.flush()
    return _reply(response.status, {"RequestId": answer.get("RequestId")})


def _signed(query: str) -> dict[str, str]:
    payload_hash = hashlib.sha256(b"").hexdigest()
    headers = {
        "host": authority,
        "x-acs-action": "SendPhoneVerificationForMessageContact",
        "x-acs-content-sha256": payload_hash,
        "x-acs-date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "x-acs-security-token": os.environ["ALIBABA_CLOUD_SECURITY_TOKEN"],
        "x-acs-signature-nonce": os.urandom(16).hex(),
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
