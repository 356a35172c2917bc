"""What happens to a function in the middle of an invocation."""

import os
from collections.abc import Callable


def when_signing(action: Callable[[], object], *, request: int = 1) -> Callable[[], str]:
    """Return nonces for a kept function: before it signs its first request, or a later one, something happens.

    The number is claimed by then. The first nonce of a function is the token of that claim.
    """
    taken = 0

    def nonce() -> str:
        nonlocal taken
        taken += 1
        if taken == request + 1:
            action()
        return os.urandom(16).hex()

    return nonce
