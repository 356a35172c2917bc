"""The triggers of the code: where the template makes each, or why it does not."""

from collections.abc import Mapping
from typing import NamedTuple


class TriggerResource(NamedTuple):
    """The resource that makes a trigger, and the parameter that switches it on."""

    resource: str
    switch: str
    on_by_default: bool = False


IN_TEMPLATE: Mapping[str, TriggerResource] = {
    "http": TriggerResource("HttpTriggerOfSend", "HttpTrigger", on_by_default=True),
    "timer": TriggerResource("TimerTriggerOfResend", "TimerTrigger", on_by_default=True),
    "smq_topic": TriggerResource("SmqTopicTriggerOfSend", "SmqTopicTrigger"),
    "smq_queue": TriggerResource("SmqQueueTriggerOfSend", "SmqQueueTrigger"),
    "eventbridge": TriggerResource("EventBridgeTriggerOfSend", "EventBridgeTrigger"),
    "actiontrail": TriggerResource("ActionTrailTriggerOfSend", "ActionTrailTrigger"),
    "destination": TriggerResource("DestinationTriggerOfSend", "DestinationTrigger"),
    "kafka": TriggerResource("KafkaTriggerOfSend", "KafkaTrigger"),
    "rocketmq": TriggerResource("RocketMqTriggerOfSend", "RocketMqTrigger"),
    "rabbitmq": TriggerResource("RabbitMqTriggerOfSend", "RabbitMqTrigger"),
}

NOT_IN_TEMPLATE: Mapping[str, str] = {
    "direct": "InvokeFunction needs no trigger",
    "invoke_api": "InvokeFunction needs no trigger",
    "api_gateway": "the classic API gateway has been closed to new customers since August 2026",
}

FURTHER_SAMPLES = frozenset({"sweep", "sweep_dry_run", "direct_list", "http_cloud_native_gateway"})
"""Samples of further forms of a trigger, whose own is `events/<trigger>.json`; `refused_...` are of no trigger."""
