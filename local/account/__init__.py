"""Deploys a package and the template with the vendor's command line tool: every command is shown before it runs."""


class DeployError(Exception):
    """A deployment cannot go on; the message says why, and what to do about it."""
