"""Checks that a URL does not let an unsigned request reach the function."""

from collections.abc import Container

import requests

from local.account.endpoints import is_local_url
from local.account.findings import Finding, NotCheckedHere, object_in, plain
from local.openapi.refusals import REFUSALS

_HTTP_SECONDS = 20
_REFUSED_BY_PLATFORM = (400, 401, 403)

CODE_OF_THE_REFUSAL = "UnknownParameter"
REFUSED_BODY = {"SmokeTest": "this field does not exist"}
"""Function 1 refuses this with `UnknownParameter`, which tells its answer from one of the platform."""


def unsigned_post(check: str, url: str) -> Finding:
    """POST without a signature, and return what is found: an answer of the function is the worst.

    Raises:
        NotCheckedHere: the URL cannot be reached from here.

    """
    if not url:
        todo = "GATEWAY_URL=https://…/phone-verifications; the gateway's console shows its domain"
        return Finding(check, "failed", "its URL is not known", todo)
    if not (url.startswith("https://") or is_local_url(url)):
        return Finding(check, "failed", "it is not https", "look at the output of the stack")
    try:
        with requests.Session() as session:
            session.trust_env = not is_local_url(url)  # a proxy is for what is elsewhere
            answered = session.post(url, json=REFUSED_BODY, timeout=_HTTP_SECONDS, allow_redirects=False)
    except requests.RequestException:
        # An address inside the cloud cannot be reached from elsewhere; that does not show that it is closed.
        raise NotCheckedHere("it cannot be reached from here; try from inside the cloud") from None
    code = object_in(answered.content).get("Code")
    failed_in_function = "UnhandledInvocationError" in answered.headers.get("X-Fc-Error-Type", "")
    if answered.ok or failed_in_function or code in _answers_of_the_function(answered.status_code):
        return Finding(
            check,
            "failed",
            f"OPEN TO EVERYBODY: an unsigned request reached the function ({answered.status_code} {plain(code)})",
            "switch this trigger or gateway off now, then mend its authentication",
        )
    if answered.status_code in _REFUSED_BY_PLATFORM:
        return Finding(check, "ok", f"refused by the platform: {answered.status_code} {plain(code)}")
    return Finding(
        check,
        "failed",
        f"{answered.status_code} {plain(code)}: neither refused nor answered",
        "look at the trigger or gateway",
    )


def _answers_of_the_function(status: int) -> Container[str]:
    """Return the Codes that function 1 answers under a status, but for those that a platform has too."""
    return () if status in (429, 503) or status not in REFUSALS else REFUSALS[status].codes
