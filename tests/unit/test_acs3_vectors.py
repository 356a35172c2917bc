"""The signer against vectors computed by the vendor's SDK; one of them is printed in the vendor's documentation."""

import json
from pathlib import Path
from typing import Any

import pytest

from resource_directory import acs3

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "acs3_vectors.json").read_text())["vectors"]


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["name"] for vector in VECTORS])
def test_signs_as_the_vendor_does(vector: dict[str, Any]) -> None:
    """The final header is compared first and, where it differs, the steps, so that the failure names the broken one."""
    expected = vector["expected"]
    parameters = list(vector["query"].items())
    headers = {name.lower(): value for name, value in vector["headers"].items()}
    payload_hash = acs3.hash_payload(vector["body"].encode())

    header = acs3.authorization(
        vector["method"],
        vector["path"],
        parameters,
        headers,
        payload_hash,
        access_key_id=vector["access_key_id"],
        access_key_secret=vector["access_key_secret"],
    )

    if header != expected["authorization"]:
        canonical = acs3.canonical_request(vector["method"], vector["path"], parameters, headers, payload_hash)
        assert payload_hash == expected["hashed_payload"]
        assert acs3.canonical_query(parameters) == expected["canonical_query"]
        assert acs3.canonical_headers(headers) == expected["canonical_headers"]
        assert acs3.signed_headers(headers) == expected["signed_headers"]
        assert canonical == expected["canonical_request"]
        assert acs3.string_to_sign(canonical) == expected["string_to_sign"]
        assert acs3.signature(expected["string_to_sign"], vector["access_key_secret"]) == expected["signature"]
    assert header == expected["authorization"]


def test_the_worked_example_of_the_vendors_documentation_is_among_them() -> None:
    published = next(vector for vector in VECTORS if vector["name"] == "official_doc_RunInstances")
    assert published["expected"]["signature"] == "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
