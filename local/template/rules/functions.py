"""Both functions are set up as their code needs it."""

from collections.abc import Iterator, Mapping
from typing import Any

from local.template.document import at, listed, mapping
from local.template.intrinsics import call
from local.template.problems import Path, Problem
from local.template.subject import Subject
from phone_verification.settings import InvalidSetting, SendSettings, Settings, SweepSettings

SETTINGS: Mapping[str, type[Settings]] = {
    "send_phone_verification": SendSettings,
    "resend_pending_verifications": SweepSettings,
}
"""What each function is set by; the functions of the cloud are these."""

RUNTIMES = ["python3.12", "python3.10"]
INITIALIZER_SECONDS = 20
FUNCTION_SECONDS = 60
LOG_CONFIG = ("Project", "Logstore", "LogBeginRule", "EnableRequestMetrics", "EnableInstanceMetrics")


def handlers(subject: Subject) -> Iterator[Problem]:
    """Check that handlers and initializers are functions of the code, and each function is deployed once."""
    deployed: list[str] = []
    for path, properties in _functions(subject):
        handler = str(properties.get("Handler"))
        initializer = at(properties, "InstanceLifecycleConfig", "Initializer", "Handler")
        module = handler.partition(".")[0]
        deployed.append(module)
        if handler != f"{module}.handler" or not subject.judges.code.has_entry(handler):
            yield Problem((*path, "Handler"), f"expected a function `file.handler` of functions/, found {handler}")
        if initializer != f"{module}.initialize" or not subject.judges.code.has_entry(str(initializer)):
            place = (*path, "InstanceLifecycleConfig", "Initializer", "Handler")
            yield Problem(place, f"expected {module}.initialize of functions/, found {initializer}")
    if sorted(deployed) != sorted(SETTINGS):
        yield Problem(("Resources",), f"expected one function for each of {', '.join(SETTINGS)}")


def runtimes(subject: Subject) -> Iterator[Problem]:
    """Check that either Python can be chosen, the newer one by default; time limits and sizes are the contract's."""
    parameter = at(subject.template.data, "Parameters", "Runtime")
    if at(parameter, "AllowedValues") != RUNTIMES or at(parameter, "Default") != RUNTIMES[0]:
        yield Problem(("Parameters", "Runtime"), f"expected {' by default, or '.join(RUNTIMES)}")
    for path, properties in _functions(subject):
        wanted = {"Runtime": RUNTIMES[0], "Timeout": FUNCTION_SECONDS, "MemorySize": 128, "Cpu": 0.1}
        for key, value in wanted.items():
            if subject.by_default.value(properties.get(key)) != value:
                yield Problem((*path, key), f"expected {value} by default")
        if at(properties, "InstanceLifecycleConfig", "Initializer", "Timeout") != INITIALIZER_SECONDS:
            place = (*path, "InstanceLifecycleConfig", "Initializer", "Timeout")
            yield Problem(place, f"expected {INITIALIZER_SECONDS}")


def cpu_and_memory(subject: Subject) -> Iterator[Problem]:
    """Check that CPU comes in steps of 0.05 vCPU, memory in steps of 64 MB, and their ratio is one that there is.

    Source: the ROS page of ALIYUN::FC3::Function, at Cpu and MemorySize: 1 vCPU to between 1 and 4 GB.
    """
    for path, properties in _functions(subject):
        cpu, memory = (subject.by_default.value(properties.get(key)) for key in ("Cpu", "MemorySize"))
        if isinstance(cpu, float) and isinstance(memory, int) and not 1 <= memory / 1024 / cpu <= 4:
            yield Problem((*path, "Cpu"), f"expected 1 vCPU for 1 to 4 GB, found {cpu:g} for {memory} MB")
        for key, step in (("Cpu", 0.05), ("MemorySize", 64)):
            found = call(properties.get(key))
            values = at(subject.template.data, "Parameters", str(found[1]), "AllowedValues") if found else None
            for value in listed(values):
                if isinstance(value, int | float) and abs(value / step - round(value / step)) > 1e-6:
                    yield Problem((*path, key), f"expected a multiple of {step:g}, found {value:g}")


def environment(subject: Subject) -> Iterator[Problem]:
    """Check that the variables are exactly those that the settings read, with the same defaults."""
    for path, properties in _functions(subject):
        settings = SETTINGS.get(str(properties.get("Handler")).partition(".")[0])
        if settings is None:
            continue
        path = (*path, "EnvironmentVariables")
        variables = mapping(properties.get("EnvironmentVariables"))
        wanted = {name.upper() for name in settings.model_fields}
        for name in sorted(wanted - variables.keys()):
            yield Problem((*path, name), "expected this variable, which the settings read")
        for name in sorted(variables.keys() - wanted):
            yield Problem((*path, name), "expected no variable that the settings do not read")
        yield from _values(subject, variables, settings, path)


def logs(subject: Subject) -> Iterator[Problem]:
    """Check that LogConfig is whole, and leads to the log store of this stack; the metadata would let it be empty."""
    for path, properties in _functions(subject):
        found = mapping(properties.get("LogConfig"))
        for key in LOG_CONFIG:
            if key not in found:
                yield Problem((*path, "LogConfig", key), "expected it: a LogConfig that is not whole logs nothing")
        for key, value in (("Project", ["LogProject", "Name"]), ("Logstore", ["LogStore", "LogstoreName"])):
            if key in found and found[key] != {"Fn::GetAtt": value}:
                yield Problem((*path, "LogConfig", key), f"expected Fn::GetAtt: {value}")
        if found.get("LogBeginRule", "None") != "None":
            yield Problem((*path, "LogConfig", "LogBeginRule"), "expected None: each of our lines is a whole one")


def network(subject: Subject) -> Iterator[Problem]:
    """Check that the functions are in a VPC where one is named, with its vSwitch and security group, else in none."""
    for path, properties in _functions(subject):
        config = properties.get("VpcConfig")
        whole = {"VpcId": "<VpcId>", "VSwitchIds": ["<VSwitchId>"], "SecurityGroupId": "<SecurityGroupId>"}
        if subject.with_everything.value(config) != whole:
            yield Problem((*path, "VpcConfig"), f"expected {', '.join(whole)} by their parameters")
        if subject.by_default.value(config) is not None:
            yield Problem((*path, "VpcConfig"), "expected none by default")


def attempts_fit(subject: Subject) -> Iterator[Problem]:
    """Check that all attempts at a call, at their slowest and with any parameters, fit into the time limit."""
    for path, properties in _functions(subject):
        variables = mapping(properties.get("EnvironmentVariables"))
        names = ("MAX_ATTEMPTS", "CONNECT_TIMEOUT_SECONDS", "READ_TIMEOUT_SECONDS")
        attempts, connect, read = (_largest(subject, variables.get(name)) for name in names)
        limit = properties.get("Timeout")
        if attempts is None or connect is None or read is None or not isinstance(limit, int):
            yield Problem((*path, "Timeout"), f"expected numbers, or parameters with MaxValue, for {', '.join(names)}")
        elif attempts * (connect + read) >= limit:
            yield Problem((*path, "Timeout"), f"expected more than {attempts:g} attempts of {connect + read:g} s")


def _functions(subject: Subject) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    for path, resource in subject.template.resources("ALIYUN::FC3::Function"):
        yield (*path, "Properties"), mapping(resource.get("Properties"))


def _values(subject: Subject, variables: Mapping[str, Any], settings: type[Settings], path: Path) -> Iterator[Problem]:
    meant = settings.from_environ({})
    for name, value in variables.items():
        text = subject.by_default.value(value)
        if not isinstance(text, str):
            yield Problem((*path, name), f"expected a text, as variables are, found {text}")
            continue
        try:
            found = settings.from_environ({name: text})
        except InvalidSetting as error:
            yield Problem((*path, name), f"expected a value that the settings take: {error}")
            continue
        field = name.lower()
        if field in settings.model_fields and getattr(found, field) != getattr(meant, field):
            yield Problem((*path, name), f"expected the settings' default, {getattr(meant, field)}")


def _largest(subject: Subject, value: Any) -> float | None:
    """Return the largest number that a value may come to, which is a literal or a parameter with a MaxValue."""
    found = call(value)
    if found is None:
        return float(value) if str(value).replace(".", "", 1).isdigit() else None
    name, argument = found
    if name == "Fn::Str":
        return _largest(subject, argument)
    largest = at(subject.template.data, "Parameters", str(argument), "MaxValue") if name == "Ref" else None
    return float(largest) if isinstance(largest, int | float) else None
