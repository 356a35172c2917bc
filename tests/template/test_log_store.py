"""Both functions log to the log store of the stack, which keeps the lines for a month by default."""

from local.template.document import mapping
from tests.template.our_template import OurTemplate, get_att

LOG_CONFIG = ("Project", "Logstore", "LogBeginRule", "EnableRequestMetrics", "EnableInstanceMetrics")
STORE = {"Project": get_att("LogProject", "Name"), "Logstore": get_att("LogStore", "LogstoreName")}
RETENTION_DAYS = 30


def test_each_log_config_is_complete(template: OurTemplate) -> None:
    """The vendor's metadata would let it be empty."""
    for function in template.functions():
        config = function.at("LogConfig")
        for key in LOG_CONFIG:
            message = config.at(key).expected("it: a LogConfig that is not complete logs nothing")
            assert key in mapping(config.value), message


def test_functions_log_to_the_log_store_of_the_stack(template: OurTemplate) -> None:
    for function in template.functions():
        for key, wanted in STORE.items():
            place = function.at("LogConfig", key)
            assert place.value == wanted, place.expected(wanted)


def test_each_line_is_an_entry_of_the_log(template: OurTemplate) -> None:
    for function in template.functions():
        rule = function.at("LogConfig", "LogBeginRule")
        assert rule.value == "None", rule.expected("None: each of our lines is an entry of its own")


def test_lines_are_kept_for_a_month_by_default(template: OurTemplate) -> None:
    for store in template.properties("ALIYUN::SLS::Logstore"):
        place = store.at("TTL")
        assert place.by_default == RETENTION_DAYS, place.expected(f"{RETENTION_DAYS} days by default")
