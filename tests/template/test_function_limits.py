"""Python version, time limits, memory and CPU of both functions."""

from local.template.document import at, listed
from local.template.intrinsics import call
from tests.template.our_template import OurTemplate, Place

PYTHONS = ["python3.12", "python3.10"]
BY_DEFAULT = {"Runtime": PYTHONS[0], "Timeout": 60, "MemorySize": 512, "Cpu": 0.5}
INITIALIZER_SECONDS = 20
SLOWEST_CALL = ("MAX_ATTEMPTS", "CONNECT_TIMEOUT_SECONDS", "READ_TIMEOUT_SECONDS")


def allowed_values(place: Place) -> list[object]:
    """Return the values of the parameter that a place refers to; none where it refers to no parameter."""
    found = call(place.value)
    return listed(place.ours.at("Parameters", str(found[1]), "AllowedValues").value) if found else []


def largest(place: Place) -> float | None:
    """Return the largest number that a place can have: it is a number, or a parameter with a MaxValue."""
    found = call(at(place.value, "Fn::Str") or place.value)
    value = place.ours.at("Parameters", str(found[1]), "MaxValue").value if found else place.value
    return float(value) if str(value).replace(".", "", 1).isdigit() else None


def test_both_pythons_can_be_chosen_and_the_newer_is_the_default(template: OurTemplate) -> None:
    parameter = template.at("Parameters", "Runtime")
    message = parameter.expected(" by default, or ".join(PYTHONS))
    assert parameter.at("AllowedValues").value == PYTHONS, message
    assert parameter.at("Default").value == PYTHONS[0], message


def test_runtime_time_limit_memory_and_cpu_have_their_defaults(template: OurTemplate) -> None:
    for function in template.functions():
        for key, value in BY_DEFAULT.items():
            assert function.at(key).by_default == value, function.at(key).expected(f"{value} by default")


def test_the_initializer_has_its_time_limit(template: OurTemplate) -> None:
    for function in template.functions():
        timeout = function.at("InstanceLifecycleConfig", "Initializer", "Timeout")
        assert timeout.value == INITIALIZER_SECONDS, timeout.expected(INITIALIZER_SECONDS)


def test_cpu_and_memory_have_a_ratio_that_the_platform_offers(template: OurTemplate) -> None:
    """Source: the ROS page of ALIYUN::FC3::Function, at Cpu and MemorySize: 1 vCPU to between 1 and 4 GB."""
    for function in template.functions():
        cpu, memory = function.at("Cpu").by_default, function.at("MemorySize").by_default
        if isinstance(cpu, int | float) and isinstance(memory, int):
            message = function.at("Cpu").expected(f"1 vCPU for 1 to 4 GB, found {cpu:g} for {memory} MB")
            assert 1 <= memory / 1024 / cpu <= 4, message


def test_cpu_and_memory_come_in_the_steps_of_the_platform(template: OurTemplate) -> None:
    """Source: the ROS page of ALIYUN::FC3::Function: steps of 0.05 vCPU, and of 64 MB."""
    for function in template.functions():
        for key, step in (("Cpu", 0.05), ("MemorySize", 64)):
            for value in allowed_values(function.at(key)):
                if isinstance(value, int | float):
                    message = function.at(key).expected(f"a multiple of {step:g}, found {value:g}")
                    assert abs(value / step - round(value / step)) < 1e-6, message


def test_all_attempts_at_a_call_fit_into_the_time_limit(template: OurTemplate) -> None:
    """At their slowest, and with the largest values of the parameters."""
    for function in template.functions():
        timeout = function.at("Timeout")
        attempts, connect, read = (largest(function.at("EnvironmentVariables", name)) for name in SLOWEST_CALL)
        numbers = timeout.expected(f"numbers, or parameters with MaxValue, for {', '.join(SLOWEST_CALL)}")
        assert attempts is not None and connect is not None and read is not None, numbers  # noqa: PT018 -- one message
        message = timeout.expected(f"more than {attempts:g} attempts of {connect + read:g} s")
        assert isinstance(timeout.value, int), message
        assert timeout.value > attempts * (connect + read), message
