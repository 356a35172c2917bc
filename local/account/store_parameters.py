"""Checks the parameters of the cooldown's store with the functions' own parser: a pattern cannot check a URL.

A value that fails here would stop every instance from starting in the cloud.
"""

from collections.abc import Iterator, Mapping

from phone_verification.addresses import store_address
from phone_verification.settings import MIN_HASH_KEY_BYTES

_URL, _KEY, _PLAINTEXT = "CooldownStoreUrl", "CooldownHashKey", "CooldownStorePlaintext"


def faults_of_store(values: Mapping[str, str]) -> Iterator[str]:
    """Yield what is wrong with the values that are given; no value is repeated.

    Where `CooldownStorePlaintext` is not among them, it may be on already.
    """
    if url := values.get(_URL):
        try:
            store_address(url, plaintext=values.get(_PLAINTEXT) != "false")
        except ValueError as error:
            yield f"{_URL} must be {str(error).replace('COOLDOWN_STORE_PLAINTEXT', _PLAINTEXT)}."
    key = values.get(_KEY)
    if key and len(key.encode()) < MIN_HASH_KEY_BYTES:
        yield f"{_KEY} must be at least {MIN_HASH_KEY_BYTES} bytes."


def faults_of_new_store(values: Mapping[str, str]) -> Iterator[str]:
    """Yield what is wrong with the values of a new stack: all others have their defaults."""
    yield from faults_of_store({_PLAINTEXT: "false", **values})
    if values.get(_URL) and not values.get(_KEY):
        yield f"{_KEY} must be given, where there is a {_URL}."
