"""The HTTP endpoint of `send_phone_verification` as OpenAPI, made from its own code."""
