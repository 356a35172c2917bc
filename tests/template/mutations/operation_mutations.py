"""Changes that an operator would suffer from: index, dashboard, alerts, outputs, comments."""

from tests.template import test_alerts as alerts
from tests.template import test_dashboard as dashboard
from tests.template import test_log_index as log_index
from tests.template import test_outputs as outputs
from tests.template import test_readability as readability
from tests.template.mutations.mutation import Mutation, Table

MUTATIONS: Table = {
    log_index.test_the_code_logs_every_field_of_the_index: [
        Mutation("LogIndex", "Name: outcome,", "Name: result,", "LogIndex", "found result"),
    ],
    log_index.test_queries_use_indexed_fields_of_our_lines: [
        Mutation(
            "LogIndex", "            - {Name: code, Type: text}\n", "", "MisconfiguredAlert", "found message.code"
        ),
    ],
    log_index.test_every_field_that_a_query_may_need_is_in_the_index: [
        Mutation("LogIndex", "            - {Name: attempts, Type: long}\n", "", "KeyIndices", "the field attempts"),
    ],
    log_index.test_queries_use_indexed_fields_of_the_platforms_lines: [
        Mutation("LogIndex", "{Name: requestId,", "{Name: requestID,", "DeadLetterAlert", "found requestId"),
    ],
    log_index.test_queries_look_for_values_that_the_code_logs: [
        Mutation("NoSweepAlert", '"sweep finished"', '"sweep done"', "QueryList[0].Query", "found sweep done"),
        Mutation("StoreDownAlert", "CooldownStoreUnavailable", "CooldownStoreDown", "Query", "found CooldownStoreDown"),
        Mutation("Dashboard", "message.outcome: sent", "message.outcome: done", "Charts[1].search.query", "found done"),
    ],
    dashboard.test_every_chart_is_about_the_log_store: [
        Mutation("Dashboard", "logstore: functions", "logstore: lines", "Charts[0].search.logstore", "log store"),
    ],
    dashboard.test_every_chart_has_a_query_and_a_time_span: [
        Mutation("Dashboard", "end: now", "", "Charts[0].search.end", "expected string"),
    ],
    alerts.test_every_alert_is_enabled: [
        Mutation("StoreDownAlert", "State: Enabled", "State: Disabled", "Detail.State", "expected Enabled"),
    ],
    alerts.test_every_alert_of_the_template_is_in_the_list: [
        Mutation("StoreDownAlert", "Name: store-down", "Name: store", "StoreDownAlert", "expected the alert store"),
    ],
    alerts.test_every_alert_of_the_list_is_in_the_template: [
        Mutation("StoreDownAlert", "Name: store-down", "Name: store", "Resources", "expected the alert store-down"),
    ],
    alerts.test_every_alert_looks_for_its_sign: [
        Mutation("StoreDownAlert", "CooldownStoreUnavailable", "DailyBudgetSpent", "Query", "to look for Cooldown"),
    ],
    alerts.test_every_alert_goes_to_the_action_policy_of_the_parameter: [
        Mutation("StoreDownAlert", "Ref: AlertActionPolicy", "sls.builtin", "ActionPolicyId", "AlertActionPolicy"),
    ],
    alerts.test_every_alert_leads_to_the_dashboard: [
        Mutation("StoreDownAlert", "[Dashboard, DashboardName]", "[Dashboard, DisplayName]", "Dashboard", "of this"),
    ],
    alerts.test_every_alert_queries_the_log_store_of_the_stack: [
        Mutation("StoreDownAlert", "[LogStore, LogstoreName]", "[LogStore, ProjectName]", "[0].Store", "GetAtt"),
    ],
    alerts.test_every_alert_names_a_section_of_the_runbook: [
        Mutation("StoreDownAlert", "#store-down", "#store", "Configuration.Annotations", "one of its headings"),
    ],
    alerts.test_a_missing_sweep_is_reported_after_26_hours: [
        Mutation("NoSweepAlert", "Threshold: 3", "Threshold: 1", "NoSweepAlert", "26 hours"),
        Mutation("NoSweepAlert", "Start: -24h", "Start: -1d", "NoSweepAlert", "in hours"),
    ],
    outputs.test_the_outputs_are_there: [
        Mutation("DeadLetterQueueName", "DeadLetterQueueName", "Queue", "Outputs.DeadLetterQueueName", "this output"),
        Mutation("ResendFunctionArn", "[ResendFunction, ARN]", "[SendFunction, ARN]", "ResendFunctionArn", "<Res"),
    ],
    readability.test_a_comment_above_each_resource_says_why_it_is_there: [
        Mutation(
            "SendAsyncConfig",
            "\n  SendAsyncConfig:",
            "\n\n  SendAsyncConfig:",
            "Resources.SendAsyncConfig",
            "a comment above it",
        ),
    ],
}
