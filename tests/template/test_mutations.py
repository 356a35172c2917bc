"""Every rule notices what breaks it: the real template is broken in one place, and the problem names that place."""

import re
from typing import NamedTuple

import pytest

from local.template.subject import Judges
from local.template.validation import RULES, validate

CONTACT = "resourcemanager:SendPhoneVerificationForMessageContact"


class Mutation(NamedTuple):
    """A change of the first `old` within one item of the template to `new`, and where and what the problem is."""

    rule: str
    within: str
    old: str
    new: str
    place: str
    says: str


MUTATIONS = [
    # structure
    Mutation("sections", "", "'2015-09-01'", "'2016-01-01'", "ROSTemplateFormatVersion", "2015-09-01"),
    Mutation("sections", "", "\nMappings:", "\nMaps:", "Maps", "one of the sections"),
    Mutation("sections", "", "\nDescription: ", f"\nDescription: {'x' * 524288}", "the template", "at most 524288"),
    Mutation("resources", "LogStore", "Type:", "Typ:", "LogStore.Typ", "one of Condition"),
    Mutation("resources", "LogStore", "Type: ALIYUN::SLS::Logstore", "DependsOn: []", "LogStore.Type", "resource type"),
    Mutation("resources", "LogIndex", "Type:", "Metadata: {}\n    Type:", "LogIndex.Metadata", "one of Condition"),
    Mutation(
        "resources",
        "SendAsyncConfig",
        "\n  SendAsyncConfig:",
        "\n\n  SendAsyncConfig:",
        "Resources.SendAsyncConfig",
        "a comment above it",
    ),
    Mutation("parameters", "MaxAttempts", "Default: 3", "Default: '3'", "MaxAttempts.Default", "expected number"),
    Mutation("parameters", "MaxAttempts", "Default: 3", "Default: 7", "MaxAttempts.Default", "at most 4"),
    Mutation("parameters", "LogLevel", "Default: INFO", "Default: LOUD", "LogLevel.Default", "one of DEBUG, INFO"),
    Mutation("parameters", "NamePrefix", "-verification", "_", "NamePrefix.Default", "a text like"),
    Mutation("parameters", "NamePrefix", "MinLength: 3", "MinLength: x", "NamePrefix.MinLength", "expected number"),
    Mutation("parameters", "NamePrefix", "MinLength", "MinLen", "NamePrefix.MinLen", "one of AllowedPattern"),
    Mutation("parameters", "Site", "Type: String", "Type: Text", "Site.Type", "one of String"),
    Mutation("parameters", "Site", "Description:", "NoEcho: false #", "Site.Description", "a description"),
    Mutation("parameters", "LogStore", "Ref: LogRetentionDays", "30", "LogRetentionDays", "to refer to it"),
    Mutation("conditions", "InVpc", "Fn::Not:", "Fn::Join:", "Conditions.InVpc", "one of Fn::And"),
    Mutation(
        "conditions", "InVpc", "  InVpc:", "  Idle: {'Fn::Not': InVpc}\n  InVpc:", "Conditions.Idle", "depend on it"
    ),
    Mutation("outputs", "ApiUrl", "Value:", "Values:", "Outputs.ApiUrl.Values", "one of Condition"),
    Mutation(
        "outputs", "ApiUrl", "Description: Where to POST through the API gateway.\n", "\n", "ApiUrl.Desc", "a desc"
    ),
    Mutation(
        "resources",
        "ParkedQueue",
        "\n    Type: ALIYUN::MNS::Queue\n    Properties:",
        " x\n  Y:",
        "ParkedQueue",
        "object",
    ),
    Mutation("parameters", "Cpu", "[0.05,", "['0.05',", "Parameters.Cpu.AllowedValues[0]", "expected number"),
    Mutation(
        "outputs", "ApiUrl", "Description: Where", "Description: 5 #", "Outputs.ApiUrl.Description", "a description"
    ),
    # references
    Mutation("functions", "LogStore", "[LogProject, Name]", "[LogProject, 1]", "Fn::GetAtt[1]", "expected string"),
    Mutation("functions", "LogStore", "Fn::GetAtt:", "Fn::GetAttr:", "ProjectName.Fn::GetAttr", "one of Fn::And"),
    Mutation("functions", "LogStore", "[LogProject, Name]", "LogProject.Name", "Fn::GetAtt", "a list of 2"),
    Mutation("functions", "LogStore", "Ref: LogRetentionDays", "Ref: [Days]", "TTL.Ref", "expected a text"),
    Mutation("functions", "LogStore", "TTL:\n", "TTL:\n        Fn::Not: InVpc\n      X:\n", "TTL.Fn::Not", "only"),
    Mutation("targets", "LogStore", "Ref: LogRetentionDays", "Ref: Days", "LogStore.Properties.TTL", "found Days"),
    Mutation("targets", "LogStore", "[LogProject, Name]", "[LogProject, Title]", "ProjectName", "found Title"),
    Mutation("targets", "LogStore", "[LogProject, Name]", "[Project, Name]", "ProjectName", "found Project"),
    Mutation("targets", "LogProject", "${NamePrefix}", "${Prefix}", "LogProject.Properties.Name", "found Prefix"),
    Mutation("targets", "ApiUrl", "${ApiGroup.SubDomain}", "${ApiGroup.Domain}", "ApiUrl.Value", "found Domain"),
    Mutation("targets", "SendFunction", "- InVpc", "- InVPC", "VpcConfig", "found InVPC"),
    Mutation(
        "targets", "ApiGroup", "Condition: ApiGatewayOn", "Condition: Gateway", "ApiGroup.Condition", "found Gateway"
    ),
    Mutation("targets", "ApiAuthorization", "ApiDeployment", "Deployment", "DependsOn", "found Deployment"),
    Mutation("targets", "SendFunction", "Endpoint]", "Url]", "RESOURCE_DIRECTORY_ENDPOINT", "Sites.China.Url"),
    Mutation("targets", "Sites", "International:", "Intl:", "ENDPOINT.Fn::FindInMap", "Sites.International.Endpoint"),
    Mutation("reachable", "ApiUrl", "Condition: ApiGatewayOn\n", "\n", "Outputs.ApiUrl.Value", "under the condition"),
    Mutation("reachable", "HttpUrl", "HttpTriggerOn", "InVpc", "Outputs.HttpUrl.Value", "HttpTriggerOn"),
    # the vendor's metadata
    Mutation(
        "vendors_metadata", "LogStore", "ALIYUN::SLS::Logstore", "ALIYUN::SLS::LogStore", "LogStore.Type", "found"
    ),
    Mutation("vendors_metadata", "LogProject", "SLS::Project", "SLZ::Project", "LogProject.Type", "ros-cdk-slz"),
    Mutation("vendors_metadata", "LogStore", "ALIYUN::SLS::Logstore", "AWS::S3::Bucket", "LogStore.Type", "metadata"),
    Mutation("vendors_metadata", "LogStore", "ShardCount:", "Shards:", "Properties.Shards", "one of AppendMeta"),
    Mutation("vendors_metadata", "LogStore", "ShardCount: 1", "ShardCount: one", "ShardCount", "expected number"),
    Mutation("vendors_metadata", "LogStore", "ShardCount: 1", "ShardCount: 101", "ShardCount", "at most 100"),
    Mutation("vendors_metadata", "LogStore", "ShardCount: 1", "ShardCount: 0", "ShardCount", "at least 1"),
    Mutation("vendors_metadata", "LogStore", "AutoSplit: true", "AutoSplit: 'true'", "AutoSplit", "expected boolean"),
    Mutation(
        "vendors_metadata", "LogStore", "LogstoreName: functions", "LogstoreName: fn", "LogstoreName", "length of"
    ),
    Mutation(
        "vendors_metadata", "LogStore", "LogstoreName: functions", "", "LogStore.Properties.LogstoreName", "required"
    ),
    Mutation(
        "vendors_metadata", "LogProject", "${NamePrefix}-", "${NamePrefix}.", "LogProject.Properties.Name", "like"
    ),
    Mutation("vendors_metadata", "LogRetentionDays", "3650", "9999", "LogStore.Properties.TTL", "at most 3650"),
    Mutation("vendors_metadata", "SendFunction", "Ref: MemorySize", "Ref: Runtime", "MemorySize", "expected number"),
    Mutation(
        "vendors_metadata", "SendFunction", "Ref: MemorySize", "Fn::Str: {Ref: MemorySize}", "MemorySize", "text of"
    ),
    Mutation(
        "vendors_metadata", "SendFunction", "VSwitchIds:", "VSwitches:", "VpcConfig.Fn::If[1].VSwitches", "one of"
    ),
    Mutation("vendors_metadata", "SendFunction", "- Ref: VSwitchId", "X: y", "VpcConfig.Fn::If[1].VSwitchIds", "list"),
    Mutation("vendors_metadata", "LogIndex", "Type: json", "Type: jason", "KeyIndices[0].Type", "one of"),
    Mutation("vendors_metadata", "Api", "AuthType: APP", "AuthType: App", "Api.Properties.AuthType", "one of"),
    Mutation("vendors_metadata", "Api", "ServiceTimeOut", "ServiceTimeout", "ServiceConfig.ServiceTimeout", "one of"),
    Mutation("vendors_metadata", "SendAsyncConfig", "Attempts: 2", "Attempts: 9", "MaxAsyncRetryAttempts", "at most 8"),
    Mutation("vendors_metadata", "StoreDownAlert", "{Type: FixedRate,", "{", "Detail.Schedule.Type", "required"),
    Mutation("vendors_metadata", "LogStore", "ShardCount: 1", "ShardCount:", "ShardCount", "found nothing"),
    Mutation(
        "vendors_metadata", "LogProject", "Phone", "A phone" * 9, "LogProject.Properties.Description", "at most 64"
    ),
    Mutation(
        "vendors_metadata", "ParkedQueue", "Properties:", "Properties: []\n    DependsOn:", "Properties", "object"
    ),
    Mutation(
        "vendors_metadata", "ApiGroup", "[{'-': _}, {Ref: NamePrefix}]", "[x, y]", "Fn::Replace", "worked out with"
    ),
    # the SDK's models
    Mutation(
        "trigger_configs", "HttpTriggerOfSend", "authType:", "authtype:", "TriggerConfig.authtype", "one of authCon"
    ),
    Mutation("trigger_configs", "HttpTriggerOfSend", "[POST]", "POST", "TriggerConfig.methods", "expected list"),
    Mutation("trigger_configs", "HttpTriggerOfSend", "false, true]", "'no', true]", "disableURLInternet", "boolean"),
    Mutation(
        "trigger_configs", "HttpTriggerOfSend", "TriggerType: http", "TriggerType: web", "TriggerType", "found web"
    ),
    Mutation("trigger_configs", "SmqQueueTriggerOfSend", "sourceMNSP", "sourceMnsP", "sourceMnsParameters", "one of"),
    Mutation("trigger_configs", "SmqQueueTriggerOfSend", "Type: MNS", "Type: SMQ", "eventSourceType", "one of"),
    Mutation("trigger_configs", "SmqQueueTriggerOfSend", "Window: 1", "Window: '1'", "CountBasedWindow", "number"),
    Mutation(
        "trigger_configs", "SmqTopicTriggerOfSend", "Format: JSON", "Format: XML", "notifyContentFormat", "one of"
    ),
    Mutation("trigger_configs", "TimerTriggerOfResend", "enable: true", "enabled: true", "enabled", "one of cron"),
    # functions
    Mutation(
        "handlers", "SendFunction", "verification.handler", "verification.main", "Properties.Handler", "functions/"
    ),
    Mutation(
        "handlers", "SendFunction", "send_phone_verification.handler", "send.handler", "Handler", "found send.hand"
    ),
    Mutation("handlers", "SendFunction", ".initialize", ".initialise", "Initializer.Handler", "found send_phone"),
    Mutation(
        "handlers", "ResendFunction", "ALIYUN::FC3::Function", "ALIYUN::FC3::Trigger", "Resources", "one function"
    ),
    Mutation("runtimes", "SendFunction", "Timeout: 20", "Timeout: 30", "Initializer.Timeout", "expected 20"),
    Mutation(
        "runtimes", "SendFunction", "Timeout: 60", "Timeout: 90", "SendFunction.Properties.Timeout", "expected 60"
    ),
    Mutation("runtimes", "Runtime", "Default: python3.12", "Default: python3.10", "Runtime", "python3.12"),
    Mutation("cpu_and_memory", "Cpu", "Default: 0.1", "Default: 0.25", "Cpu", "1 vCPU for 1 to 4 GB"),
    Mutation("cpu_and_memory", "Cpu", "0.15, 0.2", "0.17, 0.2", "SendFunction.Properties.Cpu", "a multiple of 0.05"),
    Mutation("cpu_and_memory", "MemorySize", "192", "200", "SendFunction.Properties.MemorySize", "a multiple of 64"),
    Mutation(
        "environment", "SendFunction", "MAX_ATTEMPTS", "MAX_ATTEMPT", "EnvironmentVariables.MAX_ATTEMPTS", "this var"
    ),
    Mutation(
        "environment", "SendFunction", "MAX_ATTEMPTS", "MAX_ATTEMPT", "EnvironmentVariables.MAX_ATTEMPT", "do not"
    ),
    Mutation("environment", "SendFunction", "Fn::Str: {Ref: MaxAttempts}", "3", "MAX_ATTEMPTS", "expected a text"),
    Mutation("environment", "SendFunction", "Ref: LogLevel", "LOUD", "LOG_LEVEL", "LOG_LEVEL: must be"),
    Mutation("environment", "MaxAttempts", "Default: 3", "Default: 2", "MAX_ATTEMPTS", "the settings' default, 3"),
    Mutation(
        "logs", "SendFunction", "EnableInstanceMetrics: false", "", "LogConfig.EnableInstanceMetrics", "expected it"
    ),
    Mutation(
        "logs", "SendFunction", "Project:\n          Fn::GetAtt: [LogProject, Name]", "Project: x", "Project", "GetAtt"
    ),
    Mutation(
        "logs", "SendFunction", "LogBeginRule: None", "LogBeginRule: DefaultRegex", "LogBeginRule", "expected None"
    ),
    Mutation(
        "attempts_fit", "MaxAttempts", "MaxValue: 4", "MaxValue: 5", "SendFunction.Properties.Timeout", "5 attempts"
    ),
    Mutation(
        "attempts_fit", "ReadTimeoutSeconds", "MaxValue: 10", "", "SendFunction.Properties.Timeout", "with MaxValue"
    ),
    Mutation(
        "network", "SendFunction", "              Ref: SecurityGroupId", "              Ref: VpcId", "VpcConfig", "VSwi"
    ),
    Mutation("network", "InVpc", "Fn::Not:\n      ", "", "SendFunction.Properties.VpcConfig", "none by default"),
    # events
    Mutation(
        "switches", "TimerTrigger", "Default: true", "Default: false", "Parameters.TimerTrigger", "true by default"
    ),
    Mutation(
        "switches", "SmqQueueTrigger", "Default: false", "Default: true", "Parameters.SmqQueueTrigger", "false by"
    ),
    Mutation(
        "switches", "ActionTrailTriggerOfSend", "ActionTrailTriggerOn", "InVpc", "Condition", "ActionTrailTrigger"
    ),
    Mutation(
        "switches", "SmqTopicTriggerOfSend", "SmqTopicTriggerOfSend:", "Topic:", "Resources.SmqTopicTrigger", "smq"
    ),
    Mutation(
        "switches", "SmqTopicTriggerOfSend", "SmqTopicTriggerOfSend:", "Topic:", "Resources.Topic", "a trigger of"
    ),
    Mutation("targets", "TimerTriggerOfResend", "[ResendF", "[SendF", "Properties.FunctionName", "[ResendFunction,"),
    Mutation(
        "eventbridge", "EventBridgeTriggerOfSend", "BACKOFF_RETRY", "EXPONENTIAL_DECAY_RETRY", "Strategy", "BACKOFF"
    ),
    Mutation("eventbridge", "EventBridgeTriggerOfSend", "Tolerance: ALL", "Tolerance: NONE", "errorsTolerance", "ALL"),
    Mutation("eventbridge", "SmqQueueTriggerOfSend", "CountBasedWindow: 1", "CountBasedWindow: 10", "CountBased", "1"),
    Mutation(
        "eventbridge", "SmqQueueTriggerOfSend", "DeadLetterQueue.Q", "ParkedQueue.Q", "deadLetterQueue.Arn", "<Dead"
    ),
    Mutation("eventbridge", "DestinationTriggerOfSend", "ParkedQueue.Q", "DeadLetterQueue.Q", "Queue.Arn", "<Parked"),
    Mutation("eventbridge", "SmqQueueTriggerOfSend", "event-streaming", "event-driven", "batchWindow", "expected none"),
    Mutation("eventbridge", "SmqQueueTriggerOfSend", "CloudEvents", "RawData", "eventSchema", "expected CloudEvents"),
    Mutation(
        "eventbridge", "EventBridgePattern", '\'{"source"', '\'["source"', "eventRuleFilterPattern", "JSON object"
    ),
    Mutation("topics", "SmqTopicTriggerOfSend", ":/topics/", ":topics/", "SourceArn", ":/topics/"),
    Mutation(
        "topics", "SmqTopicTriggerOfSend", "BACKOFF_RETRY", "EXPONENTIAL_DECAY_RETRY", "notifyStrategy", "BACKOFF"
    ),
    Mutation(
        "topics", "SmqTopicTriggerOfSend", "[SmqTopicRole, Arn]", "[SmqTopicRole, RoleName]", "Invocation", "the Arn"
    ),
    Mutation("asynchronous", "DeadLetterQueue", "604800", "86400", "DeadLetterQueue.Properties.Message", "604800"),
    Mutation("asynchronous", "ResendAsyncConfig", "Attempts: 0", "Attempts: 1", "MaxAsyncRetryAttempts", "expected 0"),
    Mutation("asynchronous", "SendAsyncConfig", "/messages", "", "SendAsyncConfig.Properties.Destination", "/messages"),
    Mutation("asynchronous", "ResendAsyncConfig", "AsyncInvokeConfig", "ConcurrencyConfig", "Resources", "for each"),
    Mutation("event_age", "SendAsyncConfig", "Seconds: 1800", "Seconds: 3600", "EventAgeInSeconds", "expected 1800"),
    Mutation("event_age", "EventCooldownSeconds", "MinValue: 1900", "MinValue: 1860", "EventAgeInSeconds", "less than"),
    Mutation(
        "reserved_concurrency", "SendConcurrency", "[SendFunction", "[ResendFunction", "Resources", "for SendFunc"
    ),
    Mutation("eventbridge", "DestinationTriggerOfSend", "[DeadLetterQ", "[ParkedQ", "QueueName", "<DeadLetterQueue."),
    # permissions
    Mutation(
        "function_roles", "SendRole", f"[{CONTACT}]", "[resourcemanager:AddMessageContact]", "SendRole", "no resource"
    ),
    Mutation("function_roles", "SendRole", f"[{CONTACT}]", "[resourcemanager:AddMessageContact]", "SendRole", CONTACT),
    Mutation("function_roles", "SendRole", "messagecontact/*", "*", "SendRole.Properties.Policies", "messagecontact/*"),
    Mutation(
        "function_roles", "SendRole", "/logstore/${LogStore.LogstoreName}", "/*", "SendRole", "log:PostLogStoreLogs"
    ),
    Mutation("function_roles", "ResendRole", "ParkedQueue", "DeadLetterQueue", "ResendRole", "mns:SendMessage"),
    Mutation(
        "function_roles", "ResendRole", "- ecs:CreateNetworkInterface\n", "- ecs:RunInstances\n", "ResendRole", "ecs:R"
    ),
    Mutation("function_roles", "SendRole", "fc.aliyuncs.com", "ecs.aliyuncs.com", "SendRole", "trust in one of fc."),
    Mutation("function_roles", "SendFunction", "[SendRole, Arn]", "[ResendRole, Arn]", "ResendRole", "exactly"),
    Mutation(
        "function_roles", "SendFunction", "Fn::GetAtt: [SendRole, Arn]", "Ref: VpcId", "SendFunction", "this stack"
    ),
    Mutation(
        "trigger_roles", "ApiRole", "fc:InvokeFunction", "fc:GetFunction", "ApiRole", "expected fc:InvokeFunction"
    ),
    Mutation(
        "trigger_roles", "ApiRole", "[SendFunction, ARN]", "[ResendFunction, ARN]", "ApiRole", "<SendFunction.ARN>"
    ),
    Mutation(
        "trigger_roles", "SmqTopicRole", "[mns.aliyuncs.com]", "[a.com, mns.aliyuncs.com]", "SmqTopicRole", "trust"
    ),
    Mutation(
        "trigger_roles", "SmqTopicRole", "Service: [", "RAM: [", "AssumeRolePolicyDocument.Statement", "for a service"
    ),
    Mutation("breadth", "SendRole", "mns:SendMessage", "mns:*", "SendRole", "one action by its name"),
    Mutation("breadth", "SendRole", "Action: [mns", "NotAction: [mns", "NotAction", "the actions that are allowed"),
    Mutation(
        "breadth",
        "SendRole",
        "Effect: Allow\n                Action: [mns",
        "Effect: Deny\n                Action: [mns",
        "Effect",
        "Allow",
    ),
    Mutation(
        "breadth",
        "ResendRole",
        "# Interfaces that do not exist yet have no name; the vendor's own policy grants no less.",
        "",
        "Resource[0]",
        "why not less",
    ),
    Mutation(
        "breadth",
        "ApiRole",
        "      Policies:",
        "      PolicyAttachments: {System: [AliyunFCFullAccess]}\n      Policies:",
        "PolicyAttachments",
        "expected none",
    ),
    # exposure
    Mutation(
        "http", "HttpTriggerOfSend", "authType: function", "authType: anonymous", "TriggerConfig.authType", "function"
    ),
    Mutation(
        "http", "HttpTriggerOfSend", "authType: function", "authType: {Ref: Site}", "TriggerConfig.authType", "no way"
    ),
    Mutation("http", "HttpTriggerOfSend", "[POST]", "[POST, GET]", "TriggerConfig.methods", "POST alone"),
    Mutation("http", "HttpPublic", "Default: false", "Default: true", "disableURLInternet", "true by default"),
    Mutation(
        "http", "HttpTriggerOfSend", "Fn::If: [HttpPublicOn, false, true]", "true", "disableURLInternet", "opens it"
    ),
    Mutation("api", "Api", "AuthType: APP", "AuthType: ANONYMOUS", "Api.Properties.AuthType", "expected APP"),
    Mutation(
        "api", "Api", "RequestProtocol: HTTPS", "RequestProtocol: HTTP,HTTPS", "RequestProtocol", "expected HTTPS"
    ),
    Mutation("api", "Api", "AppCodeAuthType: DISABLE", "AppCodeAuthType: HEADER", "AppCodeAuthType", "DISABLE"),
    Mutation(
        "api", "Api", "ServiceTimeOut: 65000", "ServiceTimeOut: 60000", "ServiceTimeOut", "the function's own 60 s"
    ),
    Mutation(
        "api", "ApiTrafficControlBinding", "TrafficControlBinding\n", "Deployment\n", "Resources.Api", "Binding for it"
    ),
    Mutation("api", "ApiTrafficControlBinding", "RELEASE", "TEST", "Resources.Api", "at one stage"),
    Mutation(
        "api", "ApiAuthorization", "    DependsOn: ApiDeployment\n", "", "ApiAuthorization.DependsOn", "published"
    ),
    Mutation("api", "ApiDeployment", "[Api, ApiId]", "[Api, Arn]", "ApiDeployment.Properties", "[Api, ApiId]"),
    Mutation("secrets", "CooldownHashKey", "NoEcho: true", "NoEcho: false", "COOLDOWN_HASH_KEY", "NoEcho: true"),
    Mutation(
        "secrets", "CooldownHashKey", "Default: ''", "Default: secret", "Parameters.CooldownHashKey.Default", "empty"
    ),
    Mutation(
        "secrets", "LogStoreName", "${LogProject.Name}", "${CooldownStoreUrl}", "Outputs.LogStoreName", "no use of"
    ),
    Mutation("secrets", "ApiUrl", "${ApiGroup.SubDomain}", "${ApiApp.AppSecret}", "Outputs.ApiUrl", "no secret among"),
    Mutation("sites", "Sites", "resourcedirectory-intl.", "resourcedirectorymaster.", "Sites.International", "-intl"),
    Mutation("sites", "SendFunction", "{Ref: Site}", "China", "RESOURCE_DIRECTORY_ENDPOINT", "the parameter Site"),
    Mutation(
        "outputs", "DeadLetterQueueName", "DeadLetterQueueName", "Queue", "Outputs.DeadLetterQueueName", "this output"
    ),
    Mutation(
        "code", "ResendFunction", "Ref: CodeObject", "function.zip", "ResendFunction.Properties.Code", "CodeObject"
    ),
    Mutation(
        "code", "SendFunction", "InternetAccess: true", "InternetAccess: false", "InternetAccess", "on the internet"
    ),
    Mutation("code", "ResendFunction", "${NamePrefix}-resend", "${NamePrefix}-send", "Resources", "names of their own"),
    Mutation(
        "outputs", "ResendFunctionArn", "[ResendFunction, ARN]", "[SendFunction, ARN]", "ResendFunctionArn", "<Res"
    ),
    Mutation(
        "api", "ApiAuthorization", "[ApiApp, AppId]", "[ApiApp, AppKey]", "ApiAuthorization.Properties.AppIds", "App"
    ),
    Mutation("api", "Api", "[ApiRole, Arn]", "[SendRole, Arn]", "FunctionComputeConfig.RoleArn", "ApiRole"),
    # observability
    Mutation(
        "dashboard", "Dashboard", "logstore: functions", "logstore: lines", "Charts[0].search.logstore", "log store"
    ),
    Mutation("dashboard", "Dashboard", "end: now", "", "Charts[0].search.end", "expected string"),
    Mutation("log_store", "LogRetentionDays", "Default: 30", "Default: 7", "LogStore.Properties.TTL", "30 days"),
    Mutation("index", "LogIndex", "Name: outcome,", "Name: result,", "LogIndex", "found result"),
    Mutation(
        "index", "LogIndex", "            - {Name: code, Type: text}\n", "", "MisconfiguredAlert", "found message.code"
    ),
    Mutation(
        "index", "LogIndex", "            - {Name: attempts, Type: long}\n", "", "KeyIndices", "the field attempts"
    ),
    Mutation("index", "LogIndex", "{Name: requestId,", "{Name: requestID,", "DeadLetterAlert", "found requestId"),
    Mutation(
        "index", "StoreDownAlert", "CooldownStoreUnavailable", "CooldownStoreDown", "Query", "found CooldownStoreDown"
    ),
    Mutation(
        "index", "Dashboard", "message.outcome: sent", "message.outcome: done", "Charts[1].search.query", "found done"
    ),
    Mutation("alerts", "StoreDownAlert", "State: Enabled", "State: Disabled", "Detail.State", "expected Enabled"),
    Mutation(
        "alerts", "StoreDownAlert", "Name: store-down", "Name: store", "StoreDownAlert", "expected the alert store"
    ),
    Mutation(
        "alerts", "StoreDownAlert", "Name: store-down", "Name: store", "Resources", "expected the alert store-down"
    ),
    Mutation(
        "alerts", "StoreDownAlert", "CooldownStoreUnavailable", "DailyBudgetSpent", "Query", "to look for Cooldown"
    ),
    Mutation(
        "alerts", "StoreDownAlert", "Ref: AlertActionPolicy", "sls.builtin", "ActionPolicyId", "AlertActionPolicy"
    ),
    Mutation(
        "alerts", "StoreDownAlert", "[Dashboard, DashboardName]", "[Dashboard, DisplayName]", "Dashboard", "of this"
    ),
    Mutation("alerts", "StoreDownAlert", "[LogStore, LogstoreName]", "[LogStore, ProjectName]", "[0].Store", "GetAtt"),
    Mutation("alerts", "StoreDownAlert", "#store-down", "#store", "Configuration.Annotations", "one of its headings"),
    Mutation("alerts", "NoSweepAlert", "Threshold: 3", "Threshold: 1", "NoSweepAlert", "26 hours"),
    Mutation("alerts", "NoSweepAlert", "Start: -24h", "Start: -1d", "NoSweepAlert", "in hours"),
]


def mutated(text: str, mutation: Mutation) -> str:
    """Return the template with that change made, within the item of that name two blanks in, or anywhere."""
    start, end = 0, len(text)
    if mutation.within:
        start = text.index(f"\n  {mutation.within}:\n")
        following = re.compile(r"\n(?:  )?\w").search(text, start + 4)
        end = following.start() if following else end
    found = text.index(mutation.old, start, end)
    return text[:found] + mutation.new + text[found + len(mutation.old) :]


def places_of(text: str, judges: Judges) -> list[str]:
    """Return what is wrong with a template, without the lines."""
    _, problems = validate(text, judges)
    return [re.sub(r"^line [0-9]+: ", "", problem) for problem in problems]


@pytest.fixture(scope="module")
def found_before(text: str, judges: Judges) -> set[str]:
    return set(places_of(text, judges))


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: f"{mutation.rule}-{mutation.place}")
def test_a_broken_template_is_caught_at_its_place(
    mutation: Mutation, text: str, judges: Judges, found_before: set[str]
) -> None:
    caught = [problem for problem in places_of(mutated(text, mutation), judges) if problem not in found_before]
    assert any(mutation.place in problem.split(": ")[0] and mutation.says in problem for problem in caught), caught


def test_every_rule_is_broken_by_a_mutation_or_a_change_of_the_code() -> None:
    by_code = {"samples", "reach"}
    assert {rule.__name__ for rule in RULES} == {mutation.rule for mutation in MUTATIONS} | by_code


def test_there_are_forty_mutations_at_least() -> None:
    assert len(set(MUTATIONS)) == len(MUTATIONS) >= 40
