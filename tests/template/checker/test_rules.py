"""Every rule of the checker finds a problem in our template once it is broken in one place."""

import pytest
from hypothesis import given, settings

from local.template.rules import interface, properties, references, structure
from local.template.subject import Rule, Subject, VendorData
from local.template.validation import RULES, problems_of, validate
from tests.template.mutations.mutation import Mutation, Table, cases, label
from tests.template.mutations.odd_values import odd_values, positions, with_odd_value
from tests.template.our_template import OurTemplate

MUTATIONS: Table = {
    structure.sections: [
        Mutation("", "'2015-09-01'", "'2016-01-01'", "ROSTemplateFormatVersion", "2015-09-01"),
        Mutation("", "\nMappings:", "\nMaps:", "Maps", "one of the sections"),
        Mutation("", "\nDescription:\n", f"\nDescription:\n  ja: {'x' * 524288}\n", "the template", "at most 524288"),
    ],
    structure.resources: [
        Mutation("LogStore", "Type:", "Typ:", "LogStore.Typ", "one of Condition"),
        Mutation("LogStore", "Type: ALIYUN::SLS::Logstore", "DependsOn: []", "LogStore.Type", "resource type"),
        Mutation("LogIndex", "Type:", "Metadata: {}\n    Type:", "LogIndex.Metadata", "one of Condition"),
        Mutation("ParkedQueue", "\n    Type: ALIYUN::MNS::Queue\n    Properties:", " x\n  Y:", "ParkedQueue", "object"),
    ],
    structure.parameters: [
        Mutation("MaxAttempts", "Default: 3", "Default: '3'", "MaxAttempts.Default", "expected number"),
        Mutation("MaxAttempts", "Default: 3", "Default: 7", "MaxAttempts.Default", "at most 4"),
        Mutation("LogLevel", "Default: INFO", "Default: LOUD", "LogLevel.Default", "one of DEBUG, INFO"),
        Mutation("NamePrefix", "-verification", "_", "NamePrefix.Default", "a text like"),
        Mutation("NamePrefix", "MinLength: 3", "MinLength: x", "NamePrefix.MinLength", "expected number"),
        Mutation("NamePrefix", "MinLength", "MinLen", "NamePrefix.MinLen", "one of AllowedPattern"),
        Mutation("Site", "Type: String", "Type: Text", "Site.Type", "one of String"),
        Mutation("Site", "Description:", "NoEcho: false #", "Site.Description", "a description"),
        Mutation("LogStore", "Ref: LogRetentionDays", "30", "LogRetentionDays", "to refer to it"),
        Mutation("Cpu", "[0.05,", "['0.05',", "Parameters.Cpu.AllowedValues[0]", "expected number"),
    ],
    structure.conditions: [
        Mutation("InVpc", "Fn::Not:", "Fn::Join:", "Conditions.InVpc", "one of Fn::And"),
        Mutation("HttpPublicOn", "Equals: [true, {Ref: HttpPublic}]", "Not: HttpPublicOn", "HttpPublicOn", "on itself"),
        Mutation("InVpc", "  InVpc:", "  Idle: {'Fn::Not': InVpc}\n  InVpc:", "Conditions.Idle", "depend on it"),
    ],
    structure.outputs: [
        Mutation("ApiUrl", "Value:", "Values:", "Outputs.ApiUrl.Values", "one of Condition"),
        Mutation("HttpUrl", "Description: Where to POST, from inside Alibaba Cloud.\n", "\n", "HttpUrl.Desc", "a desc"),
        Mutation("ApiUrl", "Description: Where", "Description: 5 #", "Outputs.ApiUrl.Description", "a description"),
    ],
    interface.groups: [
        Mutation("", "ALIYUN::ROS::Interface:", "ALIYUN::ROS::Form:", "Metadata.ALIYUN::ROS::Form", "::Interface"),
        Mutation("", "    ParameterGroups:", "    Groups:", "ALIYUN::ROS::Interface.Groups", "one of ParameterGroups"),
        Mutation("", "[TimerTrigger, Timer", "[Timer, Timer", "ParameterGroups[8].Parameters[0]", "found Timer"),
        Mutation("", "[TimerTrigger, Timer", "[Timer", "Parameters.TimerTrigger", "found in 0"),
        Mutation("", "[TimerTrigger, ", "[TimerTrigger, TimerTrigger, ", "Parameters.TimerTrigger", "found in 2"),
        Mutation("", "zh-cn: 日志与告警}", "zh: 日志与告警}", "ParameterGroups[9].Label.default.zh-cn", "string"),
        Mutation("", "Parameters: [HttpT", "Params: [HttpT", "ParameterGroups[4].Params", "one of Label"),
    ],
    interface.labels: [
        Mutation("Site", "{en: Site of the account,", "{", "Parameters.Site.Label.en", "expected string"),
        Mutation("Site", "zh-cn: 账号所属站点", "zh-cn: ' '", "Parameters.Site.Label.zh-cn", "not empty"),
    ],
    interface.pickers: [
        Mutation("VpcId", "VPC::VPCId", "VPC::VpcId", "VpcId.AssociationProperty", "expected one of"),
        Mutation("VSwitchId", "VpcId: ${VpcId}", "Vpc: ${VpcId}", "AssociationPropertyMetadata.Vpc", "one of Reg"),
        Mutation("VSwitchId", "${VpcId}", "${Vpc}", "AssociationPropertyMetadata.VpcId", "found Vpc"),
    ],
    references.removals: [
        Mutation("ApiRoute", "- Fn::GetAtt: [ApiDomain, DomainId]", "- Ref: ALIYUN::NoValue", "[1][0]", "of a list"),
        Mutation(
            "SendFunction", "Ref: VSwitchId", "Fn::If: [InVpc, a, {Ref: 'ALIYUN::NoValue'}]", "[0].Fn::If[2]", "list"
        ),
    ],
    references.functions: [
        Mutation("LogStore", "[LogProject, Name]", "[LogProject, 1]", "Fn::GetAtt[1]", "expected string"),
        Mutation("LogStore", "Fn::GetAtt:", "Fn::GetAttr:", "ProjectName.Fn::GetAttr", "one of Fn::And"),
        Mutation("LogStore", "[LogProject, Name]", "LogProject.Name", "Fn::GetAtt", "a list of 2"),
        Mutation("LogStore", "Ref: LogRetentionDays", "Ref: [Days]", "TTL.Ref", "expected a text"),
        Mutation("LogStore", "TTL:\n", "TTL:\n        Fn::Not: InVpc\n      X:\n", "TTL.Fn::Not", "only"),
    ],
    references.targets: [
        Mutation("LogStore", "Ref: LogRetentionDays", "Ref: Days", "LogStore.Properties.TTL", "found Days"),
        Mutation("LogStore", "[LogProject, Name]", "[LogProject, Title]", "ProjectName", "found Title"),
        Mutation("LogStore", "[LogProject, Name]", "[Project, Name]", "ProjectName", "found Project"),
        Mutation("LogProject", "${NamePrefix}", "${Prefix}", "LogProject.Properties.Name", "found Prefix"),
        Mutation("ApiUrl", "${ApiDomain.DomainName}", "${ApiDomain.Name}", "ApiUrl.Value", "found Name"),
        Mutation("ApiRoute", "EnvironmentIds]", "EnvironmentId]", "EnvironmentId.Fn::Select[1]", "found Environ"),
        Mutation("SendFunction", "- InVpc", "- InVPC", "VpcConfig", "found InVPC"),
        Mutation("ApiRoute", "Condition: ApiGatewayOn", "Condition: Gateway", "ApiRoute.Condition", "found Gateway"),
        Mutation("ApiAuthorization", "ApiPublication", "Publication", "DependsOn", "found Publication"),
        Mutation("SendFunction", "{Ref: Site}", "Nowhere", "ENDPOINT.Fn::FindInMap", "Sites.Nowhere.Endpoint"),
        Mutation("SendFunction", "Endpoint]", "Url]", "RESOURCE_DIRECTORY_ENDPOINT", "Sites.China.Url"),
        Mutation("Sites", "International:", "Intl:", "ENDPOINT.Fn::FindInMap", "Sites.International.Endpoint"),
    ],
    references.reachable: [
        Mutation("ApiUrl", "Condition: ApiDomainOn\n", "\n", "Outputs.ApiUrl.Value", "under the condition"),
        Mutation("HttpUrl", "HttpTriggerOn", "InVpc", "Outputs.HttpUrl.Value", "HttpTriggerOn"),
    ],
    properties.vendors_metadata: [
        Mutation("LogStore", "ALIYUN::SLS::Logstore", "ALIYUN::SLS::LogStore", "LogStore.Type", "found"),
        Mutation("LogProject", "SLS::Project", "SLZ::Project", "LogProject.Type", "ros-cdk-slz"),
        Mutation("LogStore", "ALIYUN::SLS::Logstore", "AWS::S3::Bucket", "LogStore.Type", "metadata"),
        Mutation("LogStore", "ShardCount:", "Shards:", "Properties.Shards", "one of AppendMeta"),
        Mutation("LogStore", "ShardCount: 1", "ShardCount: one", "ShardCount", "expected number"),
        Mutation("LogStore", "ShardCount: 1", "ShardCount: 101", "ShardCount", "at most 100"),
        Mutation("LogStore", "ShardCount: 1", "ShardCount: 0", "ShardCount", "at least 1"),
        Mutation("LogStore", "AutoSplit: true", "AutoSplit: 'true'", "AutoSplit", "expected boolean"),
        Mutation("LogStore", "LogstoreName: functions", "LogstoreName: fn", "LogstoreName", "length of"),
        Mutation("LogStore", "LogstoreName: functions", "", "LogStore.Properties.LogstoreName", "required"),
        Mutation("LogProject", "${NamePrefix}-", "${NamePrefix}.", "LogProject.Properties.Name", "like"),
        Mutation("LogRetentionDays", "3650", "9999", "LogStore.Properties.TTL", "at most 3650"),
        Mutation("SendFunction", "Ref: MemorySize", "Ref: Runtime", "MemorySize", "expected number"),
        Mutation("SendFunction", "Ref: MemorySize", "Fn::Str: {Ref: MemorySize}", "MemorySize", "text of"),
        Mutation("SendFunction", "VSwitchIds:", "VSwitches:", "VpcConfig.Fn::If[1].VSwitches", "one of"),
        Mutation("SendFunction", "- Ref: VSwitchId", "X: y", "VpcConfig.Fn::If[1].VSwitchIds", "list"),
        Mutation("LogIndex", "Type: json", "Type: jason", "KeyIndices[0].Type", "one of"),
        Mutation("Api", "EnableAuth: true", "EnableAuth: 'yes'", "Api.Properties.EnableAuth", "expected boolean"),
        Mutation("Api", "AuthType: AkSk", "Type: AkSk", "AuthConfig.Type", "one of AuthMode"),
        Mutation("Api", "Type: Http\n", "Type: HTTP\n", "Api.Properties.Type", "one of Http"),
        Mutation("ApiService", "SourceType: FC3", "SourceType: FC", "ApiService.Properties.SourceType", "one of DNS"),
        Mutation("ApiRoute", "Scene: SingleService", "Scene: Single", "Backend.Scene", "one of Mock"),
        Mutation("ApiRoute", "Weight: 100", "Weight: 101", "Services[0].Weight", "at most 100"),
        Mutation("ApiRoute", "RouteName:", "Name:", "ApiRoute.Properties.RouteName", "required"),
        Mutation("ApiCaller", "Type: AkSk", "Type: HMAC", "AkSkIdentityConfigs[0].Type", "one of AkSk"),
        Mutation(
            "ApiAuthorization", "LongTerm", "Forever", "ApiAuthorization.Properties.ExpireMode", "one of LongTerm"
        ),
        Mutation("ApiDomain", "TLS 1.2", "1.2", "ApiDomain.Properties.TlsMin", "expected string"),
        Mutation("ApiEnvironments", "GatewayId:", "Gateway:", "ApiEnvironments.Properties.Gateway", "one of"),
        Mutation("ApiEnvironments", "Environments\n", "Environment2\n", "ApiEnvironments.Type", "found DATASOURCE"),
        Mutation(
            "Pause", "CreateDuration: 90", "CreateDuration: 1801", "Pause.Properties.CreateDuration", "at most 1800"
        ),
        Mutation("SendAsyncConfig", "Attempts: 2", "Attempts: 9", "MaxAsyncRetryAttempts", "at most 8"),
        Mutation("StoreDownAlert", "{Type: FixedRate,", "{", "Detail.Schedule.Type", "required"),
        Mutation("LogStore", "ShardCount: 1", "ShardCount:", "ShardCount", "found nothing"),
        Mutation("LogProject", "Phone", "A phone" * 9, "LogProject.Properties.Description", "at most 64"),
        Mutation("ParkedQueue", "Properties:", "Properties: []\n    DependsOn:", "Properties", "object"),
        Mutation("LogProject", "Fn::Sub: ${", "Fn::Replace: [x, y]\n        #", "Name.Fn::Replace", "evaluated with"),
    ],
    properties.trigger_configs: [
        Mutation("HttpTriggerOfSend", "authType:", "authtype:", "TriggerConfig.authtype", "one of authCon"),
        Mutation("HttpTriggerOfSend", "[POST]", "POST", "TriggerConfig.methods", "expected list"),
        Mutation("HttpTriggerOfSend", "false, true]", "'no', true]", "disableURLInternet", "boolean"),
        Mutation("HttpTriggerOfSend", "TriggerType: http", "TriggerType: web", "TriggerType", "found web"),
        Mutation("SmqQueueTriggerOfSend", "sourceMNSP", "sourceMnsP", "sourceMnsParameters", "one of"),
        Mutation("SmqQueueTriggerOfSend", "Type: MNS", "Type: SMQ", "eventSourceType", "one of"),
        Mutation("SmqQueueTriggerOfSend", "Window: 1", "Window: '1'", "CountBasedWindow", "number"),
        Mutation("SmqTopicTriggerOfSend", "Format: JSON", "Format: XML", "notifyContentFormat", "one of"),
        Mutation("TimerTriggerOfResend", "enable: true", "enabled: true", "enabled", "one of cron"),
        Mutation("KafkaTriggerOfSend", "ConsumerGroup:", "GroupID:", "Fn::If[1].GroupID", "one of ConsumerGroup"),
        Mutation("RocketMqTriggerOfSend", "GroupID:", "ConsumerGroup:", "Fn::If[1].ConsumerGroup", "one of Auth"),
        Mutation("RabbitMqTriggerOfSend", "VirtualHostName:", "VirtualHost:", "VirtualHost", "one of InstanceId"),
    ],
}


@pytest.mark.parametrize(("rule", "mutation"), cases(MUTATIONS), ids=label)
def test_a_rule_finds_a_problem_with_line_and_place(
    rule: Rule, mutation: Mutation, template: OurTemplate, vendor: VendorData
) -> None:
    broken = mutation.apply_to(template.template)
    found = [broken.locate(problem.path, problem.message) for problem in rule(Subject(broken, vendor))]
    assert any(map(mutation.is_found_in, found)), found


def test_every_rule_is_broken_by_a_mutation() -> None:
    assert MUTATIONS.keys() == set(RULES)


def test_the_template_has_no_problem(text: str, vendor: VendorData) -> None:
    _, problems = validate(text, vendor)
    assert problems == []


def test_problems_are_listed_in_the_order_of_the_template(text: str, vendor: VendorData) -> None:
    broken = text.replace("AutoSplit", "AutoSplits", 1).replace("Default: ''\n", "Default: 3\n", 1)
    _, problems = validate(broken, vendor)
    assert ["CooldownStoreUrl" in problem for problem in problems] == [True, False]


def test_a_type_without_metadata_is_reported_once(text: str, vendor: VendorData) -> None:
    _, problems = validate(text.replace("ALIYUN::SLS::Project", "ALIYUN::SLZ::Project"), vendor)
    assert [problem.split(": ")[1] for problem in problems] == ["Resources.LogProject.Type"]


@pytest.mark.parametrize("odd", ["Resources: {A: }", "Resources: []", "Resources: {A: {Type: 5}}", "Outputs: {O: x}"])
def test_a_template_of_odd_shapes_has_problems_and_no_crash(odd: str, vendor: VendorData) -> None:
    _, problems = validate(odd, vendor)
    assert problems


@settings(max_examples=20, deadline=None)
@given(position=positions, odd=odd_values)
def test_no_odd_value_in_any_place_crashes_a_rule(
    template: OurTemplate, vendor: VendorData, position: int, odd: object
) -> None:
    problems_of(Subject(with_odd_value(template.template, position, odd), vendor))


def test_values_that_are_nested_too_deeply_are_a_problem(vendor: VendorData) -> None:
    _, problems = validate(f"Resources: {'[' * 1000}{']' * 1000}", vendor)
    assert problems == ["expected no value that is nested so deeply"]
