"""Function Compute: instances of both functions, invocations, time limits, retries and dead letters."""

import importlib.util
from collections.abc import Callable, Sequence
from functools import cache
from types import CodeType, ModuleType
from typing import Any

from cooldown.memory import MemoryStore
from cooldown.names import Names
from fcapi.testing import ContextCredentials, make_context
from phone_verification.components import start
from phone_verification.settings import SendSettings, Settings, SweepSettings
from tests.simulation.api import Api, ApiAdapter
from tests.simulation.invocation import End, Invocation
from tests.simulation.schedule import Arrival, Deviations, Fault, Scenario
from tests.simulation.store import Server, StoreClient
from tests.simulation.world import Killed, Process, World

SEND, SWEEP = "send_phone_verification", "resend_pending_verifications"
HASH_KEY = "the key of a simulation, 32 bytes or more"
ACCOUNT_ID = make_context().account_id
CREDENTIALS = ContextCredentials("LTAIlocal", "local-secret")

INSTANCE_FAULTS: Sequence[Fault] = (("its clock is off", (-7200.0, -65.0, -5.0, 5.0, 65.0, 7200.0)),)
INVOCATION_FAULTS: Sequence[Fault] = (("another instance takes it", (0.0,)),)

Ended = Callable[[Invocation, End], object]


class Instance:
    """One instance of a function, with a module and components of its own."""

    def __init__(self, name: str, function: str, platform: "Platform") -> None:
        world, scenario = platform.world, platform.scenario
        self.name = name
        self.function = function
        self.invocation: Any = None
        clock_off = platform.deviations.choose(name, 0, INSTANCE_FAULTS)
        self.clock_ahead = clock_off.value if clock_off else 0.0
        self.store_ahead = 0.0 if scenario.shared else self.clock_ahead
        self._world = world
        self._stood_still = 0.0
        self.module = _fresh_module(function)
        if scenario.shared:
            self.store_id: object = "shared"
            store: Any = StoreClient(platform.server, world, lambda: self.invocation, platform.shown)
        else:
            self.store_id = self
            store = MemoryStore(self.now, self.monotonic)
        self.components: Any = start(
            platform.settings_of[function],
            adapter=ApiAdapter(platform.api, world, lambda: self.invocation),
            store=store,
            write=lambda line: self.invocation.log(line),
            now=self.now,
            monotonic=self.monotonic,
            sleep=self._sleep,
            uniform=lambda _, most: most / 2,
            nonce=platform.nonce,
        )

    def now(self) -> float:
        """Return the time by its own clock."""
        return self._world.now + self.clock_ahead

    def monotonic(self) -> float:
        """Return the time by a clock that stood still while it was frozen."""
        return self._world.now - self._stood_still

    def freeze(self, seconds: float) -> None:
        """Let the monotonic clock stand still for the seconds to come."""
        self._stood_still += seconds

    def _sleep(self, seconds: float) -> None:
        self.invocation.choose(f"sleep {seconds:.1f}", ())
        self.invocation.wait(seconds)


class Platform:
    """Runs invocations on instances, each by one at a time, and ends a process at the function's time limit."""

    def __init__(self, world: World, scenario: Scenario, deviations: Deviations, api: Api) -> None:
        self.world = world
        self.scenario = scenario
        self.deviations = deviations
        self.api = api
        self.server = Server(world)
        self.settings_of = _settings_of(scenario)
        self.instances: list[Instance] = []
        self.invocations: list[Invocation] = []
        names = Names(HASH_KEY.encode())
        self._recipient_of = {names.of(ACCOUNT_ID, who.rstrip("@"), target): who for who, target in api.targets.items()}
        self._instances_made = 0
        self._nonces = 0

    def shown(self, key: str) -> str:
        """Return what a key of the store stands for: the record of a recipient, or a day's budget."""
        return self._recipient_of.get(key, "the budget")

    def nonce(self) -> str:
        """Return a text that it never returned before."""
        self._nonces += 1
        return f"{self._nonces:032x}"

    def invoke(self, name: str, arrival: Arrival, event: bytes, recipients: Sequence[str], ended: Ended) -> None:
        """Start an invocation; `ended` is called with its end."""
        function = SWEEP if arrival.kind == "tick" else SEND
        instance = self._instance_for(name, function)
        invocation = Invocation(
            name, arrival, recipients, world=self.world, deviations=self.deviations, freeze=instance.freeze
        )
        invocation.store_id, invocation.store_ahead = instance.store_id, instance.store_ahead
        instance.invocation = invocation
        self.invocations.append(invocation)
        context = make_context(
            "python3.10",
            request_id=name,
            function_name=function,
            timeout=self.scenario.time_limit,
            credentials=CREDENTIALS,
        )

        def body() -> None:
            end = End(killed=True)
            try:
                end = End(result=instance.module.function.run(instance.components, event, context))
            except Killed:
                pass
            except Exception as error:  # noqa: BLE001 -- the platform takes whatever the function raises
                end = End(error=error)
            self._end(instance, invocation, end, ended)

        invocation.process = Process(self.world, body)
        self.world.note(name, f"starts on {instance.name}")
        self.world.at(self.world.now + self.scenario.time_limit, self._end_at_limit, invocation)
        invocation.process.start()

    def fail_over(self, seconds: float) -> None:
        """Let the store go on without its last writes; those whose writes these may be know that it failed."""
        self.server.fail_over(seconds)
        for invocation in self.invocations:
            if invocation.ended is None or invocation.ended >= self.world.now - seconds:
                invocation.store_failed = True

    def set_clocks_right(self) -> None:
        """Set the clocks of the sweep's instances: with one that is far off and little time, no listing succeeds."""
        for instance in self.instances:
            if instance.function == SWEEP:
                instance.clock_ahead = 0.0

    def _end_at_limit(self, invocation: Invocation) -> None:
        if invocation.ended is None:
            assert invocation.process is not None
            invocation.process.kill()

    def _end(self, instance: Instance, invocation: Invocation, end: End, ended: Ended) -> None:
        invocation.ended, invocation.killed = self.world.now, end.killed
        invocation.is_done = end.result is not None
        instance.invocation = None
        if end.killed:
            self.instances.remove(instance)
        shown = "killed" if end.killed else end.error or end.result
        self.world.note(invocation.name, f"ends: {shown}")
        ended(invocation, end)

    def _instance_for(self, name: str, function: str) -> Instance:
        idle = [each for each in self.instances if each.function == function and each.invocation is None]
        if not idle or self.deviations.choose(name, 0, INVOCATION_FAULTS):
            self._instances_made += 1
            self.instances.append(Instance(f"instance {self._instances_made}", function, self))
            return self.instances[-1]
        return idle[0]


def _settings_of(scenario: Scenario) -> dict[str, Settings]:
    windows = scenario.windows
    shared = {"COOLDOWN_HASH_KEY": HASH_KEY}
    if scenario.time_limit < 20:  # time for a whole attempt
        shared |= {"CONNECT_TIMEOUT_SECONDS": "2", "READ_TIMEOUT_SECONDS": "6"}
    send = {
        "HTTP_COOLDOWN_SECONDS": str(windows["http"]),
        "EVENT_COOLDOWN_SECONDS": str(windows["event"]),
        "HTTP_SENDS_PER_DAY": str(scenario.sends_per_day),
    }
    sweep = {
        "SWEEP_COOLDOWN_SECONDS": str(windows["tick"]),
        "MAX_TEXTS_PER_NUMBER": str(scenario.texts_per_number),
        "MAX_MAILS_PER_ADDRESS": str(scenario.mails_per_address),
    }
    return {
        SEND: SendSettings.from_environ({**shared, **send}),
        SWEEP: SweepSettings.from_environ({**shared, **sweep}),
    }


def _fresh_module(name: str) -> ModuleType:
    """Return a module object of its own, as each instance of the cloud has."""
    module = ModuleType(name)
    exec(_code_of(name), module.__dict__)  # noqa: S102 -- our own function, once for each instance
    return module


@cache
def _code_of(name: str) -> CodeType:
    spec = importlib.util.find_spec(name)
    assert spec is not None
    assert spec.loader is not None
    code: CodeType = spec.loader.get_code(name)  # type: ignore[attr-defined] # a file's loader has it
    return code
