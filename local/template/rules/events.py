"""What becomes of an event that fails, and of many at a time."""

from collections.abc import Iterator, Mapping
from typing import Any

from local.template.document import at, mapping
from local.template.evaluation import smq_arn
from local.template.intrinsics import call
from local.template.problems import Problem
from local.template.subject import Subject

SEND, RESEND = "SendFunction", "ResendFunction"
RETRIES: Mapping[str, int] = {SEND: 2, RESEND: 0}
"""How often the platform invokes a function again with an event that failed."""
SEND_EVENT_AGE = 1800
SEVEN_DAYS = 7 * 24 * 60 * 60


def asynchronous(subject: Subject) -> Iterator[Problem]:
    """Check that what fails for good goes to a queue, for seven days, after the retries that the function bears."""
    queues = {SEND: "DeadLetterQueue", RESEND: "ParkedQueue"}
    for path, resource in subject.template.resources("ALIYUN::MNS::Queue"):
        if at(resource, "Properties", "MessageRetentionPeriod") != SEVEN_DAYS:
            yield Problem((*path, "Properties", "MessageRetentionPeriod"), f"expected {SEVEN_DAYS}")
    configured: list[str] = []
    for path, resource in subject.template.resources("ALIYUN::FC3::AsyncInvokeConfig"):
        path, properties = (*path, "Properties"), mapping(resource.get("Properties"))
        function = str(at(properties, "FunctionName", "Fn::GetAtt", 0))
        configured.append(function)
        if properties.get("MaxAsyncRetryAttempts") != RETRIES.get(function):
            yield Problem((*path, "MaxAsyncRetryAttempts"), f"expected {RETRIES.get(function)}")
        steps = ("DestinationConfig", "OnFailure", "Destination")
        wanted = smq_arn(f"/queues/<{queues.get(function)}.QueueName>/messages")
        if subject.by_default.value(at(properties, *steps)) != wanted:
            yield Problem((*path, *steps), f"expected {wanted}")
    if sorted(configured) != sorted(RETRIES):
        yield Problem(("Resources",), "expected one ALIYUN::FC3::AsyncInvokeConfig for each function")


def event_age(subject: Subject) -> Iterator[Problem]:
    """Check that an event of function 1 is never tried after its claim in the cooldown may have ended."""
    limit = at(subject.template.data, "Resources", SEND, "Properties", "Timeout")
    variables = at(subject.template.data, "Resources", SEND, "Properties", "EnvironmentVariables")
    window = _smallest(subject, at(variables, "EVENT_COOLDOWN_SECONDS"))
    for path, resource in subject.template.resources("ALIYUN::FC3::AsyncInvokeConfig"):
        path, properties = (*path, "Properties"), mapping(resource.get("Properties"))
        if at(properties, "FunctionName", "Fn::GetAtt", 0) != SEND:
            continue
        age = properties.get("MaxAsyncEventAgeInSeconds")
        if age != SEND_EVENT_AGE:
            yield Problem((*path, "MaxAsyncEventAgeInSeconds"), f"expected {SEND_EVENT_AGE}")
        elif window is None or not isinstance(limit, int) or age + limit >= window:
            message = (
                f"expected less than EVENT_COOLDOWN_SECONDS at its least ({window}), with the time limit of {limit}"
            )
            yield Problem((*path, "MaxAsyncEventAgeInSeconds"), message)


def reserved_concurrency(subject: Subject) -> Iterator[Problem]:
    """Check that function 1 has instances set aside."""
    found = [
        at(resource, "Properties", "FunctionName", "Fn::GetAtt", 0)
        for _, resource in subject.template.resources("ALIYUN::FC3::ConcurrencyConfig")
    ]
    if found != [SEND]:
        yield Problem(("Resources",), f"expected an ALIYUN::FC3::ConcurrencyConfig for {SEND}")


def _smallest(subject: Subject, value: Any) -> int | None:
    """Return the smallest number that a value may come to, which is a parameter with a MinValue."""
    found = call(at(value, "Fn::Str"))
    smallest = at(subject.template.data, "Parameters", str(found[1]), "MinValue") if found else None
    return smallest if isinstance(smallest, int) else None
