"""What stops a deployment."""


class DeployError(Exception):
    """It cannot go on; the message says why, and what to do about it."""
