"""Makers of both shapes of the runtime's context, for tests and for running a handler on a laptop."""

from dataclasses import dataclass, field
from typing import Literal

PythonVersion = Literal["python3.10", "python3.12"]


@dataclass(frozen=True)
class ContextCredentials:
    """`context.credentials` of Python 3.10; an absent security token is empty text there."""

    access_key_id: str = field(repr=False)
    access_key_secret: str = field(repr=False)
    security_token: str = field(default="", repr=False)


@dataclass(frozen=True)
class Python310Function:
    """`context.function` of Python 3.10; the time limit is text, as it comes from the header."""

    name: str
    handler: str
    memory: int
    timeout: str


@dataclass(frozen=True)
class Python310Service:
    """`context.service` of Python 3.10."""

    name: str
    log_project: str
    log_store: str
    qualifier: str
    version_id: str


@dataclass(frozen=True)
class Python310Context:
    """The context of the Python 3.10 runtime."""

    request_id: str
    credentials: ContextCredentials
    function: Python310Function
    service: Python310Service
    region: str
    account_id: str
    retry_count: int


@dataclass(frozen=True)
class Python312Function:
    """`context.function` of Python 3.12."""

    name: str
    handler: str
    memory: int
    timeout: int
    version_id: str
    qualifier: str


@dataclass(frozen=True)
class Python312Context:
    """The context of the Python 3.12 runtime; credentials are in the environment only."""

    request_id: str
    function: Python312Function
    log_project: str
    log_store: str
    region: str
    account_id: str


def make_context(
    runtime: PythonVersion = "python3.12",
    *,
    request_id: str = "1-65b8a3f0-15f26b4c-8d2e6a0b7c41",
    function_name: str = "function",
    timeout: int = 60,
    memory: int = 128,
    retry_count: int = 0,
    credentials: ContextCredentials | None = None,
) -> Python310Context | Python312Context:
    """Return a context as the named runtime gives it; `timeout` in seconds, `memory` in MB.

    `credentials` are for Python 3.10 only. Python 3.12 has no place for them: put them into the environment.
    """
    handler = f"{function_name}.handler"
    region, account_id = "cn-hangzhou", "1234567890123456"
    log_project, log_store = "project", "logstore"
    if runtime == "python3.12":
        function = Python312Function(function_name, handler, memory, timeout, "LATEST", "LATEST")
        return Python312Context(request_id, function, log_project, log_store, region, account_id)
    return Python310Context(
        request_id=request_id,
        credentials=credentials or ContextCredentials("", ""),
        function=Python310Function(function_name, handler, memory, str(timeout)),
        service=Python310Service("", log_project, log_store, "LATEST", "LATEST"),
        region=region,
        account_id=account_id,
        retry_count=retry_count,
    )
