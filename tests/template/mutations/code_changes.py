"""Changes of the code, the samples or the runbook that the template no longer fits; and a text that is no template."""

from collections.abc import Callable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any, NamedTuple

from tests.template import test_alerts as alerts
from tests.template import test_handlers as handlers
from tests.template import test_log_index as log_index
from tests.template import test_permissions as permissions
from tests.template import test_readability as readability
from tests.template import test_trigger_table as trigger_table

SEND, RESEND = "send_phone_verification", "resend_pending_verifications"
SEND_OPERATION = f"{SEND}_for_message_contact"


class CodeChange(NamedTuple):
    """A change of the fact that a fixture returns, and the message that a test must fail with."""

    fixture: str
    change: Callable[[Any], Any]
    says: str


CODE_CHANGES: Mapping[Callable[..., None], Sequence[CodeChange]] = {
    handlers.test_the_handler_exists: [
        CodeChange(
            "functions",
            lambda functions: {**functions, SEND: SimpleNamespace(handler=lambda event: event)},
            "Resources.SendFunction.Properties.Handler: expected a function",
        ),
    ],
    handlers.test_the_initializer_exists_in_the_file_of_the_handler: [
        CodeChange(
            "functions",
            lambda functions: {**functions, RESEND: SimpleNamespace(initialize="no function")},
            "expected resend_pending_verifications.initialize of functions/",
        ),
    ],
    permissions.test_every_operation_of_the_client_may_be_called_by_a_function: [
        CodeChange("operations", lambda names: names | {"delete_contact"}, "expected delete_contact both in"),
    ],
    permissions.test_each_function_calls_the_operations_that_it_may: [
        CodeChange(
            "calls",
            lambda calls: {**calls, RESEND: frozenset({SEND_OPERATION})},
            "expected resend_pending_verifications to call list_message_contact_verifications",
        ),
    ],
    permissions.test_no_function_calls_another_operation: [
        CodeChange(
            "calls",
            lambda calls: {**calls, SEND: calls[RESEND]},
            "to allow list_message_contact_verifications, ",
        ),
    ],
    trigger_table.test_the_table_has_the_triggers_of_the_code: [
        CodeChange("trigger_names", lambda names: names - {"kafka"}, "expected the trigger kafka both in"),
        CodeChange("trigger_names", lambda names: names | {"oss"}, "expected the trigger oss both in"),
    ],
    trigger_table.test_every_trigger_has_a_sample: [
        CodeChange("samples", lambda names: names - {"smq_queue"}, "expected a sample events/smq_queue.json"),
    ],
    trigger_table.test_every_sample_is_of_a_trigger: [
        CodeChange("samples", lambda names: names | {"oss"}, "events/oss.json"),
    ],
    readability.test_the_template_can_be_read: [
        CodeChange("text", lambda text: f"- {text}", "template.yml: not YAML"),
    ],
    log_index.test_every_field_that_a_query_may_need_is_in_the_index: [
        CodeChange("log_fields", lambda names: names | {"new_field"}, "expected the field new_field"),
    ],
    alerts.test_every_alert_names_a_section_of_the_runbook: [
        CodeChange("runbook", lambda anchors: anchors - {"daily-limit"}, "DailyLimitAlert"),
    ],
}
