"""Changes that open the functions, the roles or the secrets."""

from tests.template import test_api_gateway as api_gateway
from tests.template import test_http_trigger as http_trigger
from tests.template import test_permissions as permissions
from tests.template import test_roles as roles
from tests.template import test_secrets as secrets
from tests.template.mutations.mutation import CONTACT, Mutation, Table

MUTATIONS: Table = {
    permissions.test_no_role_may_do_more_than_it_is_for: [
        Mutation("SendRole", f"[{CONTACT}]", "[resourcemanager:AddMessageContact]", "SendRole", "no resource"),
        Mutation("ResendRole", "- ecs:CreateNetworkInterface\n", "- ecs:RunInstances\n", "ResendRole", "ecs:R"),
    ],
    permissions.test_every_role_may_do_what_it_is_for: [
        Mutation("SendRole", f"[{CONTACT}]", "[resourcemanager:AddMessageContact]", "SendRole", CONTACT),
        Mutation("SendRole", "messagecontact/*", "*", "SendRole.Properties.Policies", "messagecontact/*"),
        Mutation("SendRole", "/logstore/${LogStore.LogstoreName}", "/*", "SendRole", "log:PostLogStoreLogs"),
        Mutation("ResendRole", "ParkedQueue", "DeadLetterQueue", "ResendRole", "mns:SendMessage"),
        Mutation("SendFunction", "[SendRole, Arn]", "[ResendRole, Arn]", "ResendRole", "exactly"),
        Mutation("ApiRole", "fc:InvokeFunction", "fc:GetFunction", "ApiRole", "expected fc:InvokeFunction"),
        Mutation("ApiRole", "[SendFunction, ARN]", "[ResendFunction, ARN]", "ApiRole", "<SendFunction.ARN>"),
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
            "ResendRole",
            "# Interfaces that do not exist yet have no name; the vendor's own policy grants no less.",
            "",
            "Resource[0]",
            "why not less",
        ),
    ],
    roles.test_roles_have_no_system_policies: [
        Mutation(
            "ApiRole",
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
    api_gateway.test_the_api_takes_signed_requests_over_https: [
        Mutation("Api", "AuthType: APP", "AuthType: ANONYMOUS", "Api.Properties.AuthType", "expected APP"),
        Mutation("Api", "RequestProtocol: HTTPS", "RequestProtocol: HTTP,HTTPS", "RequestProtocol", "expected HTTPS"),
        Mutation("Api", "AppCodeAuthType: DISABLE", "AppCodeAuthType: HEADER", "AppCodeAuthType", "DISABLE"),
        Mutation("Api", "[ApiRole, Arn]", "[SendRole, Arn]", "FunctionComputeConfig.RoleArn", "ApiRole"),
    ],
    api_gateway.test_the_gateway_waits_longer_than_the_function_may_take: [
        Mutation("Api", "ServiceTimeOut: 65000", "ServiceTimeOut: 60000", "ServiceTimeOut", "the function's own 60 s"),
    ],
    api_gateway.test_the_api_is_published_limited_and_granted_once: [
        Mutation(
            "ApiTrafficControlBinding", "TrafficControlBinding\n", "Deployment\n", "Resources.Api", "Binding for it"
        ),
    ],
    api_gateway.test_publication_limit_and_grant_are_for_one_stage: [
        Mutation("ApiTrafficControlBinding", "RELEASE", "TEST", "Resources.Api", "at one stage"),
    ],
    api_gateway.test_the_api_is_limited_and_granted_once_it_is_published: [
        Mutation("ApiAuthorization", "    DependsOn: ApiDeployment\n", "", "ApiAuthorization.DependsOn", "published"),
    ],
    api_gateway.test_publication_limit_and_grant_are_for_the_api: [
        Mutation("ApiDeployment", "[Api, ApiId]", "[Api, Arn]", "ApiDeployment.Properties", "[Api, ApiId]"),
    ],
    api_gateway.test_the_app_of_the_stack_may_call_the_api: [
        Mutation(
            "ApiAuthorization", "[ApiApp, AppId]", "[ApiApp, AppKey]", "ApiAuthorization.Properties.AppIds", "App"
        ),
    ],
    api_gateway.test_the_limit_is_that_of_the_stack: [
        Mutation(
            "ApiTrafficControlBinding",
            "[ApiTrafficControl, TrafficControlId]",
            "[ApiTrafficControl, TrafficControlName]",
            "TrafficControlId",
            "TrafficControlId]",
        ),
    ],
    secrets.test_secrets_come_from_hidden_parameters: [
        Mutation("CooldownHashKey", "NoEcho: true", "NoEcho: false", "COOLDOWN_HASH_KEY", "NoEcho: true"),
    ],
    secrets.test_secrets_have_no_default: [
        Mutation("CooldownHashKey", "Default: ''", "Default: secret", "Parameters.CooldownHashKey.Default", "empty"),
    ],
    secrets.test_secrets_go_into_variables_only: [
        Mutation("LogStoreName", "${LogProject.Name}", "${CooldownStoreUrl}", "Outputs.LogStoreName", "no use of"),
    ],
    secrets.test_no_secret_is_an_output: [
        Mutation("ApiUrl", "${ApiGroup.SubDomain}", "${ApiApp.AppSecret}", "Outputs.ApiUrl", "no secret among"),
    ],
}
