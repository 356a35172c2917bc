"""The template says what has to be there before it can be deployed."""

from tests.template.our_template import OurTemplate

NEEDED = {
    # What a deployment fails without. Source: the vendor's pages on service-linked roles of these services.
    "the management account of the resource directory": "the account that it is for",
    "AliyunServiceRoleForFC,": "Function Compute's role",
    "AliyunServiceRoleForSLSAlert": "the role of the alerts",
    "AliyunServiceRoleForFCTriggerEventBridge": "the role of EventBridge triggers",
    "AliyunServiceRoleForEventBridgeSendToFC": "the role by which EventBridge invokes",
    "AliyunServiceRoleForEventBridgeSendToMNS": "the role by which EventBridge keeps what fails",
    "AliyunServiceRoleForEventBridgeSourceMNS": "the role by which EventBridge reads SMQ",
    "AliyunServiceRoleForEventBridgeSourceKafka": "the role by which EventBridge reads Kafka",
    "AliyunServiceRoleForEventBridgeSourceRocketMQ": "the role by which EventBridge reads RocketMQ",
    "AliyunServiceRoleForEventBridgeSourceRabbitMQ": "the role by which EventBridge reads RabbitMQ",
    "AliyunServiceRoleForEventBridgeSourceActionTrail": "the role by which EventBridge reads ActionTrail",
    "AliyunServiceRoleForEventBridgeConnectVPC": "the role by which EventBridge reaches a VPC",
    "AliyunServiceRoleForNativeApiGwInvokeFC": "the role by which the API gateway invokes",
    "ram:PassRole": "the right to pass roles on",
    "ram:CreateServiceLinkedRole": "the right to make service-linked roles",
}
WITHOUT_PYTHON_312 = ["Singapore", "Jakarta", "Kuala Lumpur", "Sydney"]


def words_above_the_parameters(template: OurTemplate) -> str:
    """Return the comment above the first parameter, in one line."""
    lines = template.template.text.partition("\nParameters:")[0].splitlines()
    return " ".join(" ".join(line.lstrip("#") for line in lines if line.startswith("#")).split())


def test_the_comment_at_the_top_names_all_that_has_to_be_there(template: OurTemplate) -> None:
    words = words_above_the_parameters(template)
    for name, what in NEEDED.items():
        message = template.at("Metadata").expected(f"a comment above it with {name}, {what}")
        assert name in words, message


def test_the_runtime_names_the_regions_that_do_not_offer_it(template: OurTemplate) -> None:
    description = template.at("Parameters", "Runtime", "Description")
    for region in WITHOUT_PYTHON_312:
        assert region in str(description.value), description.expected(f"{region}, which has no python3.12")
