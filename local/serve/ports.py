"""Where `fcapi serve` listens: one port for each endpoint, one after the other."""

ENDPOINTS = ("http_trigger", "api_gateway", "invoke_api", "emulator", "cloud_native_gateway")
DEFAULT_PORT = 9000
LAST_PORT = 65535 - len(ENDPOINTS) + 1
"""The highest that the first endpoint may have."""


def port_of(endpoint: str, first: int) -> int:
    """Return the port of an endpoint where the first one has the port `first`; with 0, all have 0, for a free one."""
    return first and first + ENDPOINTS.index(endpoint)
