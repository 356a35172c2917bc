"""The triggers of Function Compute: how each is recognised, and the module of this package that reads its envelope."""

from collections.abc import Sequence
from typing import NamedTuple

from fcapi.events.matchers import (
    Matcher,
    cloud_event,
    either,
    has,
    has_any,
    is_cloud_event,
    is_dead_letter,
    is_http,
    is_invoke_api,
)


class Trigger(NamedTuple):
    """A trigger of Function Compute.

    Attributes:
        name: its name in logs, samples and commands.
        matches: the matcher of its envelope.
        module: the module of this package that reads the envelope; imported when it is needed.
        delivers_lists: an invocation may get a list of its envelopes.

    """

    name: str
    matches: Matcher
    module: str
    delivers_lists: bool = False


TRIGGERS = (
    # The first that matches an event is its trigger.
    Trigger("invoke_api", is_invoke_api, "invoke_api"),
    Trigger("http", is_http, "http"),
    Trigger("api_gateway", has("httpMethod", "path"), "api_gateway"),
    Trigger("destination", is_dead_letter, "destination"),
    Trigger("smq_queue", cloud_event("mns:Queue:SendMessage"), "cloud_event", delivers_lists=True),
    Trigger("rocketmq", cloud_event("mq:Topic:SendMessage"), "cloud_event", delivers_lists=True),
    Trigger("kafka", cloud_event("alikafka:Topic:Message"), "cloud_event", delivers_lists=True),
    Trigger("rabbitmq", cloud_event("amqp:Queue:SendMessage"), "cloud_event", delivers_lists=True),
    Trigger("actiontrail", cloud_event("*:ActionTrail:ApiCall"), "cloud_event", delivers_lists=True),
    Trigger("eventbridge", is_cloud_event, "cloud_event", delivers_lists=True),
    Trigger("smq_topic", either(has("TopicName", "MessageId", "Message"), has("body", "attrs")), "smq_topic"),
    Trigger("timer", has("triggerTime", "triggerName", "payload"), "timer"),
)

DIRECT = "direct"

TRIGGER_NAMES = (*(trigger.name for trigger in TRIGGERS), DIRECT)


def direct_trigger(known_by_fields: Sequence[str]) -> Trigger:
    """Return the trigger of requests without an envelope; a function knows its requests by any of these fields."""
    return Trigger(DIRECT, has_any(*known_by_fields), DIRECT, delivers_lists=True)
