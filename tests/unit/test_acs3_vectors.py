"""The signer against vectors computed by the vendor's SDK; one of them is printed in the vendor's documentation."""

import json
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
import requests

from fcapi.credentials import Credentials
from resource_directory import acs3

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "acs3_vectors.json").read_text())["vectors"]


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["name"] for vector in VECTORS])
def test_signs_as_the_vendor_does(vector: dict[str, Any]) -> None:
    """The final header is compared first and, where it differs, the steps, so that the failure names the broken one."""
    expected = vector["expected"]
    query = acs3.canonical_query(vector["query"].items())
    headers = {name.lower(): value for name, value in vector["headers"].items()}
    payload_hash = acs3.hash_payload(vector["body"].encode())

    header = acs3.authorization(
        vector["method"],
        vector["path"],
        query,
        headers,
        payload_hash,
        access_key_id=vector["access_key_id"],
        access_key_secret=vector["access_key_secret"],
    )

    if header != expected["authorization"]:
        canonical = acs3.canonical_request(vector["method"], vector["path"], query, headers, payload_hash)
        assert payload_hash == expected["hashed_payload"]
        assert query == expected["canonical_query"]
        assert acs3.canonical_headers(headers) == expected["canonical_headers"]
        assert acs3.signed_headers(headers) == expected["signed_headers"]
        assert canonical == expected["canonical_request"]
        assert acs3.string_to_sign(canonical) == expected["string_to_sign"]
        assert acs3.signature(expected["string_to_sign"], vector["access_key_secret"]) == expected["signature"]
    assert header == expected["authorization"]


def can_be_sent(vector: dict[str, Any]) -> bool:
    """Tell whether the vector signs what our requests have: not the SDK's own headers, nor one with blanks around."""
    signed = {name.lower() for name in vector["headers"]}
    return signed == set(acs3.headers_to_sign(vector["headers"])) and vector["name"] != "header_value_trim"


@pytest.mark.parametrize("vector", [v for v in VECTORS if can_be_sent(v)], ids=lambda vector: vector["name"])
@pytest.mark.parametrize("body_type", [str, bytes])
def test_a_prepared_request_is_signed_as_the_vendor_signs_it(vector: dict[str, Any], body_type: type) -> None:
    given = {name.lower(): value for name, value in vector["headers"].items()}
    date = datetime.strptime(given["x-acs-date"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
    kept = {name: given[name] for name in ("x-acs-action", "x-acs-version", "content-type") if name in given}
    credentials = Credentials(vector["access_key_id"], vector["access_key_secret"], vector["security_token"])
    signed = requests.Request(
        vector["method"],
        f"https://{given['host']}{vector['path']}?{acs3.canonical_query(vector['query'].items())}",
        headers={**kept, "accept": "not signed", "user-agent": "not signed"},
        data=(vector["body"] if body_type is str else vector["body"].encode()) or None,
        auth=acs3.Acs3Auth(credentials, now=date.timestamp, nonce=lambda: given["x-acs-signature-nonce"]),
    ).prepare()
    assert signed.headers["Authorization"] == vector["expected"]["authorization"]
    assert signed.headers["host"] == given["host"]


def test_a_body_that_is_read_as_it_is_sent_cannot_be_signed() -> None:
    auth = acs3.Acs3Auth(Credentials("k", "s"), now=time.time, nonce=lambda: "n")
    with pytest.raises(TypeError):
        requests.Request("POST", "https://127.0.0.1/", data=iter([b"x"]), auth=auth).prepare()


def test_the_worked_example_of_the_vendors_documentation_is_among_them() -> None:
    published = next(vector for vector in VECTORS if vector["name"] == "official_doc_RunInstances")
    assert published["expected"]["signature"] == "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
