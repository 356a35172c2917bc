"""The outputs say which functions and URLs to call, and where the dead letters are."""

from tests.template.our_template import OurTemplate

OUTPUTS = {
    "SendFunctionArn": "<SendFunction.ARN>",
    "ResendFunctionArn": "<ResendFunction.ARN>",
    "HttpUrl": "<HttpTriggerOfSend.UrlIntranet>",
    "ApiUrl": "https://<ApiDomain.DomainName>/phone-verifications",
    "ApiRouteId": "<ApiRoute.RouteId>",
    "DeadLetterQueueName": "<DeadLetterQueue.QueueName>",
}


def test_the_outputs_are_there(template: OurTemplate) -> None:
    for name, value in OUTPUTS.items():
        output = template.at("Outputs", name)
        assert output.at("Value").by_default == value, output.expected(f"this output, {value}")
