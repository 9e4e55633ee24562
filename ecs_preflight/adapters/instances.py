"""Container instances: launch templates and their like, and Auto Scaling groups."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from ..model import LaunchTemplate, ScalingGroup
from ..symbolic.values import Entries, Items, Known, Value
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
        user_data=plain_user_data(field(body, "UserData", "UserDataBase64")),
        instance_profile=profile,
    )


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
