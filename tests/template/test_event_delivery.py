"""EventBridge and topics hand events over one at a time, retry for about a minute, and keep those that fail."""

import json
from collections.abc import Mapping

from local.template.document import at, mapping
from local.template.evaluation import PSEUDO_VALUES
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


BROKERS = {
    # The source of each broker's trigger, and what its SDK model calls the parameters of instance, queue and group.
    "kafka": ("Kafka", "sourceKafkaParameters", ("InstanceId", "Topic", "ConsumerGroup")),
    "rocketmq": ("RocketMQ", "sourceRocketMQParameters", ("InstanceId", "Topic", "GroupID")),
    "rabbitmq": ("RabbitMQ", "sourceRabbitMQParameters", ("InstanceId", "VirtualHostName", "QueueName")),
}
KAFKA_NETWORKS: Mapping[str, Mapping[str, str | None]] = {
    # Source: the FC API's page "SourceKafkaParameters", which calls a VPC PublicNetwork.
    "": {"Network": "Default", "VpcId": None, "VSwitchIds": None, "SecurityGroupId": None},
    "vpc-1": {"Network": "PublicNetwork", "VpcId": "vpc-1", "VSwitchIds": "vsw-1", "SecurityGroupId": "sg-1"},
}
ROCKETMQ_NETWORKS: Mapping[str, Mapping[str, str | None]] = {
    "Cloud_4": {"InstanceNetwork": None, "InstanceVpcId": None, "InstanceEndpoint": None},
    "Cloud_5": {"InstanceNetwork": "PrivateNetwork", "InstanceVpcId": "vpc-1", "InstanceEndpoint": "rmq:8080"},
}
FROM_NOW_ON = {"kafka": ("OffsetReset", "latest"), "rocketmq": ("Offset", "CONSUME_FROM_LAST_OFFSET")}
"""Whose messages from before the trigger was made are left alone: they are not to be texted now."""


def source_of(template: OurTemplate, name: str, **parameters: str) -> Mapping[str, object]:
    """Return the parameters of a broker's trigger as EventBridge gets them."""
    resource = IN_TEMPLATE[name].resource
    properties = template.with_values(**parameters).properties(resource)
    source = at(properties, "TriggerConfig", "eventSourceConfig", "eventSourceParameters", BROKERS[name][1])
    return mapping(source)


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


def test_events_are_handed_over_asynchronously(template: OurTemplate) -> None:
    """Function 1's own configuration retries and dead-letters them. A letter that is sent back is not to become one."""
    for config in configs(template):
        place, wanted = config.at("asyncInvocationType"), sends_dead_letters_back(config)
        assert place.value is wanted, place.expected(str(wanted).lower())


def test_each_broker_is_read_by_its_instance_queue_and_group(template: OurTemplate) -> None:
    for name, (source_type, _, keys) in BROKERS.items():
        place = template.at("Resources", IN_TEMPLATE[name].resource, "Properties", "TriggerConfig", "eventSourceConfig")
        assert place.at("eventSourceType").value == source_type, place.at("eventSourceType").expected(source_type)
        source = source_of(template, name)
        for key in keys:
            assert key in source, place.expected(f"{key}, by a parameter")
        assert source.get("RegionId") == PSEUDO_VALUES["ALIYUN::Region"], place.expected("the stack's region")


def test_messages_from_before_a_trigger_are_left_alone(template: OurTemplate) -> None:
    for name, (key, wanted) in FROM_NOW_ON.items():
        for version in ROCKETMQ_NETWORKS:
            for vpc in KAFKA_NETWORKS:
                source = source_of(template, name, BrokerVpcId=vpc, RocketMqInstanceType=version)
                place = template.at("Resources", IN_TEMPLATE[name].resource)
                assert source.get(key) == wanted, place.expected(f"{key}: {wanted}")


def test_a_broker_is_reached_in_the_vpc_that_is_named(template: OurTemplate) -> None:
    network = {"BrokerVSwitchId": "vsw-1", "BrokerSecurityGroupId": "sg-1", "RocketMqEndpoint": "rmq:8080"}
    cases = [("kafka", {"BrokerVpcId": vpc}, wanted) for vpc, wanted in KAFKA_NETWORKS.items()]
    for version, wanted in ROCKETMQ_NETWORKS.items():
        cases.append(("rocketmq", {"BrokerVpcId": "vpc-1", "RocketMqInstanceType": version}, wanted))
    for name, parameters, wanted in cases:
        source = source_of(template, name, **network, **parameters)
        place = template.at("Resources", IN_TEMPLATE[name].resource)
        for key, value in wanted.items():
            assert source.get(key) == value, place.expected(f"{key}: {value} for {parameters}")


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
