"""Stub of charset-normalizer, which is not in this package.

requests imports it to guess the encoding of an answer's text, and warns where it is missing. The functions read bytes
and never ask; the real one costs each cold start the import of 36 modules. Asked all the same, this one answers what
requests answers without a detector.
"""

__version__ = "3.0.0"
"""The interface that requests checks for: it takes 2 and 3."""


def detect(byte_str: bytes) -> dict[str, str]:  # noqa: ARG001 -- charset-normalizer's interface
    """Return UTF-8 as the encoding of anything."""
    return {"encoding": "utf-8"}
