"""The template makes each trigger of the table, and its own parameter switches it."""

from tests.template.our_template import OurTemplate, get_att
from tests.template.trigger_table import IN_TEMPLATE


def test_every_trigger_of_the_table_is_a_resource(template: OurTemplate) -> None:
    for name, trigger in IN_TEMPLATE.items():
        resource = template.at("Resources", trigger.resource)
        assert resource.value is not None, resource.expected(f"the trigger {name}")


def test_every_trigger_resource_is_in_the_table(template: OurTemplate) -> None:
    known = {trigger.resource for trigger in IN_TEMPLATE.values()}
    for resource in template.resources("ALIYUN::FC3::Trigger"):
        assert resource.resource in known, resource.expected("a trigger of tests/template/trigger_table.py")


def test_each_trigger_is_switched_by_its_own_parameter(template: OurTemplate) -> None:
    for trigger in IN_TEMPLATE.values():
        condition = template.at("Resources", trigger.resource, "Condition")
        found = template.at("Conditions", str(condition.value)).value
        message = condition.expected(f"a condition that the parameter {trigger.switch} is true")
        assert found == {"Fn::Equals": [True, {"Ref": trigger.switch}]}, message


def test_only_http_and_the_timer_are_on_by_default(template: OurTemplate) -> None:
    for trigger in IN_TEMPLATE.values():
        parameter = template.at("Parameters", trigger.switch)
        wanted = "true" if trigger.on_by_default else "false"
        message = parameter.expected(f"a Boolean that is {wanted} by default")
        assert parameter.at("Type").value == "Boolean", message
        assert parameter.at("Default").value is trigger.on_by_default, message


def test_by_default_a_switch_makes_these_resources_only(template: OurTemplate) -> None:
    wanted = ["HttpTriggerOfSend", "NoSweepAlert", "TimerTriggerOfResend"]
    switched = [resource for resource in template.resources() if resource.at("Condition").value is not None]
    made = [resource.resource for resource in switched if template.by_default.holds(resource.at("Condition").value)]
    message = template.at("Resources").expected(f"by default, of those with a condition, {', '.join(wanted)}")
    assert sorted(made) == wanted, message


def test_every_condition_holds_with_every_switch_on(template: OurTemplate) -> None:
    for name in template.template.section("Conditions"):
        condition = template.at("Conditions", name)
        assert template.with_everything.holds(name), condition.expected("a condition that a parameter makes true")


def test_the_timer_invokes_the_function_that_resends(template: OurTemplate) -> None:
    for trigger in template.triggers("timer"):
        place = trigger.at("FunctionName")
        wanted = get_att("ResendFunction", "FunctionName")
        assert place.value == wanted, place.expected(wanted)


def test_every_other_trigger_invokes_the_function_that_sends(template: OurTemplate) -> None:
    for trigger in template.properties("ALIYUN::FC3::Trigger"):
        place = trigger.at("FunctionName")
        if trigger.at("TriggerType").value != "timer":
            wanted = get_att("SendFunction", "FunctionName")
            assert place.value == wanted, place.expected(wanted)
