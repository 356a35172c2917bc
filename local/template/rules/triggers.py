"""Triggers: those of the code and those of the template are the same, and each hands its events over as it should."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from fcapi.events.triggers import TRIGGER_NAMES
from local.template.document import at, mapping
from local.template.evaluation import smq_arn
from local.template.problems import Path, Problem
from local.template.subject import Subject
from local.template.triggers import OTHER_SAMPLES, TRIGGERS

SEND, RESEND = "SendFunction", "ResendFunction"


def samples(subject: Subject) -> Iterator[Problem]:
    """Check that every trigger that the code knows is in the table, and has a sample; every sample is of a trigger."""
    for name in sorted(set(TRIGGER_NAMES) ^ TRIGGERS.keys()):
        yield Problem(("Resources",), f"expected the trigger {name} both in local/template/triggers.py and in the code")
    for name, trigger in TRIGGERS.items():
        if trigger.sample not in subject.judges.samples:
            yield Problem(("Resources",), f"expected a sample events/{trigger.sample}.json of the trigger {name}")
    known = OTHER_SAMPLES | {trigger.sample for trigger in TRIGGERS.values()}
    for sample in sorted(subject.judges.samples - known):
        if not sample.startswith("refused_"):
            yield Problem(("Resources",), f"expected a trigger in local/template/triggers.py for events/{sample}.json")


def switches(subject: Subject) -> Iterator[Problem]:
    """Check that every trigger is switched by its own parameter, and on by default only where that is meant."""
    for name, trigger in TRIGGERS.items():
        if trigger.resource is None or trigger.switch is None:
            continue
        path: Path = ("Resources", trigger.resource)
        resource = at(subject.template.data, *path)
        if resource is None:
            yield Problem(path, f"expected the trigger {name}")
            continue
        condition = at(subject.template.data, "Conditions", str(at(resource, "Condition")))
        if condition != {"Fn::Equals": [True, {"Ref": trigger.switch}]}:
            yield Problem((*path, "Condition"), f"expected a condition that the parameter {trigger.switch} is true")
        parameter = at(subject.template.data, "Parameters", trigger.switch)
        if at(parameter, "Type") != "Boolean" or at(parameter, "Default") is not trigger.on_by_default:
            wanted = "true" if trigger.on_by_default else "false"
            yield Problem(("Parameters", trigger.switch), f"expected a Boolean that is {wanted} by default")
    known = {trigger.resource for trigger in TRIGGERS.values()}
    for path, _ in subject.template.resources("ALIYUN::FC3::Trigger"):
        if path[1] not in known:
            yield Problem(path, "expected a trigger of local/template/triggers.py")


def targets(subject: Subject) -> Iterator[Problem]:
    """Check that the timer runs function 2, everything else function 1."""
    for path, properties in _triggers(subject):
        wanted = RESEND if properties.get("TriggerType") == "timer" else SEND
        if properties.get("FunctionName") != {"Fn::GetAtt": [wanted, "FunctionName"]}:
            yield Problem((*path, "FunctionName"), f"expected Fn::GetAtt: [{wanted}, FunctionName]")


def eventbridge(subject: Subject) -> Iterator[Problem]:
    """Check that an EventBridge trigger hands over one event at a time, retries for a minute, then dead-letters it.

    The other retry strategy goes on for a day, past the cooldown's window, and would text a number again.
    """
    for path, properties in _triggers(subject, "eventbridge"):
        path = (*path, "TriggerConfig")
        config = mapping(properties.get("TriggerConfig"))
        options = mapping(config.get("runOptions"))
        is_sent_back = path[1] == TRIGGERS["destination"].resource
        queue = "ParkedQueue" if is_sent_back else "DeadLetterQueue"
        wanted: dict[Path, object] = {
            ("runOptions", "errorsTolerance"): "ALL",
            ("runOptions", "retryStrategy", "PushRetryStrategy"): "BACKOFF_RETRY",
            ("runOptions", "deadLetterQueue", "Arn"): smq_arn(f"/queues/<{queue}.QueueName>"),
            ("eventSinkConfig", "deliveryOption", "eventSchema"): "CloudEvents",
        }
        # Source: the FC API's page "RunOptions": EventBridge's own bus has no streaming mode, and only that has lists.
        if at(config, "eventSourceConfig", "eventSourceType") == "Default":
            wanted["runOptions", "mode"] = "event-driven"
        else:
            wanted["runOptions", "mode"] = "event-streaming"
            wanted["runOptions", "batchWindow", "CountBasedWindow"] = 1
        if is_sent_back:
            source = ("eventSourceConfig", "eventSourceParameters", "sourceMNSParameters", "QueueName")
            wanted[source] = "<DeadLetterQueue.QueueName>"
        for steps, value in wanted.items():
            if subject.with_everything.value(at(config, *steps)) != value:
                yield Problem((*path, *steps), f"expected {value}")
        if options.get("mode") == "event-driven" and "batchWindow" in options:
            yield Problem((*path, "runOptions", "batchWindow"), "expected none: such events come one at a time")
        yield from _pattern(subject, config, path)


def topics(subject: Subject) -> Iterator[Problem]:
    """Check that a topic's trigger says its topic and the role to invoke with, and retries for about a minute."""
    for path, properties in _triggers(subject, "mns_topic"):
        if not str(subject.with_everything.value(properties.get("SourceArn"))).startswith(smq_arn("/topics/")):
            yield Problem((*path, "SourceArn"), f"expected {smq_arn('/topics/')} and a topic")
        if at(properties, "InvocationRole", "Fn::GetAtt", 1) != "Arn":
            yield Problem((*path, "InvocationRole"), "expected the Arn of a role")
        if at(properties, "TriggerConfig", "notifyStrategy") != "BACKOFF_RETRY":
            yield Problem((*path, "TriggerConfig", "notifyStrategy"), "expected BACKOFF_RETRY")


def _triggers(subject: Subject, trigger_type: str = "") -> Iterator[tuple[Path, Mapping[str, Any]]]:
    for path, resource in subject.template.resources("ALIYUN::FC3::Trigger"):
        properties = mapping(resource.get("Properties"))
        if trigger_type in ("", properties.get("TriggerType")):
            yield (*path, "Properties"), properties


def _pattern(subject: Subject, config: Mapping[str, Any], path: Path) -> Iterator[Problem]:
    pattern = subject.by_default.value(config.get("eventRuleFilterPattern"))
    try:
        is_object = isinstance(json.loads(str(pattern)), dict)
    except ValueError:
        is_object = False
    if not is_object:
        yield Problem((*path, "eventRuleFilterPattern"), "expected the text of a JSON object")
