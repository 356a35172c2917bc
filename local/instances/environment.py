"""What a function finds in its environment on Function Compute.

Source: the vendor's page "Environment variables", and the published bootstrap code, which deletes every variable that
the platform reserves for itself, `FC_…` and `_FC_…`, but a few that are safe.
"""

from collections.abc import Mapping
from pathlib import Path

from fcapi.testing import ContextCredentials, PythonVersion

ACCOUNT_ID = "1234567890123456"
MEMORY_MB = 128

_OURS = ("PYTHONPATH", "PYTHONHOME")
"""They say where the Python that runs `local` finds its modules; a function has its own code, and its interpreter's."""

_CREDENTIALS = ("ACCESS_KEY_ID", "ACCESS_KEY_SECRET", "SECURITY_TOKEN")


def environment_of(
    function: str,
    *,
    runtime: PythonVersion,
    code_path: Path,
    instance_id: str,
    environ: Mapping[str, str],
    credentials: ContextCredentials | None,
) -> dict[str, str]:
    """Return the environment of an instance: `environ` without what is the platform's, and what the platform sets.

    Credentials are in it on Python 3.12 only; those in `environ` never are.
    """
    left_out = {*_OURS, *(f"ALIBABA_CLOUD_{name}" for name in _CREDENTIALS)}
    given = {
        name: value for name, value in environ.items() if name not in left_out and not name.startswith(("FC_", "_FC_"))
    }
    if credentials and runtime == "python3.12":
        parts = (credentials.access_key_id, credentials.access_key_secret, credentials.security_token)
        given.update({f"ALIBABA_CLOUD_{name}": part for name, part in zip(_CREDENTIALS, parts, strict=True)})
    return {
        **given,
        "FC_ACCOUNT_ID": ACCOUNT_ID,
        "FC_FUNC_CODE_PATH": str(code_path),
        "FC_FUNCTION_NAME": function,
        "FC_FUNCTION_HANDLER": f"{function}.handler",
        "FC_FUNCTION_MEMORY_SIZE": str(MEMORY_MB),
        "FC_INSTANCE_ID": instance_id,
        "FC_REGION": "cn-hangzhou",
        # The page names the one for Debian 10 and older, the other for what is newer.
        "FC_VER_ID" if runtime == "python3.10" else "FC_FUNCTION_VERSION": "LATEST",
        "PYTHONIOENCODING": "utf-8:surrogateescape",
    }
