"""Which trigger of the code is which in the template: the one table of both."""

from collections.abc import Mapping
from typing import NamedTuple


class TemplateTrigger(NamedTuple):
    """Where the template makes a trigger, and the parameter that switches it; or why it does not.

    `sample` is the name of its file in `events/`, without its end.
    """

    sample: str
    resource: str | None = None
    switch: str | None = None
    on_by_default: bool = False
    why_not: str = ""


TRIGGERS: Mapping[str, TemplateTrigger] = {
    "http": TemplateTrigger("http", "HttpTriggerOfSend", "HttpTrigger", on_by_default=True),
    "timer": TemplateTrigger("timer", "TimerTriggerOfResend", "TimerTrigger", on_by_default=True),
    "smq_topic": TemplateTrigger("smq_topic", "SmqTopicTriggerOfSend", "SmqTopicTrigger"),
    "smq_queue": TemplateTrigger("smq_queue", "SmqQueueTriggerOfSend", "SmqQueueTrigger"),
    "eventbridge": TemplateTrigger("eventbridge", "EventBridgeTriggerOfSend", "EventBridgeTrigger"),
    "actiontrail": TemplateTrigger("actiontrail", "ActionTrailTriggerOfSend", "ActionTrailTrigger"),
    "destination": TemplateTrigger("destination", "DestinationTriggerOfSend", "DestinationTrigger"),
    "api_gateway": TemplateTrigger("api_gateway", "Api", "ApiGateway"),
    "direct": TemplateTrigger("direct", why_not="InvokeFunction needs no trigger"),
    "invoke_api": TemplateTrigger("invoke_api", why_not="InvokeFunction needs no trigger"),
    "rocketmq": TemplateTrigger("rocketmq", why_not="its instance, group and topic are the queue owner's to name"),
    "kafka": TemplateTrigger("kafka", why_not="its instance, group and topic are the queue owner's to name"),
    "rabbitmq": TemplateTrigger("rabbitmq", why_not="its instance, host and queue are the queue owner's to name"),
}

OTHER_SAMPLES = frozenset({"sweep", "sweep_dry_run", "direct_list"})
"""Samples that are further forms of a trigger's; those named `refused_...` are of none."""
