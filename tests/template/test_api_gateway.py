"""The cloud-native API gateway has one route, for signed requests over HTTPS, and is made in the right order."""

from local.serve.endpoints.cloud_native_gateway import METHOD, PATH
from local.template.document import at
from tests.template.our_template import OurTemplate, Place, get_att

FIRST_ENVIRONMENT = {"Fn::Select": ["0", get_att("ApiEnvironments", "EnvironmentIds")]}
PROPERTIES = {
    # What makes the route a signed one over HTTPS, to function 1, published and granted in the gateway's environment.
    ("ApiEnvironments", "GatewayId"): {"Ref": "ApiGatewayId"},
    ("ApiService", "GatewayId"): {"Ref": "ApiGatewayId"},
    ("ApiService", "SourceType"): "FC3",
    ("ApiService", "ServiceName"): get_att("SendFunction", "FunctionName"),
    ("Api", "Type"): "Http",
    ("Api", "BelongGatewayId"): {"Ref": "ApiGatewayId"},
    ("Api", "Protocols"): ["HTTPS"],
    ("Api", "EnableAuth"): True,
    ("Api", "AuthConfig", "AuthType"): "AkSk",
    ("ApiRoute", "HttpApiId"): get_att("Api", "HttpApiId"),
    ("ApiRoute", "EnvironmentInfo", "EnvironmentId"): FIRST_ENVIRONMENT,
    ("ApiRoute", "Match", "Path"): {"Type": "Exact", "Value": PATH},
    ("ApiRoute", "Match", "Methods"): [METHOD],
    ("ApiRoute", "Backend", "Scene"): "SingleService",
    ("ApiRoute", "Backend", "Services", 0, "ServiceId"): get_att("ApiService", "ServiceId"),
    ("ApiPublication", "HttpApiId"): get_att("Api", "HttpApiId"),
    ("ApiPublication", "RouteId"): get_att("ApiRoute", "RouteId"),
    ("ApiCaller", "Enable"): True,
    ("ApiCaller", "AkSkIdentityConfigs", 0, "Type"): "AkSk",
    ("ApiCaller", "AkSkIdentityConfigs", 0, "GenerateMode"): "Custom",
    ("ApiAuthorization", "ConsumerId"): get_att("ApiCaller", "ConsumerId"),
    ("ApiAuthorization", "ResourceType"): "HttpApiRoute",
    ("ApiAuthorization", "ResourceIdentifier", "ResourceId"): get_att("ApiRoute", "RouteId"),
    ("ApiAuthorization", "ResourceIdentifier", "EnvironmentId"): FIRST_ENVIRONMENT,
}
DOMAIN = {
    ("DomainName",): {"Ref": "ApiGatewayDomain"},
    ("Protocol",): "HTTPS",
    ("CertIdentifier",): {"Ref": "ApiGatewayCertificate"},
    ("ForceHttps",): True,
    ("TlsMin",): "TLS 1.2",
}


def resources(template: OurTemplate) -> list[Place]:
    """Return the resources of the gateway: those of its types, and what looks up its environments."""
    names = ("ALIYUN::APIG::", "DATASOURCE::APIG::", "ALIYUN::ApiGateway::")
    return [each for each in template.resources() if str(each.at("Type").value).startswith(names)]


def test_the_route_takes_signed_requests_over_https_to_the_function_that_sends(template: OurTemplate) -> None:
    for (resource, *steps), wanted in PROPERTIES.items():
        place = template.at("Resources", str(resource), "Properties", *steps)
        assert place.value == wanted, place.expected(wanted)


def test_the_gateway_is_off_unless_an_instance_is_named(template: OurTemplate) -> None:
    for resource in resources(template):
        condition = resource.at("Condition")
        message = condition.expected("a condition that ApiGatewayId makes true")
        name = str(condition.value)
        assert not template.by_default.holds(name), message
        assert template.with_everything.holds(name), message
        assert not template.with_values(ApiGatewayDomain="example.com").holds(name), message


def test_no_classic_gateway_is_made(template: OurTemplate) -> None:
    """It has been closed to new customers since August 2026, and ends on 2027-09-21."""
    for resource in resources(template):
        resource_type = str(resource.at("Type").value)
        assert "::APIG::" in resource_type, resource.at("Type").expected("a type of the cloud-native gateway")


def test_the_caller_is_authorised_once_the_route_is_published(template: OurTemplate) -> None:
    place = template.at("Resources", "ApiAuthorization", "DependsOn")
    message = "ApiPublication: a route that is not published cannot be authorised"
    assert place.value == "ApiPublication", place.expected(message)


def test_a_domain_takes_https_only(template: OurTemplate) -> None:
    properties = template.at("Resources", "ApiDomain", "Properties")
    for steps, wanted in DOMAIN.items():
        assert properties.at(*steps).value == wanted, properties.at(*steps).expected(wanted)


def test_route_and_publication_have_the_domain_that_is_given(template: OurTemplate) -> None:
    for name in ("ApiRoute", "ApiPublication"):
        place = template.at("Resources", name, "Properties", "DomainIds")
        found = at(place.value, "Fn::If")
        wanted = ["ApiDomainOn", [get_att("ApiDomain", "DomainId")], {"Ref": "ALIYUN::NoValue"}]
        assert found == wanted, place.expected("the domain's id where there is one, and no property otherwise")


def test_the_parameter_says_that_the_route_may_be_open(template: OurTemplate) -> None:
    for place in (
        template.at("Parameters", "ApiGatewayId", "Description"),
        template.at("Outputs", "ApiUrl", "Description"),
    ):
        message = "what must be seen: that the smoke test shows an unsigned POST refused"
        assert "unsigned POST is refused" in " ".join(str(place.value).split()), place.expected(message)
