"""Ways out of a VPC, and what container instances run on."""

from __future__ import annotations

import base64

import pytest
from declaring import INPUT, declared, read, stack

from ecs_preflight.cloudformation import resources as cloudformation
from ecs_preflight.model import CapacityProvider, LaunchTemplate, Route, SecurityGroup, ServiceRole
from ecs_preflight.symbolic.values import Known, Reference, Unknown, Value, Why

VPC = Reference("aws_vpc.main", "id")


def vpcs(*each) -> list[Value]:
    return [route.vpc for route in read(*each) if isinstance(route, Route)]


def test_a_nat_gateway_is_in_the_vpc_of_its_subnet() -> None:
    subnet = declared("aws_subnet", {"vpc_id": VPC}, "aws_subnet.a")
    assert vpcs(
        subnet, declared("aws_nat_gateway", {"subnet_id": Reference("aws_subnet.a", "id")})
    ) == [VPC]
    assert vpcs(declared("aws_nat_gateway", {"vpc_id": VPC})) == [VPC]


def test_a_route_leads_out_of_the_vpc_of_its_table() -> None:
    table = declared("aws_route_table", {"vpc_id": VPC}, "aws_route_table.t")
    assert vpcs(table) == []
    assert vpcs(
        table, declared("aws_route", {"route_table_id": Reference("aws_route_table.t", "id")})
    ) == [VPC]
    inline = declared("aws_route_table", {"vpc_id": VPC, "route": [{"cidr_block": "0.0.0.0/0"}]})
    assert vpcs(inline) == [VPC]
    assert vpcs(declared("aws_route_table", {"vpc_id": VPC, "route": INPUT})) == [VPC]


@pytest.mark.parametrize(
    "kind, body",
    [
        ("aws_nat_gateway", {"subnet_id": Reference("module.vpc.subnet", "id")}),
        ("aws_nat_gateway", {"subnet_id": INPUT}),
        ("aws_route", {"route_table_id": "rtb-1"}),
        ("aws_internet_gateway", {}),
        ("AWS::EC2::NatGateway", {"SubnetId": "subnet-1"}),
    ],
)
def test_a_way_out_whose_vpc_is_not_in_sight_is_somewhere(kind, body) -> None:
    (vpc,) = vpcs(declared(kind, body))
    assert isinstance(vpc, Unknown)


def test_a_capacity_provider_is_followed_to_its_launch_template() -> None:
    template = declared("AWS::EC2::LaunchTemplate", {"LaunchTemplateData": {}}, "Template")
    group = declared(
        "AWS::AutoScaling::AutoScalingGroup",
        {
            "MixedInstancesPolicy": {
                "LaunchTemplate": {
                    "LaunchTemplateSpecification": {
                        "LaunchTemplateId": cloudformation.ref(template)
                    }
                }
            }
        },
        "Group",
    )
    provider = declared(
        "AWS::ECS::CapacityProvider",
        {"AutoScalingGroupProvider": {"AutoScalingGroupArn": cloudformation.ref(group)}},
        "Provider",
    )
    found = stack(template, group, provider)
    (of_group,) = found.of(CapacityProvider)
    assert found.find(LaunchTemplate, of_group.launch_template) == found.of(LaunchTemplate)[0]
    assert not of_group.managed_instances
    (elsewhere,) = stack(provider).of(CapacityProvider)
    assert isinstance(elsewhere.launch_template, Unknown)
    assert elsewhere.launch_template.why is Why.OUTSIDE


def test_an_instance_profile_stands_for_its_role() -> None:
    provider = declared(
        "aws_ecs_capacity_provider",
        {
            "managed_instances_provider": [
                {"instance_launch_template": [{"ec2_instance_profile_arn": Reference("p", "arn")}]}
            ]
        },
    )

    def role(*each) -> Value:
        (found,) = (r for r in read(provider, *each) if isinstance(r, CapacityProvider))
        (use,) = found.service_roles
        assert found.managed_instances and use.service_role is ServiceRole.INSTANCE_PROFILE
        return use.role

    profile = declared("aws_iam_instance_profile", {"role": Reference("r", "name")}, "p")
    assert role(profile) == Reference("r", "name")
    assert isinstance(role(), Unknown)


SCRIPT = "#!/bin/bash\necho ECS_CLUSTER=main >> /etc/ecs/ecs.config\n"


@pytest.mark.parametrize(
    "kind, body",
    [
        ("aws_launch_template", {"user_data": base64.b64encode(SCRIPT.encode()).decode()}),
        ("aws_launch_configuration", {"user_data": SCRIPT}),
        ("aws_instance", {"user_data_base64": base64.b64encode(SCRIPT.encode()).decode()}),
        ("AWS::EC2::LaunchTemplate", {"LaunchTemplateData": {"UserData": SCRIPT}}),
    ],
)
def test_user_data_is_read_as_the_instance_reads_it(kind, body) -> None:
    (template,) = read(declared(kind, body))
    assert isinstance(template, LaunchTemplate) and template.user_data == Known(SCRIPT)


def test_a_group_that_is_attached_to_an_instance_is_one_of_its_own() -> None:
    instance = declared("aws_instance", {"vpc_security_group_ids": ["sg-1"]}, "i")
    attached = {"network_interface_id": Reference("i", "primary_network_interface_id")}
    more = declared("aws_network_interface_sg_attachment", attached | {"security_group_id": "sg-2"})
    (found,) = stack(instance, more).of(LaunchTemplate)
    assert found.network.security_groups.items == (Known("sg-1"), Known("sg-2"))
    unclear = declared(
        "aws_network_interface_sg_attachment",
        {"network_interface_id": INPUT, "security_group_id": "sg-2"},
    )
    (found,) = stack(instance, unclear).of(LaunchTemplate)
    assert found.network.security_groups.remainder is not None


def test_an_interface_that_stands_elsewhere_may_have_other_groups() -> None:
    interface = {"network_interface_id": "eni-1"}
    (found,) = read(declared("aws_launch_template", {"network_interfaces": [interface]}))
    assert isinstance(found, LaunchTemplate) and found.network.security_groups.remainder is not None


def test_user_data_that_is_no_text_stays_as_it_is() -> None:
    packed = base64.b64encode(b"\xff\xfe\x00").decode()
    for data in (Known(packed), INPUT):
        (template,) = read(declared("aws_instance", {"user_data": data}))
        assert isinstance(template, LaunchTemplate) and template.user_data == data


def test_a_rule_of_its_own_takes_the_rule_away_that_lets_everything_out() -> None:
    group = declared("AWS::EC2::SecurityGroup", {"GroupDescription": "g"}, "Group")
    written = {"GroupId": Reference("Group", "GroupId"), "IpProtocol": "tcp"}
    https = declared(
        "AWS::EC2::SecurityGroupEgress",
        written | {"FromPort": 443, "ToPort": 443, "CidrIp": "10.0.0.0/16"},
    )
    (alone,), (ruled,) = stack(group).of(SecurityGroup), stack(group, https).of(SecurityGroup)
    assert [rule.by_default for rule in alone.egress] == [True]
    assert [(rule.by_default, rule.private) for rule in ruled.egress] == [(False, True)]


@pytest.mark.parametrize(
    "where, private",
    [
        ({"cidr_blocks": ["10.0.0.0/16", "172.31.4.0/24"]}, True),
        ({"cidr_blocks": [Reference("aws_vpc.main", "cidr_block")]}, True),
        ({"cidr_blocks": ["10.0.0.0/16", "52.92.0.0/14"]}, False),
        ({"cidr_blocks": ["10.0.0.0/7"]}, False),
        ({"cidr_blocks": [INPUT]}, False),
        ({"cidr_blocks": INPUT}, False),
        ({"cidr_blocks": ["10.0.0.0/16"], "ipv6_cidr_blocks": ["::/0"]}, False),
        ({"cidr_blocks": ["10.0.0.0/16"], "prefix_list_ids": ["pl-1"]}, False),
        ({"security_groups": ["sg-1"]}, False),
    ],
)
def test_which_rules_are_for_private_addresses_alone(where, private) -> None:
    rule = {"protocol": "tcp", "from_port": 443, "to_port": 443} | where
    (group,) = read(declared("aws_security_group", {"egress": [rule]}))
    assert isinstance(group, SecurityGroup)
    assert [each.private for each in group.egress] == [private]
