"""Proves that a package works: imports it, initializes each function, and has each refuse one request.

It is run as a script by the Python that the package is for, isolated and without site packages (`-I -S`), and imports
nothing of `local`. Given are the unpacked package, which becomes all there is to import next to the standard library,
and the names of our modules. The settings are the defaults, there are no credentials, and a use of the network fails.
It exits with 1 and says on stderr why the package does not work.
"""

import json
import os
import sys
import traceback
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple


class Refusal(NamedTuple):
    """An event, and the Code by which a function refuses it: in the reply over HTTP, or of the exception."""

    event: dict[str, object]
    code: str


REFUSALS = {
    "send_phone_verification": Refusal(
        {
            "version": "v1",
            "rawPath": "/",
            "headers": {"Content-Type": "application/json"},
            "body": "{}",
            "isBase64Encoded": False,
            "requestContext": {"domainName": "localhost", "http": {"method": "POST", "path": "/"}},
        },
        "MissingParameter.ContactId",
    ),
    "resend_pending_verifications": Refusal({"ContactId": "c-1"}, "UnrecognizedEvent"),
}
"""By the name of each function."""


class NotProven(Exception):
    """The package does not work; the message says what does not."""


def main() -> None:
    """Prove the package that is named on the command line."""
    folder, *modules = sys.argv[1:]
    sys.path.insert(0, folder)
    os.environ.clear()
    sys.addaudithook(_refuse_network)
    try:
        prove(Path(folder), modules)
    except NotProven as error:
        if error.__cause__:
            traceback.print_exception(error.__cause__)
        sys.exit(str(error))


def prove(folder: Path, modules: list[str]) -> None:
    """Import these modules, and try each that is a function: one that is a file at the root of the package.

    Raises:
        NotProven: something failed, or was not answered as it must be.

    """
    for module in modules:
        _try(f"{module} cannot be imported", import_module, module)
    for function in (name for name in modules if "." not in name and (folder / f"{name}.py").exists()):
        if function not in REFUSALS:
            raise NotProven(f"{function} has no request in {Path(__file__).name} that it must refuse")
        _prove_function(function, REFUSALS[function])


def _prove_function(name: str, refusal: Refusal) -> None:
    function: Any = import_module(name)
    context = SimpleNamespace(
        request_id="proof",
        credentials=SimpleNamespace(access_key_id="", access_key_secret="", security_token=""),
        function=SimpleNamespace(name=name, handler=f"{name}.handler", memory=128, timeout=60, version_id="LATEST"),
        service=SimpleNamespace(name="", log_project="", log_store="", qualifier="LATEST", version_id="LATEST"),
        region="cn-hangzhou",
        account_id="0",
    )
    _try(f"{name}.initialize failed", function.initialize, context)
    code = _try(f"{name}.handler failed", _code_of, function.handler, json.dumps(refusal.event).encode(), context)
    if code != refusal.code:
        raise NotProven(f"{name}.handler answered {code}, not {refusal.code}")


def _code_of(handler: Callable[[bytes, object], Any], event: bytes, context: object) -> object:
    """Return the Code of the refusal that a handler answers or raises, or all of an answer that has none."""
    try:
        answer = handler(event, context)
    except Exception as error:
        if hasattr(error, "code"):
            return error.code
        raise
    try:
        return json.loads(answer["body"])["Code"]
    except (KeyError, TypeError, ValueError):
        return answer


def _try(failure: str, call: Callable[..., Any], *arguments: object) -> Any:
    try:
        return call(*arguments)
    except (Exception, SystemExit) as error:
        raise NotProven(f"{failure}: {type(error).__name__}: {error}") from error


def _refuse_network(event: str, _: object) -> None:
    if event in ("socket.connect", "socket.getaddrinfo"):
        raise PermissionError("the network was used")


if __name__ == "__main__":
    main()
