"""The API gateway takes signed requests over HTTPS, limits them, and waits longer than the function that sends."""

from collections.abc import Iterator

from tests.template.our_template import OurTemplate, Place, get_att, one_or_many

CONFIG = {
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
    ("ServiceConfig", "FunctionComputeConfig", "FunctionName"): get_att("SendFunction", "FunctionName"),
    ("ServiceConfig", "FunctionComputeConfig", "RoleArn"): get_att("ApiRole", "Arn"),
}
PUBLISHED, LIMITED, GRANTED = (
    "ALIYUN::ApiGateway::Deployment",
    "ALIYUN::ApiGateway::TrafficControlBinding",
    "ALIYUN::ApiGateway::Authorization",
)


def apis(template: OurTemplate) -> list[Place]:
    return template.properties("ALIYUN::ApiGateway::Api")


def in_service(template: OurTemplate) -> Iterator[Place]:
    """Yield the properties of all that publishes, limits and grants the API."""
    for resource_type in (PUBLISHED, LIMITED, GRANTED):
        yield from template.properties(resource_type)


def test_the_api_takes_signed_requests_over_https(template: OurTemplate) -> None:
    for api in apis(template):
        for steps, wanted in CONFIG.items():
            place = api.at(*steps)
            assert place.value == wanted, place.expected(wanted)


def test_the_gateway_waits_longer_than_the_function_may_take(template: OurTemplate) -> None:
    limit = template.at("Resources", "SendFunction", "Properties", "Timeout").value
    for api in apis(template):
        place = api.at("ServiceConfig", "ServiceTimeOut")
        message = place.expected(f"more than the function's own {limit} s, in milliseconds")
        assert isinstance(place.value, int), message
        assert isinstance(limit, int), message
        assert place.value > limit * 1000, message


def test_the_api_is_published_limited_and_granted_once(template: OurTemplate) -> None:
    wrong = [name for name in (PUBLISHED, LIMITED, GRANTED) if len(template.resources(name)) != 1]
    for api in apis(template):
        assert not wrong, template.at("Resources", api.resource).expected(f"one {' and one '.join(wrong)} for it")


def test_publication_limit_and_grant_are_for_the_api(template: OurTemplate) -> None:
    for api in apis(template):
        wanted = get_att(api.resource, "ApiId")
        for properties in in_service(template):
            found = [*one_or_many(properties.at("ApiId").value), *one_or_many(properties.at("ApiIds").value)]
            assert found == [wanted], properties.expected(wanted)


def test_publication_limit_and_grant_are_for_one_stage(template: OurTemplate) -> None:
    for api in apis(template):
        stages = {str(properties.at("StageName").value) for properties in in_service(template)}
        place = template.at("Resources", api.resource)
        assert len(stages) == 1, place.expected("it published, limited and granted at one stage")


def test_the_api_is_limited_and_granted_once_it_is_published(template: OurTemplate) -> None:
    for resource in (*template.resources(LIMITED), *template.resources(GRANTED)):
        place = resource.at("DependsOn")
        message = "ApiDeployment: a stage knows an API once it is published"
        assert place.value == "ApiDeployment", place.expected(message)


def test_the_limit_is_that_of_the_stack(template: OurTemplate) -> None:
    for binding in template.properties(LIMITED):
        place, wanted = binding.at("TrafficControlId"), get_att("ApiTrafficControl", "TrafficControlId")
        assert place.value == wanted, place.expected(wanted)


def test_the_app_of_the_stack_may_call_the_api(template: OurTemplate) -> None:
    for authorization in template.properties(GRANTED):
        place, wanted = authorization.at("AppIds"), [get_att("ApiApp", "AppId")]
        assert place.value == wanted, place.expected(wanted)
