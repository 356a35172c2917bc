"""`Names`: the keys of records in a store; a key does not show the number that it stands for."""

import hashlib


class Names:
    """Makes names by a keyed hash, so that a store shows no number. `hash_key` may be of any length."""

    def __init__(self, hash_key: bytes) -> None:
        self._hash_key = hashlib.blake2b(hash_key).digest()  # a key of the allowed length

    def of(self, first: str, second: str, third: str) -> str:
        """Return the name for three texts, which no three others have."""
        # Where each part ends is said, so that no two different triples make the same text.
        text = f"{len(first)}:{first}{len(second)}:{second}{third}"
        name = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=32, key=self._hash_key)
        return f"pv1:{name.hexdigest()}"
