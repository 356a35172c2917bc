"""What a phone verification is: the request, what came of it, and how it is told to callers and operators."""
