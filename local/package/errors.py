"""What stops a build."""


class PackageError(Exception):
    """The package cannot be built; the message says why, and what to do about it."""
