"""Changes that break the triggers, and the delivery of events."""

from tests.template import test_event_delivery as event_delivery
from tests.template import test_failed_events as failed_events
from tests.template import test_timer as timer
from tests.template import test_trigger_resources as trigger_resources
from tests.template.mutations.mutation import Mutation, Table

MUTATIONS: Table = {
    trigger_resources.test_only_http_and_the_timer_are_on_by_default: [
        Mutation("TimerTrigger", "Default: true", "Default: false", "Parameters.TimerTrigger", "true by default"),
        Mutation("SmqQueueTrigger", "Default: false", "Default: true", "Parameters.SmqQueueTrigger", "false by"),
    ],
    trigger_resources.test_each_trigger_is_switched_by_its_own_parameter: [
        Mutation("ActionTrailTriggerOfSend", "ActionTrailTriggerOn", "InVpc", "Condition", "ActionTrailTrigger"),
    ],
    trigger_resources.test_every_trigger_of_the_table_is_a_resource: [
        Mutation("SmqTopicTriggerOfSend", "SmqTopicTriggerOfSend:", "Topic:", "Resources.SmqTopicTrigger", "smq"),
    ],
    trigger_resources.test_every_trigger_resource_is_in_the_table: [
        Mutation("SmqTopicTriggerOfSend", "SmqTopicTriggerOfSend:", "Topic:", "Resources.Topic", "a trigger of"),
    ],
    trigger_resources.test_the_timer_invokes_the_function_that_resends: [
        Mutation("TimerTriggerOfResend", "[ResendF", "[SendF", "Properties.FunctionName", "[ResendFunction,"),
    ],
    trigger_resources.test_by_default_a_switch_makes_these_resources_only: [
        Mutation("NoSweepAlert", "TimerTriggerOn", "HttpPublicOn", "Resources", "NoSweepAlert"),
    ],
    trigger_resources.test_every_condition_holds_with_every_switch_on: [
        Mutation("InVpc", "Fn::Not:\n      ", "", "Conditions.InVpc", "a parameter makes true"),
    ],
    trigger_resources.test_every_other_trigger_invokes_the_function_that_sends: [
        Mutation("EventBridgeTriggerOfSend", "[SendF", "[ResendF", "Properties.FunctionName", "[SendFunction,"),
    ],
    event_delivery.test_eventbridge_retries_for_a_minute_and_goes_on: [
        Mutation("EventBridgeTriggerOfSend", "BACKOFF_RETRY", "EXPONENTIAL_DECAY_RETRY", "Strategy", "BACKOFF"),
        Mutation("EventBridgeTriggerOfSend", "Tolerance: ALL", "Tolerance: NONE", "errorsTolerance", "ALL"),
    ],
    event_delivery.test_events_are_handed_over_asynchronously: [
        Mutation("KafkaTriggerOfSend", "Type: false", "Type: true", "asyncInvocationType", "expected false"),
        Mutation("DestinationTriggerOfSend", "Type: true", "Type: false", "asyncInvocationType", "expected true"),
    ],
    event_delivery.test_each_broker_is_read_by_its_instance_queue_and_group: [
        Mutation("RabbitMqTriggerOfSend", "QueueName:", "Queue:", "RabbitMqTriggerOfSend", "QueueName"),
        Mutation("RabbitMqTriggerOfSend", "RegionId:", "Region:", "RabbitMqTriggerOfSend", "the stack's region"),
        Mutation("KafkaTriggerOfSend", "Type: Kafka", "Type: MQTT", "eventSourceType", "Kafka"),
    ],
    event_delivery.test_messages_from_before_a_trigger_are_left_alone: [
        Mutation("KafkaTriggerOfSend", "latest", "earliest", "KafkaTriggerOfSend", "latest"),
        Mutation("RocketMqTriggerOfSend", "LAST_OFFSET", "FIRST_OFFSET", "RocketMqTriggerOfSend", "CONSUME_FROM_LAST"),
    ],
    event_delivery.test_a_broker_is_reached_in_the_vpc_that_is_named: [
        Mutation("KafkaTriggerOfSend", "- BrokerInVpc", "- KafkaTriggerOn", "KafkaTriggerOfSend", "PublicNetwork"),
        Mutation("RocketMqTriggerOfSend", "Ref: RocketMqEndpoint", "x", "RocketMqTriggerOfSend", "InstanceEndpoint"),
    ],
    timer.test_the_timer_fires_as_its_parameter_says: [
        Mutation("TimerTriggerOfResend", "{Ref: TimerSchedule}", "0 0 1 * * *", "cronExpression", "TimerSchedule"),
    ],
    timer.test_the_timer_fires_every_ten_minutes_where_that_is_wanted_and_a_store_is_there: [
        Mutation("TimerTriggerOfResend", "*/10", "*/20", "cronExpression", "*/10"),
    ],
    timer.test_the_timer_fires_once_a_day_without_a_store: [
        Mutation("SweptEveryTenMinutes", "['', {Ref: CooldownStoreUrl}]", "[x, y]", "cronExpression", "no store"),
    ],
    timer.test_a_schedule_of_ones_own_is_once_a_day: [
        Mutation("TimerSchedule", "AllowedPattern: ^(", "AllowedPattern: ^.*$|^(", "AllowedPattern", "to refuse"),
        Mutation("TimerSchedule", "(CRON_TZ=[A-Za-z0-9_+/-]+ )?", "", "AllowedPattern", "to allow CRON_TZ"),
        Mutation("TimerSchedule", "AllowedPattern: ^(", "AllowedPattern: ^((", "AllowedPattern", "to allow"),
    ],
    event_delivery.test_a_queue_hands_over_one_message_at_a_time: [
        Mutation("SmqQueueTriggerOfSend", "CountBasedWindow: 1", "CountBasedWindow: 10", "CountBased", "1"),
        Mutation("RocketMqTriggerOfSend", "CountBasedWindow: 1", "CountBasedWindow: 10", "CountBased", "1"),
    ],
    event_delivery.test_eventbridge_keeps_the_events_that_fail: [
        Mutation("SmqQueueTriggerOfSend", "DeadLetterQueue.Q", "ParkedQueue.Q", "deadLetterQueue.Arn", "<Dead"),
        Mutation("DestinationTriggerOfSend", "ParkedQueue.Q", "DeadLetterQueue.Q", "Queue.Arn", "<Parked"),
    ],
    event_delivery.test_a_trigger_without_lists_has_no_window_for_them: [
        Mutation("SmqQueueTriggerOfSend", "event-streaming", "event-driven", "batchWindow", "expected none"),
    ],
    event_delivery.test_events_come_in_the_cloudevents_format: [
        Mutation("SmqQueueTriggerOfSend", "CloudEvents", "RawData", "eventSchema", "expected CloudEvents"),
    ],
    event_delivery.test_every_pattern_is_a_json_object: [
        Mutation("EventBridgePattern", '\'{"source"', '\'["source"', "eventRuleFilterPattern", "JSON object"),
    ],
    event_delivery.test_a_topic_is_named_by_its_arn: [
        Mutation("SmqTopicTriggerOfSend", ":/topics/", ":topics/", "SourceArn", ":/topics/"),
    ],
    event_delivery.test_a_topic_retries_for_a_minute: [
        Mutation("SmqTopicTriggerOfSend", "BACKOFF_RETRY", "EXPONENTIAL_DECAY_RETRY", "notifyStrategy", "BACKOFF"),
    ],
    event_delivery.test_a_topic_has_a_role_to_invoke_with: [
        Mutation("SmqTopicTriggerOfSend", "[SmqTopicRole, Arn]", "[SmqTopicRole, RoleName]", "Invocation", "the Arn"),
    ],
    event_delivery.test_dead_letters_are_sent_back_from_their_queue: [
        Mutation("DestinationTriggerOfSend", "[DeadLetterQ", "[ParkedQ", "QueueName", "<DeadLetterQueue."),
    ],
    event_delivery.test_eventbridge_has_the_mode_of_its_source: [
        Mutation("SmqQueueTriggerOfSend", "event-streaming", "event-driven", "runOptions.mode", "event-streaming"),
        Mutation("EventBridgeTriggerOfSend", "event-driven", "event-streaming", "runOptions.mode", "event-driven"),
    ],
    failed_events.test_queues_keep_events_for_seven_days: [
        Mutation("DeadLetterQueue", "604800", "86400", "DeadLetterQueue.Properties.Message", "604800"),
    ],
    failed_events.test_events_are_retried_as_often_as_the_function_allows: [
        Mutation("ResendAsyncConfig", "Attempts: 0", "Attempts: 1", "MaxAsyncRetryAttempts", "expected 0"),
    ],
    failed_events.test_an_event_that_failed_for_good_goes_to_a_queue: [
        Mutation("SendAsyncConfig", "/messages", "", "SendAsyncConfig.Properties.Destination", "/messages"),
    ],
    failed_events.test_each_function_says_what_happens_to_a_failed_event: [
        Mutation("ResendAsyncConfig", "AsyncInvokeConfig", "ConcurrencyConfig", "Resources", "for each"),
    ],
    failed_events.test_an_event_expires_before_the_cooldown_of_its_number: [
        Mutation("SendAsyncConfig", "Seconds: 1800", "Seconds: 3600", "EventAgeInSeconds", "expected 1800"),
        Mutation("EventCooldownSeconds", "MinValue: 1900", "MinValue: 1860", "EventAgeInSeconds", "less than"),
    ],
    failed_events.test_the_function_that_sends_has_instances_of_its_own: [
        Mutation("SendConcurrency", "[SendFunction", "[ResendFunction", "Resources", "for SendFunc"),
    ],
}
