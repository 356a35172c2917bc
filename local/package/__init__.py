"""Builds what is deployed: one zip for each Python of Function Compute, the same bytes from the same commit."""


class PackageError(Exception):
    """No package could be built, found or run; the message says why, and what to do."""
