"""Changes that open the functions, the roles or the secrets."""

from tests.template import test_api_gateway as api_gateway
from tests.template import test_http_trigger as http_trigger
from tests.template import test_permissions as permissions
from tests.template import test_roles as roles
from tests.template import test_secrets as secrets
from tests.template.mutations.mutation import CONTACT, MAIL, Mutation, Table

MUTATIONS: Table = {
    permissions.test_no_role_may_do_more_than_it_is_for: [
        Mutation("SendRole", f"[{CONTACT}]", "[resourcemanager:AddMessageContact]", "SendRole", "no resource"),
        Mutation("SendRole", f"[{CONTACT}]", f"[{CONTACT}, {MAIL}]", "SendRole", f"no {MAIL}"),
        Mutation("NetworkPolicy", "- ecs:CreateNetworkInterface\n", "- ecs:RunInstances\n", "SendRole", "ecs:R"),
        Mutation("NetworkPolicy", "Condition: InVpc", "Condition: HttpTriggerOn", "SendRole", "expected no "),
    ],
    permissions.test_every_role_may_do_what_it_is_for: [
        Mutation("SendRole", f"[{CONTACT}]", "[resourcemanager:AddMessageContact]", "SendRole", CONTACT),
        Mutation("SendRole", "messagecontact/*", "*", "SendRole.Properties.Policies", "messagecontact/*"),
        Mutation("SendRole", "/logstore/${LogStore.LogstoreName}", "/*", "SendRole", "log:PostLogStoreLogs"),
        Mutation("ResendRole", f"                  - {MAIL}\n", "", "ResendRole", MAIL),
        Mutation("ResendRole", "ParkedQueue", "DeadLetterQueue", "ResendRole", "mns:SendMessage"),
        Mutation("SendFunction", "[SendRole, Arn]", "[ResendRole, Arn]", "ResendRole", "exactly"),
        Mutation("SmqTopicRole", "fc:InvokeFunction", "fc:GetFunction", "SmqTopicRole", "expected fc:InvokeFunction"),
        Mutation("SmqTopicRole", "[SendFunction, ARN]", "[ResendFunction, ARN]", "SmqTopicRole", "<SendFunction.ARN>"),
        Mutation(
            "SmqTopicRole", "${SendFunction.ARN}/*", "${SendFunction.ARN}*", "SmqTopicRole", "<SendFunction.ARN>/*"
        ),
        Mutation("NetworkPolicy", "[ResendRole, RoleName]", "[SendRole, RoleName]", "ResendRole", "expected "),
    ],
    roles.test_only_function_compute_may_assume_the_role_of_a_function: [
        Mutation("SendRole", "fc.aliyuncs.com", "ecs.aliyuncs.com", "SendRole", "trust in one of fc."),
    ],
    permissions.test_each_function_has_a_role_of_this_stack: [
        Mutation("SendFunction", "Fn::GetAtt: [SendRole, Arn]", "Ref: VpcId", "SendFunction", "this stack"),
    ],
    roles.test_only_one_service_may_assume_any_other_role: [
        Mutation("SmqTopicRole", "[mns.aliyuncs.com]", "[a.com, mns.aliyuncs.com]", "SmqTopicRole", "trust"),
    ],
    roles.test_roles_are_for_services_only: [
        Mutation("SmqTopicRole", "Service: [", "RAM: [", "AssumeRolePolicyDocument.Statement", "for a service"),
    ],
    roles.test_statements_name_each_action_in_full: [
        Mutation("SendRole", "mns:SendMessage", "mns:*", "SendRole", "one action by its name"),
    ],
    roles.test_statements_name_the_actions_that_they_allow: [
        Mutation("SendRole", "Action: [mns", "NotAction: [mns", "NotAction", "the actions that are allowed"),
    ],
    roles.test_statements_allow_actions: [
        Mutation(
            "SendRole",
            "Effect: Allow\n                Action: [mns",
            "Effect: Deny\n                Action: [mns",
            "Effect",
            "Allow",
        ),
    ],
    roles.test_a_comment_says_why_a_statement_is_for_all_resources: [
        Mutation(
            "NetworkPolicy",
            "# Interfaces that do not exist yet have no name; the vendor's own policy grants no less.",
            "",
            "Resource[0]",
            "why not less",
        ),
    ],
    roles.test_roles_have_no_system_policies: [
        Mutation(
            "SmqTopicRole",
            "      Policies:",
            "      PolicyAttachments: {System: [AliyunFCFullAccess]}\n      Policies:",
            "PolicyAttachments",
            "expected none",
        ),
    ],
    http_trigger.test_requests_must_be_signed: [
        Mutation(
            "HttpTriggerOfSend", "authType: function", "authType: anonymous", "TriggerConfig.authType", "function"
        ),
        Mutation(
            "HttpTriggerOfSend", "authType: function", "authType: {Ref: Site}", "TriggerConfig.authType", "no way"
        ),
    ],
    http_trigger.test_only_post_is_taken: [
        Mutation("HttpTriggerOfSend", "[POST]", "[POST, GET]", "TriggerConfig.methods", "POST alone"),
    ],
    http_trigger.test_the_url_is_off_the_public_internet_by_default: [
        Mutation("HttpPublic", "Default: false", "Default: true", "disableURLInternet", "true by default"),
    ],
    http_trigger.test_a_parameter_opens_the_url_to_the_internet: [
        Mutation("HttpTriggerOfSend", "Fn::If: [HttpPublicOn, false, true]", "true", "disableURLInternet", "opens it"),
    ],
    api_gateway.test_the_route_takes_signed_requests_over_https_to_the_function_that_sends: [
        Mutation("Api", "EnableAuth: true", "EnableAuth: false", "Api.Properties.EnableAuth", "expected True"),
        Mutation("Api", "[HTTPS]", "[HTTP, HTTPS]", "Api.Properties.Protocols", "HTTPS"),
        Mutation("Api", "AuthType: AkSk", "AuthType: Apikey", "AuthConfig.AuthType", "AkSk"),
        Mutation("ApiService", "SourceType: FC3", "SourceType: DNS", "ApiService.Properties.SourceType", "FC3"),
        Mutation("ApiService", "[SendF", "[ResendF", "ApiService.Properties.ServiceName", "[SendFunction,"),
        Mutation("ApiRoute", "Type: Exact", "Type: Prefix", "ApiRoute.Properties.Match.Path", "Exact"),
        Mutation("ApiRoute", "[POST]", "[POST, GET]", "ApiRoute.Properties.Match.Methods", "POST"),
        Mutation("ApiRoute", "'0'", "'1'", "EnvironmentInfo.EnvironmentId", "'0'"),
        Mutation("ApiPublication", "[ApiRoute, RouteId]", "[ApiRoute, RouteName]", "ApiPublication", "RouteId"),
        Mutation("ApiCaller", "Mode: Custom", "Mode: System", "AkSkIdentityConfigs[0].GenerateMode", "Custom"),
        Mutation("ApiAuthorization", "HttpApiRoute", "HttpApi", "ApiAuthorization.Properties.ResourceType", "Route"),
        Mutation("ApiAuthorization", "[ApiCaller,", "[Api,", "ApiAuthorization.Properties.ConsumerId", "[ApiCaller,"),
    ],
    api_gateway.test_the_gateway_is_off_unless_an_instance_is_named: [
        Mutation(
            "ApiRoute", "Condition: ApiGatewayOn", "Condition: HttpTriggerOn", "ApiRoute.Condition", "ApiGatewayId"
        ),
        Mutation("ApiDomainOn", "- ApiGatewayOn", "- {'Fn::Not': HttpPublicOn}", "ApiDomain.Condition", "ApiGatewayId"),
    ],
    api_gateway.test_no_classic_gateway_is_made: [
        Mutation("ApiService", "ALIYUN::APIG::Service", "ALIYUN::ApiGateway::Group", "ApiService.Type", "cloud-native"),
    ],
    api_gateway.test_the_caller_is_authorised_once_the_route_is_published: [
        Mutation("ApiAuthorization", "    DependsOn: ApiPublication\n", "", "ApiAuthorization.DependsOn", "published"),
    ],
    api_gateway.test_a_domain_takes_https_only: [
        Mutation("ApiDomain", "Protocol: HTTPS", "Protocol: HTTP", "ApiDomain.Properties.Protocol", "HTTPS"),
        Mutation("ApiDomain", "TlsMin: TLS 1.2", "TlsMin: TLS 1.0", "ApiDomain.Properties.TlsMin", "1.2"),
    ],
    api_gateway.test_route_and_publication_have_the_domain_that_is_given: [
        Mutation("ApiPublication", "- ApiDomainOn", "- ApiGatewayOn", "ApiPublication.Properties.DomainIds", "id"),
    ],
    api_gateway.test_the_parameter_says_that_the_route_may_be_open: [
        Mutation("ApiGatewayId", "POST is refused", "POST is taken", "ApiGatewayId.Description", "unsigned POST"),
        Mutation("ApiUrl", "POST is refused", "POST is taken", "ApiUrl.Description", "unsigned POST"),
    ],
    secrets.test_secrets_come_from_hidden_parameters: [
        Mutation("CooldownHashKey", "NoEcho: true", "NoEcho: false", "COOLDOWN_HASH_KEY", "NoEcho: true"),
        Mutation("ApiConsumerSecret", "NoEcho: true", "NoEcho: false", "ApiCaller", "NoEcho: true"),
    ],
    secrets.test_secrets_have_no_default: [
        Mutation("CooldownHashKey", "Default: ''", "Default: secret", "Parameters.CooldownHashKey.Default", "empty"),
    ],
    secrets.test_secrets_go_to_functions_and_the_gateways_caller_only: [
        Mutation("LogStoreName", "${LogProject.Name}", "${CooldownStoreUrl}", "Outputs.LogStoreName", "no use of"),
        Mutation("ApiUrl", "${ApiDomain.DomainName}", "${ApiConsumerSecret}", "Outputs.ApiUrl", "no use of"),
        Mutation(
            "ApiCaller", "Ref: ApiConsumerKey", "Ref: ApiConsumerSecret", "AkSkIdentityConfigs[0].Ak", "no use of"
        ),
    ],
}
