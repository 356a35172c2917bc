"""Checks the signature of a request, and refuses it as Function Compute does.

Source of the answers: the vendor's pages "Error codes" and "Troubleshoot errors" of HTTP functions. What exactly the
platform checks is not public; what is checked here is the published signature version 3, by the emulator's verifier.
For HTTP triggers, the vendor's page "Configure signature authentication for HTTP triggers" has callers in four
languages. They sign two headers, date and token (which may be empty), and not the body; two of them send a date with a
fraction of a second. The page quotes one answer to a request without date or signature. So no more is demanded there;
a hash of the body and a nonce are checked where they are sent.
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
                named = "Date" if minimal else name
                raise PlatformError(400, "MissingRequiredHeader", f"required HTTP header {named} was not specified")
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
