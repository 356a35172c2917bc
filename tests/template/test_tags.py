"""Every resource that can have tags has those of the stack, so that its cost and its owner can be found."""

from local.template.subject import VendorData
from tests.template.our_template import OurTemplate

TAGS = [
    {"Key": "application", "Value": "phone-verification"},
    {"Key": "stack", "Value": {"Ref": "ALIYUN::StackName"}},
]


def test_every_resource_that_can_have_tags_has_them(template: OurTemplate, vendor: VendorData) -> None:
    for resource in template.resources():
        resource_type = vendor.metadata.resource_type(str(resource.at("Type").value))
        if resource_type and "Tags" in resource_type.properties:
            place = resource.at("Properties", "Tags")
            assert place.value == TAGS, place.expected("the tags application and stack")
