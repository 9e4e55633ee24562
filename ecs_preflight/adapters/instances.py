"""Container instances: launch templates and their like, and Auto Scaling groups."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from ..model import Image, LaunchTemplate, Network, ScalingGroup, Several
from ..symbolic.records import replace
from ..symbolic.source import NOWHERE
from ..symbolic.values import (
    Entries,
    Items,
    Known,
    Text,
    Unknown,
    Value,
    Why,
    expanded,
    first,
    join,
    literal,
    shown_value,
)
from . import identities
from .fields import argument, base, field, is_null, maps, scalars
from .patches import Fact, Patch
from .units import Declared


def launch_template(declared: Declared) -> Iterator[Fact]:
    """A launch template (CloudFormation wraps its data), launch configuration or instance."""
    data = field(declared.body, "LaunchTemplateData")
    body = declared.body if is_null(data) else data
    profile = field(body, "IamInstanceProfile")
    if isinstance(profile, (Items, Entries)):
        profile = field(profile, "Arn", "Name")
    yield LaunchTemplate(
        **base(declared),
        name=identities.LAUNCH_TEMPLATE.name_of(declared),
        user_data=_start_up(declared, body),
        instance_profile=profile,
        network=_network(body),
        image=field(body, "ImageId", "Ami"),
    )


#: Where an instance, and where one of its network interfaces, names security groups.
_GROUPS = ("VpcSecurityGroupIds", "SecurityGroupIds", "SecurityGroups", "SecurityGroupNames")
_OF_INTERFACE = ("Groups", "SecurityGroups", "GroupSet")


def _network(body: Value) -> Network:
    """The security groups that the instance names, and those of its network interfaces; whether it
    is given a public address, and its subnet."""
    interfaces = field(body, "NetworkInterfaces", "NetworkInterface")
    of_them = maps(interfaces, _of_interface)
    named = [*(argument(body, name) for name in _GROUPS), *of_them]
    public = "AssociatePublicIpAddress"
    of_all, primary = field(body, public), interfaces
    if isinstance(interfaces, Items) and len(interfaces.items) > 1:
        primary = interfaces.items[0]
    return Network(
        subnets=argument(body, "SubnetId"),
        security_groups=Several(
            tuple(group for several in named for group in several),
            first(of_them.remainder, *(several.remainder for several in named)),
            next((several.span for several in named if several.items), NOWHERE),
        ),
        assign_public_ip=field(primary, public) if is_null(of_all) else of_all,
    )


def _of_interface(interface: Entries) -> Several[Value]:
    named = argument(interface, *_OF_INTERFACE)
    if is_null(field(interface, "NetworkInterfaceId")):
        return named
    there = Unknown("its network interface stands elsewhere", why=Why.OUTSIDE, span=interface.span)
    return replace(named, remainder=there)


def attached_group(declared: Declared) -> Iterator[Fact]:
    """A patch: the security group is one of the instance's."""

    def added(instance: LaunchTemplate, more: Several[Value]) -> LaunchTemplate:
        mine = instance.network.security_groups
        several = Several((*mine, *more), first(mine.remainder, more.remainder))
        return replace(instance, network=replace(instance.network, security_groups=several))

    written = Several((field(declared.body, "SecurityGroupId"),), declared.conditional)
    yield Patch(
        LaunchTemplate,
        field(declared.body, "NetworkInterfaceId"),
        lambda instance: added(instance, written),
        lambda instance, reason: added(instance, Several((), reason)),
        declared.address,
        declared.span,
    )


def _start_up(declared: Declared, body: Value) -> Value:
    """What the instance does when it starts: its user data, and what CloudFormation's ``cfn-init``
    does where that is what has it join a cluster."""
    user_data = plain_user_data(field(body, "UserData", "UserDataBase64"))
    commands = list(_texts(field(declared.body, "AWS::CloudFormation::Init")))
    joining = [text for text in commands if "ECS_CLUSTER" in shown_value(expanded(text))]
    return join(*joining) if joining else user_data


def _texts(value: Value) -> Iterator[Value]:
    """Every text in a structure; the variable of a command's environment that names the cluster as
    a shell has it."""
    if isinstance(value, Items):
        for item in value.items:
            yield from _texts(item)
    elif isinstance(value, Entries):
        for name, item in value.entries:
            yield from (join(f"{name}=", item, "\n"),) if name == "ECS_CLUSTER" else _texts(item)
    elif isinstance(value, (Known, Text)):
        yield value


def plain_user_data(value: Value) -> Value:
    """User data as the instance reads it: decoded where it was written in base64."""
    if isinstance(value, Known) and isinstance(value.value, str):
        try:
            return Known(base64.b64decode(value.value, validate=True).decode(), value.span)
        except ValueError:  # no base64, or not of a text
            return value
    return value


def scaling_group(declared: Declared) -> Iterator[Fact]:
    """An Auto Scaling group, wherever it names its launch template or configuration."""
    body = declared.body
    mixed = "MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification"
    template = field(
        body,
        "LaunchTemplate.Id",
        "LaunchTemplate.LaunchTemplateId",
        "LaunchTemplate.Name",
        "LaunchTemplate.LaunchTemplateName",
        f"{mixed}.LaunchTemplateId",
        f"{mixed}.LaunchTemplateName",
        "LaunchConfiguration",
        "LaunchConfigurationName",
    )
    yield ScalingGroup(
        **base(declared),
        name=identities.SCALING_GROUP.name_of(declared),
        arn=identities.SCALING_GROUP.arn_of(declared),
        launch_template=template,
        subnets=argument(body, "VpcZoneIdentifier"),
    )


def image(declared: Declared) -> Iterator[Fact]:
    """An AMI that Terraform looks up, and the patterns of its name."""

    def patterns(item: Entries) -> Several[Value]:
        is_name = literal(field(item, "Name")) == "name"
        return scalars(field(item, "Values")) if is_name else Several()

    found = maps(field(declared.body, "Filter"), patterns)
    yield Image(
        **base(declared),
        patterns=Several(
            tuple(value for several in found for value in several),
            first(found.remainder, *(several.remainder for several in found)),
        ),
        owners=scalars(field(declared.body, "Owners")),
    )
