"""Container instances: launch templates and their like, and Auto Scaling groups."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from ..model import LaunchTemplate, ScalingGroup
from ..symbolic.values import Entries, Items, Known, Text, Value, expanded, join, shown_value
from . import identities
from .fields import base, field, is_null
from .patches import Fact
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
    )
