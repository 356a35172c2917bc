"""Phone verifications: from a request to its outcome, and from there to callers and operators."""
