"""Container instances and what deploys to them."""

from __future__ import annotations

from ..symbolic.records import dataclass
from ..symbolic.values import ABSENT, Value
from .common import Resource, Several
from .launches import Network, ServiceRoleUse


@dataclass(frozen=True, kw_only=True)
class LaunchTemplate(Resource):
    """A launch template, launch configuration or instance: ``user_data`` in plain text, ``image``
    the id of its AMI, the ``network`` of all its interfaces; of an instance also the subnets."""

    user_data: Value
    instance_profile: Value
    name: Value = ABSENT
    network: Network = Network()
    image: Value = ABSENT


@dataclass(frozen=True, kw_only=True)
class Image(Resource):
    """An AMI that is looked up: by patterns of its name, among those of the ``owners``."""

    patterns: Several[Value] = Several()
    owners: Several[Value] = Several()


@dataclass(frozen=True, kw_only=True)
class ScalingGroup(Resource):
    """An Auto Scaling group; ``launch_template`` names its template or launch configuration,
    ``subnets`` where it starts instances."""

    name: Value
    arn: Value
    launch_template: Value = ABSENT
    subnets: Several[Value] = Several()


@dataclass(frozen=True, kw_only=True)
class DeploymentGroup(Resource):
    """A CodeDeploy deployment group of an ECS service, or a pipeline with an action that deploys to
    one. ``services`` are the names of the services that CodeDeploy deploys, ``application`` the
    group's."""

    service_roles: Several[ServiceRoleUse] = Several()
    services: Several[Value] = Several()
    name: Value = ABSENT
    application: Value = ABSENT


@dataclass(frozen=True, kw_only=True)
class PipelineDeployment(Resource):
    """A pipeline's action that has CodeDeploy deploy an artifact; ``group`` names the deployment
    group of ``application``."""

    provider: Value
    application: Value
    group: Value


@dataclass(frozen=True, kw_only=True)
class RoleHolder(Resource):
    """Another resource that works for ECS under a role: a gateway, the activation by which external
    instances register."""

    service_roles: Several[ServiceRoleUse] = Several()
