"""Builds what is deployed: one zip for each Python of Function Compute, the same bytes from the same commit."""


class PackageError(Exception):
    """There is no package to run or to deploy; the message says why, and what to do about it."""
