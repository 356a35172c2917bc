"""An event that fails is retried for a limited time, then kept in a queue."""

from local.template.document import at
from local.template.intrinsics import call
from tests.template.our_template import OurTemplate, Place, smq_arn

SEND, RESEND = "SendFunction", "ResendFunction"
RETRIES = {SEND: 2, RESEND: 0}
"""How often the platform invokes a function again with an event that failed."""

QUEUES = {SEND: "DeadLetterQueue", RESEND: "ParkedQueue"}
SEND_EVENT_AGE = 1800
SEVEN_DAYS = 7 * 24 * 60 * 60


def async_configs(template: OurTemplate) -> list[Place]:
    return template.properties("ALIYUN::FC3::AsyncInvokeConfig")


def smallest(place: Place) -> int | None:
    """Return the smallest number that a text can be: the MinValue of its parameter."""
    found = call(at(place.value, "Fn::Str"))
    value = place.ours.at("Parameters", str(found[1]), "MinValue").value if found else None
    return value if isinstance(value, int) else None


def test_queues_keep_events_for_seven_days(template: OurTemplate) -> None:
    for queue in template.properties("ALIYUN::MNS::Queue"):
        place = queue.at("MessageRetentionPeriod")
        assert place.value == SEVEN_DAYS, place.expected(SEVEN_DAYS)


def test_each_function_says_what_happens_to_a_failed_event(template: OurTemplate) -> None:
    configured = [config.at("FunctionName").target for config in async_configs(template)]
    message = template.at("Resources").expected("one ALIYUN::FC3::AsyncInvokeConfig for each function")
    assert sorted(configured) == sorted(RETRIES), message


def test_events_are_retried_as_often_as_the_function_allows(template: OurTemplate) -> None:
    for config in async_configs(template):
        place, wanted = config.at("MaxAsyncRetryAttempts"), RETRIES.get(config.at("FunctionName").target)
        assert place.value == wanted, place.expected(wanted)


def test_an_event_that_failed_for_good_goes_to_a_queue(template: OurTemplate) -> None:
    for config in async_configs(template):
        queue = QUEUES.get(config.at("FunctionName").target)
        place = config.at("DestinationConfig", "OnFailure", "Destination")
        wanted = smq_arn(f"/queues/<{queue}.QueueName>/messages")
        assert place.by_default == wanted, place.expected(wanted)


def test_an_event_expires_before_the_cooldown_of_its_number(template: OurTemplate) -> None:
    """A retry after the claim in the cooldown has ended would text the number again."""
    function = template.at("Resources", SEND, "Properties")
    limit = function.at("Timeout").value
    window = smallest(function.at("EnvironmentVariables", "EVENT_COOLDOWN_SECONDS"))
    for config in async_configs(template):
        if config.at("FunctionName").target == SEND:
            age = config.at("MaxAsyncEventAgeInSeconds")
            assert age.value == SEND_EVENT_AGE, age.expected(SEND_EVENT_AGE)
            message = f"less than EVENT_COOLDOWN_SECONDS at its least ({window}), with the time limit of {limit}"
            assert window is not None, age.expected(message)
            assert isinstance(limit, int), age.expected(message)
            assert age.value + limit < window, age.expected(message)


def test_the_function_that_sends_has_instances_of_its_own(template: OurTemplate) -> None:
    found = [config.at("FunctionName").target for config in template.properties("ALIYUN::FC3::ConcurrencyConfig")]
    assert found == [SEND], template.at("Resources").expected(f"an ALIYUN::FC3::ConcurrencyConfig for {SEND}")
