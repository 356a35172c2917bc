"""Proves that a package works: its modules, its models, the initializers, and one refused request for each function.

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
    """An event, and the Code by which a function refuses it: in the reply over HTTP, or of the exception.

    For a function without refusals, `code` is the whole answer.
    """

    event: dict[str, object]
    code: object


MUST_REFUSE = {
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
    "resend_pending_verifications": Refusal(
        {"triggerTime": "2026-01-01T00:00:00Z", "triggerName": "proof", "payload": ""},
        "EventFailed",  # there are no credentials to list anything with
    ),
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
    if "fcapi.models" in modules:
        _prove_models()
        _prove_certificates()
    for function in (name for name in modules if "." not in name and (folder / f"{name}.py").exists()):
        if function not in MUST_REFUSE:
            raise NotProven(f"add a request that {function} must refuse to MUST_REFUSE in local/package/proof.py")
        _prove_function(function, MUST_REFUSE[function])


def _prove_models() -> None:
    """Have each model refuse a value: its schema is read only then."""
    models: Any = import_module("fcapi.models")
    kinds = [models.BaseModel]
    for kind in kinds:
        kinds += kind.__subclasses__()
    for kind in kinds[1:]:
        try:
            kind.model_validate(None)
        except models.ValidationError:
            continue
        except Exception as error:
            raise NotProven(f"{kind.__qualname__} cannot validate: {type(error).__name__}: {error}") from error
        raise NotProven(f"{kind.__qualname__} takes null for an object")


def _prove_certificates() -> None:
    """Look for the certificates without which no call over TLS succeeds."""
    where = _try("certifi cannot be imported", import_module, "certifi").where()
    if not Path(where).is_file():
        raise NotProven("certifi has no certificates")


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
