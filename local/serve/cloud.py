"""`Cloud`: everything that `fcapi serve` runs, put together."""

import os
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING
from uuid import uuid4

from fcapi.testing import ContextCredentials, PythonVersion
from local.emulator.control import create_control as create_emulator_control
from local.emulator.directory import Site
from local.emulator.limits import Limits
from local.emulator.server import KEY_PAIR, Emulator
from local.instances.instance import Instance
from local.serve.changes import Changes
from local.serve.code_version import code_version
from local.serve.dead_letters import DeadLetterBox
from local.serve.declared import Declared, DeclaredFunction
from local.serve.endpoints import api_gateway, cloud_native_gateway, http_trigger
from local.serve.endpoints.signatures import signature_check
from local.serve.freezer import Freezer
from local.serve.functions import Functions, Served
from local.serve.invoke_api_app import create_app
from local.serve.journal import Journal
from local.serve.log_book import LogBook, LogLine
from local.serve.platform_errors import MAX_SYNCHRONOUS_BYTES
from local.serve.pool import MAX_INSTANCES, Pool
from local.serve.ports import ENDPOINTS, port_of
from local.serve.schedule import Schedule
from local.serve.state import State
from local.serve.timer import Timer
from local.web.local_server import LocalServer

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

_A_DAY = 24 * 60 * 60
"""A time limit for who looks at a program that stands still."""


@dataclass(frozen=True, slots=True)
class Options:
    """How it is served.

    `port` is that of the first endpoint, 0 for free ones. `code_path` holds the functions' code, the command
    `interpreter` runs them, with the context of `runtime`. `schedule` is when the timer fires, and `retries` how often
    an event that failed is tried again; None for as declared. `signed` demands a signature at the HTTP trigger;
    `freeze` stops instances between requests, and `cut_idle` then cuts the connections that they keep. `settings` are
    further variables of the functions' environment; those of this process come first. `debug_ports` has the port that a
    debugger attaches at for each function: it then runs in one instance, without a time limit.
    """

    port: int
    runtime: PythonVersion
    code_path: Path
    interpreter: tuple[str, ...]
    schedule: Schedule | None = None
    retries: int | None = None
    signed: bool = False
    freeze: bool = False
    cut_idle: bool = False
    site: Site = "china"
    daily_limit: int = Limits.daily_limit
    daily_mail_limit: int = Limits.daily_mail_limit
    mails_per_minute: int = Limits.mails_per_minute
    max_contacts: int = Limits.max_contacts
    settings: Mapping[str, str] = field(default_factory=dict)
    debug_ports: Mapping[str, int] = field(default_factory=dict)


class Cloud:
    """Function Compute with its functions, and the emulator they call; a context manager, which starts and stops it.

    Args:
        declared: the functions.
        options: how they are served.
        echo: gets every line that the functions write.

    Attributes:
        endpoints: the URL of each endpoint by its name, once it was started.

    Raises:
        OSError: on entry, a port is occupied.

    """

    def __init__(self, declared: Declared, options: Options, *, echo: Callable[[str], object]) -> None:
        self.endpoints: dict[str, str] = {}
        self._declared = declared
        self._options = options
        self._echo = echo
        self._changes = Changes()
        self._journal = Journal(self._changes)
        self._book = LogBook(self._changes, tell=self._tell)
        self._box = DeadLetterBox()

    def __enter__(self) -> "Cloud":
        options = self._options
        with ExitStack() as stack:
            emulator = Emulator(
                port=port_of("emulator", options.port),
                site=options.site,
                daily_limit=options.daily_limit,
                daily_mail_limit=options.daily_mail_limit,
                mails_per_minute=options.mails_per_minute,
                max_contacts=options.max_contacts,
                changed=self._changes.note,
            )
            stack.enter_context(emulator)
            functions = self._functions(emulator)
            state = self._state(functions, emulator)
            for name, app in self._apps(state, emulator).items():
                # Larger bodies are read too, so that the platform's own refusal can be answered.
                port, max_body_bytes = port_of(name, options.port), 2 * MAX_SYNCHRONOUS_BYTES
                server = LocalServer(app, port=port, max_body_bytes=max_body_bytes, takes_chunks=True)
                self.endpoints[name] = stack.enter_context(server).url
            self.endpoints = {name: {**self.endpoints, "emulator": emulator.url}[name] for name in ENDPOINTS}
            # These end in the opposite order: waiting for changes, the timer, the instances, then the endpoints.
            stack.callback(functions.close)
            state.timer = stack.enter_context(Timer(options.schedule or self._declared.timer.schedule, state.tick))
            state.endpoints = self.endpoints
            stack.callback(self._changes.close)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def _tell(self, line: LogLine) -> None:
        self._echo(line.text)
        self._journal.add_line(line)

    def _settings(self) -> dict[str, str]:
        """Return the functions' environment as it is now: that of this process comes first."""
        return {**self._options.settings, **os.environ}

    def _state(self, functions: Functions, emulator: Emulator) -> State:
        return State(
            declared=self._declared,
            functions=functions,
            changes=self._changes,
            book=self._book,
            journal=self._journal,
            box=self._box,
            emulator=emulator,
            runtime=self._options.runtime,
            signed=self._options.signed,
            has_store=bool(self._settings().get("COOLDOWN_STORE_URL")),
        )

    def _apps(self, state: State, emulator: Emulator) -> "dict[str, WSGIApplication]":
        function = self._declared.http_function
        invoke = partial(state.functions.invoke, function)
        emulator_control = create_emulator_control(emulator.directory, emulator.faults, lambda: str(uuid4()).upper())
        trigger = http_trigger.create_app(
            invoke,
            submit=partial(state.functions.submit, function),
            authenticate=signature_check(minimal=True) if self._options.signed else lambda _: None,
        )
        return {
            "http_trigger": trigger,
            "api_gateway": api_gateway.create_app(invoke),
            "cloud_native_gateway": cloud_native_gateway.create_app(invoke),
            "invoke_api": create_app(state, signature_check(minimal=False), emulator_control),
        }

    def _functions(self, emulator: Emulator) -> Functions:
        when_frozen = emulator.close_idle_connections if self._options.cut_idle else lambda: None
        freezer = Freezer(enabled=self._options.freeze, when_all_are_frozen=when_frozen)
        served = {each.name: self._served(each, emulator.url, freezer) for each in self._declared.functions.values()}
        return Functions(served, self._box, self._journal, self._changes)

    def _served(self, function: DeclaredFunction, endpoint: str, freezer: Freezer) -> Served:
        options = self._options
        debug_port = options.debug_ports.get(function.name)

        def new_instance(logs: IO[bytes]) -> Instance:
            return Instance(
                function.name,
                runtime=options.runtime,
                environ={**self._settings(), "RESOURCE_DIRECTORY_ENDPOINT": endpoint},
                credentials=ContextCredentials(**asdict(KEY_PAIR)),
                code_path=options.code_path,
                interpreter=options.interpreter,
                logs=logs,
                platform_lines=True,
                timeout=_A_DAY if debug_port else function.timeout,
                initializer_timeout=_A_DAY if debug_port else function.initializer_timeout,
                debug_port=debug_port,
            )

        retries = function.retries if options.retries is None else options.retries
        pool = Pool(
            function.name,
            new_instance,
            freezer=freezer,
            book=self._book,
            journal=self._journal,
            limit=1 if debug_port else MAX_INSTANCES,
            code_version=partial(code_version, options.code_path),
        )
        return Served(pool, retries)
