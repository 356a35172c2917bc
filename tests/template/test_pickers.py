"""In the console, what exists already is picked from a list."""

from tests.template.our_template import OurTemplate

PICKERS = {
    "CodeBucket": ("ALIYUN::OSS::Bucket::BucketName", None),
    "ApiGatewayId": ("ALIYUN::APIG::Gateway::GatewayId", None),
    "VpcId": ("ALIYUN::ECS::VPC::VPCId", None),
    "VSwitchId": ("ALIYUN::ECS::VSwitch::VSwitchId", "${VpcId}"),
    "SecurityGroupId": ("ALIYUN::ECS::SecurityGroup::SecurityGroupId", "${VpcId}"),
    "BrokerVpcId": ("ALIYUN::ECS::VPC::VPCId", None),
    "BrokerVSwitchId": ("ALIYUN::ECS::VSwitch::VSwitchId", "${BrokerVpcId}"),
    "BrokerSecurityGroupId": ("ALIYUN::ECS::SecurityGroup::SecurityGroupId", "${BrokerVpcId}"),
}


def test_what_exists_already_is_picked_from_a_list(template: OurTemplate) -> None:
    for name, (picker, vpc) in PICKERS.items():
        parameter = template.at("Parameters", name)
        assert parameter.at("AssociationProperty").value == picker, parameter.at("AssociationProperty").expected(picker)
        narrowed = parameter.at("AssociationPropertyMetadata", "VpcId")
        assert narrowed.value == vpc, narrowed.expected(vpc)
