"""EventBridge and topics hand events over one at a time, retry for about a minute, and keep those that fail."""

import json

from local.template.document import mapping
from tests.template.our_template import OurTemplate, Place, smq_arn
from tests.template.trigger_table import IN_TEMPLATE

RETRY_FOR_A_MINUTE = "BACKOFF_RETRY"
"""The other strategy retries for a day, past the cooldown's window, and would text a number again."""


def configs(template: OurTemplate) -> list[Place]:
    """Return the TriggerConfig of each EventBridge trigger."""
    return [trigger.at("TriggerConfig") for trigger in template.triggers("eventbridge")]


def is_of_a_bus(config: Place) -> bool:
    """Whether events come from EventBridge's own bus, and not from a queue."""
    return bool(config.at("eventSourceConfig", "eventSourceType").value == "Default")


def sends_dead_letters_back(config: Place) -> bool:
    return config.resource == IN_TEMPLATE["destination"].resource


def test_events_come_in_the_cloudevents_format(template: OurTemplate) -> None:
    for config in configs(template):
        place = config.at("eventSinkConfig", "deliveryOption", "eventSchema")
        assert place.value == "CloudEvents", place.expected("CloudEvents")


def test_eventbridge_retries_for_a_minute_and_goes_on(template: OurTemplate) -> None:
    for config in configs(template):
        tolerance = config.at("runOptions", "errorsTolerance")
        assert tolerance.value == "ALL", tolerance.expected("ALL")
        strategy = config.at("runOptions", "retryStrategy", "PushRetryStrategy")
        assert strategy.value == RETRY_FOR_A_MINUTE, strategy.expected(RETRY_FOR_A_MINUTE)


def test_eventbridge_keeps_the_events_that_fail(template: OurTemplate) -> None:
    for config in configs(template):
        queue = "ParkedQueue" if sends_dead_letters_back(config) else "DeadLetterQueue"
        place, wanted = config.at("runOptions", "deadLetterQueue", "Arn"), smq_arn(f"/queues/<{queue}.QueueName>")
        assert place.with_everything == wanted, place.expected(wanted)


def test_eventbridge_has_the_mode_of_its_source(template: OurTemplate) -> None:
    """Source: the FC API's page "RunOptions": EventBridge's own bus has no streaming mode, and only that has lists."""
    for config in configs(template):
        place, wanted = config.at("runOptions", "mode"), "event-driven" if is_of_a_bus(config) else "event-streaming"
        assert place.value == wanted, place.expected(wanted)


def test_a_queue_hands_over_one_message_at_a_time(template: OurTemplate) -> None:
    for config in configs(template):
        place = config.at("runOptions", "batchWindow", "CountBasedWindow")
        assert is_of_a_bus(config) or place.value == 1, place.expected(1)


def test_a_trigger_without_lists_has_no_window_for_them(template: OurTemplate) -> None:
    for config in configs(template):
        options = config.at("runOptions")
        has_both = options.at("mode").value == "event-driven" and "batchWindow" in mapping(options.value)
        assert not has_both, options.at("batchWindow").expected("none: such events come one at a time")


def test_dead_letters_are_sent_back_from_their_queue(template: OurTemplate) -> None:
    for config in filter(sends_dead_letters_back, configs(template)):
        place = config.at("eventSourceConfig", "eventSourceParameters", "sourceMNSParameters", "QueueName")
        wanted = "<DeadLetterQueue.QueueName>"
        assert place.with_everything == wanted, place.expected(wanted)


def test_every_pattern_is_a_json_object(template: OurTemplate) -> None:
    for config in configs(template):
        place = config.at("eventRuleFilterPattern")
        try:
            pattern = json.loads(str(place.by_default))
        except ValueError:
            pattern = None
        assert isinstance(pattern, dict), place.expected("the text of a JSON object")


def test_a_topic_is_named_by_its_arn(template: OurTemplate) -> None:
    for trigger in template.triggers("mns_topic"):
        place, wanted = trigger.at("SourceArn"), smq_arn("/topics/")
        assert str(place.with_everything).startswith(wanted), place.expected(f"{wanted} and a topic")


def test_a_topic_has_a_role_to_invoke_with(template: OurTemplate) -> None:
    for trigger in template.triggers("mns_topic"):
        place = trigger.at("InvocationRole")
        assert place.at("Fn::GetAtt", 1).value == "Arn", place.expected("the Arn of a role")


def test_a_topic_retries_for_a_minute(template: OurTemplate) -> None:
    for trigger in template.triggers("mns_topic"):
        place = trigger.at("TriggerConfig", "notifyStrategy")
        assert place.value == RETRY_FOR_A_MINUTE, place.expected(RETRY_FOR_A_MINUTE)
