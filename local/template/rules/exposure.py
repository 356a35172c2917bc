"""What the world sees: the URLs, who may call them, secrets, outputs."""

from collections.abc import Iterator

from local.template.document import at, mapping
from local.template.intrinsics import references
from local.template.problems import Path, Problem
from local.template.rules.functions import SETTINGS
from local.template.subject import Subject

API_CONFIG = {
    # HTTPS, and requests signed with an app's key, each once.
    ("AuthType",): "APP",
    ("AppCodeAuthType",): "DISABLE",
    ("AllowSignatureMethod",): "HmacSHA256",
    ("ForceNonceCheck",): True,
    ("Visibility",): "PRIVATE",
    ("RequestConfig", "RequestProtocol"): "HTTPS",
    ("RequestConfig", "RequestHttpMethod"): "POST",
    ("ServiceConfig", "ServiceProtocol"): "FunctionCompute",
    ("ServiceConfig", "FunctionComputeConfig", "FcVersion"): "3.0",
    ("ServiceConfig", "FunctionComputeConfig", "FunctionName"): {"Fn::GetAtt": ["SendFunction", "FunctionName"]},
    ("ServiceConfig", "FunctionComputeConfig", "RoleArn"): {"Fn::GetAtt": ["ApiRole", "Arn"]},
}
SECRETS = ("COOLDOWN_STORE_URL", "COOLDOWN_HASH_KEY")
"""Variables whose values are secrets: a store's URL holds its password."""
SITES = {"China": "resourcedirectory.aliyuncs.com", "International": "resourcedirectory-intl.aliyuncs.com"}
OUTPUTS = {
    "SendFunctionArn": "<SendFunction.ARN>",
    "ResendFunctionArn": "<ResendFunction.ARN>",
    "HttpUrl": "<HttpTriggerOfSend.UrlIntranet>",
    "ApiUrl": "https://<ApiGroup.SubDomain>/phone-verifications",
    "DeadLetterQueueName": "<DeadLetterQueue.QueueName>",
}
"""What whoever deploys must be told."""
OF_ANOTHER_RESOURCE = {
    "TrafficControlBinding": ("TrafficControlId", {"Fn::GetAtt": ["ApiTrafficControl", "TrafficControlId"]}),
    "Authorization": ("AppIds", [{"Fn::GetAtt": ["ApiApp", "AppId"]}]),
}
"""What binds an API to the limit, and to the app that may call it."""


def http(subject: Subject) -> Iterator[Problem]:
    """Check that the URL takes signed POSTs only, and is off the public internet unless a parameter puts it there."""
    for path, resource in subject.template.resources("ALIYUN::FC3::Trigger"):
        config = at(resource, "Properties", "TriggerConfig")
        if at(resource, "Properties", "TriggerType") != "http":
            continue
        path = (*path, "Properties", "TriggerConfig")
        if at(config, "authType") != "function":
            yield Problem((*path, "authType"), "expected function, and no way to choose another: anonymous is for all")
        if at(config, "methods") != ["POST"]:
            yield Problem((*path, "methods"), "expected POST alone")
        if subject.by_default.value(at(config, "disableURLInternet")) is not True:
            yield Problem((*path, "disableURLInternet"), "expected true by default")
        if subject.with_everything.value(at(config, "disableURLInternet")) is not False:
            yield Problem((*path, "disableURLInternet"), "expected false where a parameter opens it")


def api(subject: Subject) -> Iterator[Problem]:
    """Check that the gateway's API takes signed requests over HTTPS only, so many a minute, and outwaits function 1."""
    limit = at(subject.template.data, "Resources", "SendFunction", "Properties", "Timeout")
    for path, resource in subject.template.resources("ALIYUN::ApiGateway::Api"):
        path, properties = (*path, "Properties"), mapping(resource.get("Properties"))
        for steps, value in API_CONFIG.items():
            if at(properties, *steps) != value:
                yield Problem((*path, *steps), f"expected {value}")
        wait = at(properties, "ServiceConfig", "ServiceTimeOut")
        if not isinstance(wait, int) or not isinstance(limit, int) or wait <= limit * 1000:
            place = (*path, "ServiceConfig", "ServiceTimeOut")
            yield Problem(place, f"expected more than the function's own {limit} s, in milliseconds")
        yield from _in_service(subject, str(path[1]))


def secrets(subject: Subject) -> Iterator[Problem]:
    """Check that secrets come from parameters that nobody is shown, have no default, and go to the functions only."""
    secret: set[str] = set()
    for path, resource in subject.template.resources("ALIYUN::FC3::Function"):
        for name in SECRETS:
            value = at(resource, "Properties", "EnvironmentVariables", name)
            parameter = at(value, "Ref")
            secret.add(str(parameter))
            if at(subject.template.data, "Parameters", str(parameter), "NoEcho") is not True:
                place = (*path, "Properties", "EnvironmentVariables", name)
                yield Problem(place, "expected a Ref to a parameter with NoEcho: true")
    for name in sorted(secret):
        if at(subject.template.data, "Parameters", name, "Default"):
            yield Problem(("Parameters", name, "Default"), "expected no default but the empty one")
    for reference in references(dict(subject.template.data), ()):
        at_home = "EnvironmentVariables" in reference.path
        if reference.target in secret and not at_home:
            yield Problem(reference.path, f"expected no use of the secret {reference.target} but in a variable")
        if reference.path[0] == "Outputs" and reference.attribute in ("AppSecret", "AppCode", "AppKey"):
            yield Problem(reference.path, "expected no secret among the outputs")


def sites(subject: Subject) -> Iterator[Problem]:
    """Check that the site decides on the endpoint.

    Source: the page "Endpoints" of ResourceDirectoryMaster 2022-04-19.
    """
    for site, endpoint in SITES.items():
        path: Path = ("Mappings", "Sites", site, "Endpoint")
        if at(subject.template.data, *path) != endpoint:
            yield Problem(path, f"expected {endpoint}")
    wanted = {"Fn::FindInMap": ["Sites", {"Ref": "Site"}, "Endpoint"]}
    for path, resource in subject.template.resources("ALIYUN::FC3::Function"):
        steps = ("Properties", "EnvironmentVariables", "RESOURCE_DIRECTORY_ENDPOINT")
        if at(resource, *steps) != wanted:
            yield Problem((*path, *steps), "expected the endpoint of the parameter Site")


def outputs(subject: Subject) -> Iterator[Problem]:
    """Check that whoever deploys is told what to call, and where the dead letters are."""
    for name, value in OUTPUTS.items():
        if subject.by_default.value(at(subject.template.data, "Outputs", name, "Value")) != value:
            yield Problem(("Outputs", name), f"expected this output, {value}")


def code(subject: Subject) -> Iterator[Problem]:
    """Check that both functions run the one package out of the bucket."""
    wanted = {"OssBucketName": {"Ref": "CodeBucket"}, "OssObjectName": {"Ref": "CodeObject"}}
    functions = list(subject.template.resources("ALIYUN::FC3::Function"))
    for path, resource in functions:
        if at(resource, "Properties", "Code") != wanted:
            yield Problem(
                (*path, "Properties", "Code"), "expected the package by the parameters CodeBucket, CodeObject"
            )
        if at(resource, "Properties", "InternetAccess") is not True:
            yield Problem((*path, "Properties", "InternetAccess"), "expected true: the API is on the internet")
    names = [str(subject.by_default.value(at(resource, "Properties", "FunctionName"))) for _, resource in functions]
    if len(set(names)) != len(SETTINGS):
        yield Problem(("Resources",), "expected functions with names of their own")


def _in_service(subject: Subject, name: str) -> Iterator[Problem]:
    """Check that an API is published, limited and granted at one stage; the last two once it is published."""
    wanted = {"Fn::GetAtt": [name, "ApiId"]}
    stages: set[str] = set()
    for kind in ("Deployment", "TrafficControlBinding", "Authorization"):
        found = list(subject.template.resources(f"ALIYUN::ApiGateway::{kind}"))
        if len(found) != 1:
            yield Problem(("Resources", name), f"expected one ALIYUN::ApiGateway::{kind} for it")
            continue
        ((path, resource),) = found
        api_id = at(resource, "Properties", "ApiId") or at(resource, "Properties", "ApiIds", 0)
        if api_id != wanted:
            yield Problem((*path, "Properties"), f"expected Fn::GetAtt: [{name}, ApiId]")
        if kind != "Deployment" and resource.get("DependsOn") != "ApiDeployment":
            yield Problem((*path, "DependsOn"), "expected ApiDeployment: a stage knows an API once it is published")
        if kind in OF_ANOTHER_RESOURCE:
            key, value = OF_ANOTHER_RESOURCE[kind]
            if at(resource, "Properties", key) != value:
                yield Problem((*path, "Properties", key), f"expected {value}")
        stages.add(str(at(resource, "Properties", "StageName")))
    if len(stages) > 1:
        yield Problem(("Resources", name), "expected it published, limited and granted at one stage")
