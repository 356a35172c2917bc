"""`Cloud`: everything that `fcapi serve` runs, put together."""

import os
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING
from uuid import uuid4

from fcapi.testing import ContextCredentials, PythonVersion
from local.emulator.control import create_control as create_emulator_control
from local.emulator.directory import Site
from local.emulator.server import KEY_PAIR, Emulator
from local.instances.instance import Instance
from local.serve.app import create_app
from local.serve.dead_letters import DeadLetterBox
from local.serve.deployment import defaults_of
from local.serve.endpoints import api_gateway, http_trigger
from local.serve.endpoints.platform_errors import MAX_SYNCHRONOUS_BYTES
from local.serve.endpoints.signatures import signature_check
from local.serve.freezer import Freezer
from local.serve.functions import Functions, Served
from local.serve.log_book import LogBook
from local.serve.pool import Pool
from local.serve.schedule import Schedule
from local.serve.state import RESEND, SEND, State
from local.serve.timer import Timer
from local.web.guard import refuse_other_origins
from local.web.server import LocalServer

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

FACES = ("http_trigger", "api_gateway", "invoke_api", "emulator")
"""Their ports follow each other."""


@dataclass(frozen=True, slots=True)
class Options:
    """How it is served.

    `port` is that of the first face, 0 for free ones. `code_path` holds the functions' code, the command `interpreter`
    runs them, in the shape of `runtime`. `retries` is how often an event that failed is tried again, None for what the
    template says. `signed` demands a signature at the HTTP trigger; `freeze` stops instances between requests, and
    `cut_idle` then cuts the connections that they keep.
    """

    port: int
    runtime: PythonVersion
    code_path: Path
    interpreter: tuple[str, ...]
    schedule: Schedule
    retries: int | None = None
    signed: bool = False
    freeze: bool = False
    cut_idle: bool = False
    site: Site = "china"
    daily_limit: int = 100


class Cloud:
    """Function Compute with both functions, and the emulator they call; a context manager, which starts and stops it.

    Args:
        options: how it is served.
        echo: gets every line that the functions write.

    Attributes:
        faces: where each face is, by its name, once it was started.

    Raises:
        OSError: on entry, a port is occupied.

    """

    def __init__(self, options: Options, *, echo: Callable[[str], object]) -> None:
        self.faces: dict[str, str] = {}
        self._options = options
        self._book = LogBook(echo=echo)
        self._box = DeadLetterBox()

    def __enter__(self) -> "Cloud":
        options = self._options
        with ExitStack() as stack:
            emulator = Emulator(port=self._port_of("emulator"), site=options.site, daily_limit=options.daily_limit)
            stack.enter_context(emulator)
            functions = self._functions(emulator)
            state = State(functions, self._book, self._box, options.runtime, options.signed)
            for name, app in self._apps(state, emulator).items():
                # Larger bodies are read too, so that the platform's own refusal can be answered.
                server = LocalServer(
                    app, port=self._port_of(name), max_body_bytes=2 * MAX_SYNCHRONOUS_BYTES, takes_chunks=True
                )
                self.faces[name] = stack.enter_context(server).url
            self.faces["emulator"] = emulator.url
            # From here on in the order of ending: nobody waits, nothing fires, nothing runs, nobody listens.
            stack.callback(functions.close)
            state.timer = stack.enter_context(Timer(options.schedule, state.tick))
            state.faces = self.faces
            stack.callback(self._book.close)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def _apps(self, state: State, emulator: Emulator) -> "dict[str, WSGIApplication]":
        invoke = partial(state.functions.invoke, SEND)
        emulator_control = create_emulator_control(emulator.directory, emulator.faults, lambda: str(uuid4()).upper())
        emulator_control.before_request(refuse_other_origins)
        trigger = http_trigger.create_app(
            invoke,
            submit=partial(state.functions.submit, SEND),
            authenticate=signature_check(minimal=True) if self._options.signed else lambda _: None,
        )
        return {
            "http_trigger": trigger,
            "api_gateway": api_gateway.create_app(invoke),
            "invoke_api": create_app(state, signature_check(minimal=False), emulator_control),
        }

    def _functions(self, emulator: Emulator) -> Functions:
        when_frozen = emulator.close_idle_connections if self._options.cut_idle else lambda: None
        freezer = Freezer(enabled=self._options.freeze, when_all_are_frozen=when_frozen)
        return Functions({name: self._served(name, emulator.url, freezer) for name in (SEND, RESEND)}, self._box)

    def _served(self, function: str, endpoint: str, freezer: Freezer) -> Served:
        options, defaults = self._options, defaults_of(function)

        def new_instance(logs: IO[bytes]) -> Instance:
            return Instance(
                function,
                runtime=options.runtime,
                environ={**os.environ, "RESOURCE_DIRECTORY_ENDPOINT": endpoint},
                credentials=ContextCredentials(**asdict(KEY_PAIR)),
                code_path=options.code_path,
                interpreter=options.interpreter,
                logs=logs,
                marks=True,
                timeout=defaults.timeout,
                initializer_timeout=defaults.initializer_timeout,
            )

        retries = defaults.retries if options.retries is None else options.retries
        return Served(Pool(function, new_instance, freezer=freezer, book=self._book), retries)

    def _port_of(self, face: str) -> int:
        return self._options.port and self._options.port + FACES.index(face)
