"""Checks the signature of a request, and refuses it as Function Compute does.

Source of the answers: the vendor's pages "Error codes" and "Troubleshoot errors" of HTTP functions. What exactly the
platform checks is not public; what is checked here is the published signature version 3, by the emulator's verifier.
For HTTP triggers, the vendor's page "Configure signature authentication for HTTP triggers" names three headers that
must be there: date, token (which may be empty) and signature. So no more than those are demanded there.
"""

from collections.abc import Callable

from werkzeug.wrappers import Request

from local.emulator.canonical import ReceivedRequest
from local.emulator.clock import time_of_day
from local.emulator.errors import ApiError
from local.emulator.nonces import NonceMemory
from local.emulator.server import KEY_PAIR
from local.emulator.verifier import Verifier
from local.serve.endpoints.received import headers_of, raw_path_of
from local.serve.platform_errors import PlatformError

_NEEDED = ("Authorization", "x-acs-date")


def signature_check(*, minimal: bool) -> Callable[[Request], None]:
    """Return a check that raises PlatformError unless a request is signed with the emulator's key pair.

    `minimal` demands no more than HTTP triggers do.
    """
    verifier = Verifier(KEY_PAIR, now=time_of_day, nonces=NonceMemory(), minimal=minimal)

    def check(received: Request) -> None:
        for name in _NEEDED:
            if name not in received.headers:
                raise PlatformError(400, "MissingRequiredHeader", f"required HTTP header {name} was not specified")
        try:
            verifier.verify(
                ReceivedRequest(
                    method=received.method,
                    path=raw_path_of(received),
                    query_string=received.environ["QUERY_STRING"],
                    headers={name.lower(): value for name, value in headers_of(received).items()},
                    body=received.get_data(),
                )
            )
        except ApiError as error:
            unknown_key = error.code == "InvalidAccessKeyId.NotFound"
            code = "InvalidAccessKeyID" if unknown_key else "SignatureNotMatch"
            raise PlatformError(403, code, f"{error.code}: {error.message}") from None

    return check
