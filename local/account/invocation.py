"""Invokes a deployed function.

Source: the vendor's page "InvokeFunction" of Function Compute 3.0.
"""

import base64
import io
from collections.abc import Mapping
from dataclasses import dataclass

from local.account.session import Session


@dataclass(frozen=True, slots=True)
class Invoked:
    """What came of an invocation; a function that raised has `failed`. The log holds its last 4 KB."""

    request_id: str
    failed: bool
    payload: bytes
    log: str


def invoke(session: Session, function: str, event: bytes, *, asynchronous: bool = False) -> Invoked:
    """Invoke a function by its name in the account.

    Raises:
        AccountError: it could not be invoked.

    """
    from alibabacloud_fc20230330.models import InvokeFunctionHeaders, InvokeFunctionRequest
    from darabonba.runtime import RuntimeOptions

    headers = InvokeFunctionHeaders(
        x_fc_invocation_type="Async" if asynchronous else "Sync", x_fc_log_type="None" if asynchronous else "Tail"
    )

    def call() -> tuple[Mapping[str, str], bytes]:
        request = InvokeFunctionRequest(body=io.BytesIO(event))
        runtime = RuntimeOptions(autoretry=False)
        answered = session.functions.invoke_function_with_options(function, request, headers, runtime)
        return answered.headers, answered.body.read()

    answered, payload = session.ask(f"Invoking {function}", "fc", call)
    log = base64.b64decode(answered.get("x-fc-log-result", "")).decode("utf-8", "replace")
    return Invoked(answered.get("x-fc-request-id", ""), "x-fc-error-type" in answered, payload, log)
