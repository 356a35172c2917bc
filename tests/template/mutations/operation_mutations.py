"""Changes that an operator would suffer from: index, dashboard, alerts, outputs, comments."""

from tests.template import test_alerts as alerts
from tests.template import test_dashboard as dashboard
from tests.template import test_log_index as log_index
from tests.template import test_outputs as outputs
from tests.template import test_pickers as pickers
from tests.template import test_prerequisites as prerequisites
from tests.template import test_readability as readability
from tests.template import test_tags as tags
from tests.template import test_updates as updates
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
        Mutation(
            "LogIndex", "            - {Name: emails.left, Type: long}\n", "", "KeyIndices", "the field emails.left"
        ),
        Mutation("LogIndex", "            - {Name: attempts, Type: long}\n", "", "KeyIndices", "the field attempts"),
    ],
    log_index.test_queries_use_indexed_fields_of_the_platforms_lines: [
        Mutation("LogIndex", "{Name: requestId,", "{Name: requestID,", "DeadLetterAlert", "found requestId"),
    ],
    log_index.test_queries_look_for_values_that_the_code_logs: [
        Mutation("NoSweepAlert", '"sweep finished"', '"sweep done"', "QueryList[0].Query", "found sweep done"),
        Mutation("StoreDownAlert", "CooldownStoreUnavailable", "CooldownStoreDown", "Query", "found CooldownStoreDown"),
        Mutation("Dashboard", "message.outcome: sent", "message.outcome: done", "Charts[0].search.query", "found done"),
    ],
    dashboard.test_every_chart_is_about_the_log_store: [
        Mutation("Dashboard", "logstore: functions", "logstore: lines", "Charts[0].search.logstore", "log store"),
    ],
    dashboard.test_the_dashboard_has_every_chart_of_the_list: [
        Mutation("Dashboard", "title: texts_today", "title: texts", "Dashboard.Properties.Charts", "texts_today"),
        Mutation("Dashboard", "message.emails.failed", "message.failed", "search.query", "message.emails.failed"),
        Mutation("AccountSendsPerDay", "Default: 100", "Default: 10", "Charts[0].search.query", "to look at 100"),
        Mutation("Dashboard", "minutes_since_a_good_run", "minutes", "Charts[1].search.query", "good_run"),
    ],
    dashboard.test_the_texts_of_the_day_are_no_emails: [
        Mutation("Dashboard", 'message.message: "phone verification" and ', "", "Charts[0].search.query", "of texts"),
    ],
    dashboard.test_charts_do_not_overlap: [
        Mutation("Dashboard", "yPos: 12", "yPos: 11", "display", "a place of its own"),
        Mutation("Dashboard", "height: 4", "height: tall", "Charts[0].display", "height"),
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
    alerts.test_every_alert_says_what_is_at_stake_and_what_to_do_first: [
        Mutation("StoreDownAlert", "At stake: ", "", "Configuration.Annotations", "At stake"),
        Mutation("NoSweepAlert", "First: ", "", "Configuration.Annotations", "First"),
        Mutation("StoreDownAlert", "Key: desc", "Key: text", "Configuration.Annotations", "one annotation desc"),
    ],
    alerts.test_an_event_that_failed_as_often_as_it_is_tried_is_reported: [
        Mutation("EventFailedAlert", "having count(1) > 2", "having count(1) > 3", "QueryList[0].Query", "> 2"),
    ],
    alerts.test_a_missing_sweep_is_reported_as_the_schedule_demands: [
        Mutation("NoSweepAlert", "Threshold: 3", "Threshold: 1", "NoSweepAlert", "1560 minutes"),
        Mutation("NoSweepAlert", "-30m, -24h]", "-30m, -1d]", "NoSweepAlert", "1560 minutes"),
        Mutation("NoSweepAlert", "-30m, -24h]", "-24h, -24h]", "NoSweepAlert", "50 minutes"),
        Mutation("TimerTriggerOfResend", "*/10", "*/20", "NoSweepAlert", "*/20"),
    ],
    outputs.test_the_outputs_are_there: [
        Mutation("DeadLetterQueueName", "DeadLetterQueueName", "Queue", "Outputs.DeadLetterQueueName", "this output"),
        Mutation("ResendFunctionArn", "[ResendFunction, ARN]", "[SendFunction, ARN]", "ResendFunctionArn", "<Res"),
    ],
    tags.test_every_resource_that_can_have_tags_has_them: [
        Mutation("ParkedQueue", "Key: stack", "Key: name", "ParkedQueue.Properties.Tags", "application and stack"),
        Mutation("LogProject", "      Tags:\n", "      X:\n", "LogProject.Properties.Tags", "application and stack"),
    ],
    pickers.test_what_exists_already_is_picked_from_a_list: [
        Mutation("CodeBucket", "AssociationProperty: ", "X: ", "CodeBucket.AssociationProperty", "OSS::Bucket"),
        Mutation("BrokerVSwitchId", "${BrokerVpcId}", "${VpcId}", "AssociationPropertyMetadata.VpcId", "${Broker"),
    ],
    prerequisites.test_the_comment_at_the_top_names_all_that_has_to_be_there: [
        Mutation("", "AliyunServiceRoleForSLSAlert", "SLSAlert", "Metadata", "the role of the alerts"),
        Mutation("", "ram:PassRole", "ram:Pass", "Metadata", "ram:PassRole"),
    ],
    prerequisites.test_the_runtime_names_the_regions_that_do_not_offer_it: [
        Mutation("Runtime", "Jakarta", "Java", "Runtime.Description", "Jakarta"),
    ],
    updates.test_a_parameter_that_cannot_be_changed_says_so: [
        Mutation("SmqTopicName", " Cannot be changed later.", "", "SmqTopicName.Description", "SmqTopicTriggerOfSend"),
        Mutation("ApiGatewayId", "Cannot be changed later.", "", "ApiGatewayId.Description", "ApiService"),
    ],
    updates.test_a_parameter_that_can_be_changed_does_not_say_so: [
        Mutation("Site", "serves.", "serves. Cannot be changed later.", "Site.Description", "no property"),
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
