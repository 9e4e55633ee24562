"""Clusters, their capacity providers, and what these run on."""

from __future__ import annotations

from collections.abc import Iterator

from ..model import (
    CapacityProvider,
    Cluster,
    ExecConfiguration,
    Index,
    InstanceProfile,
    Resource,
    ScalingGroup,
    ServiceRole,
    ServiceRoleUse,
    Several,
)
from ..symbolic.records import replace
from ..symbolic.values import Entries, Known, Unknown, Value, Why
from . import identities
from .fields import base, block, field, is_null, maps, scalars
from .launches import service_role
from .patches import Fact, Patch
from .units import Declared


def cluster(declared: Declared) -> Iterator[Fact]:
    """``aws_ecs_cluster``, ``AWS::ECS::Cluster``."""
    body = declared.body
    yield Cluster(
        **base(declared),
        name=identities.CLUSTER.name_of(declared),
        arn=identities.CLUSTER.arn_of(declared),
        exec=_exec(field(body, "Configuration.ExecuteCommandConfiguration")),
        storage_key=field(
            body, "Configuration.ManagedStorageConfiguration.FargateEphemeralStorageKmsKeyId"
        ),
        volume_key=field(body, "Configuration.ManagedStorageConfiguration.KmsKeyId"),
        capacity_providers=scalars(field(body, "CapacityProviders")),
        default_strategy=_strategy(body),
        strategy=field(body, "DefaultCapacityProviderStrategy"),
        namespace=field(body, "ServiceConnectDefaults.Namespace"),
        raw=body,
    )


def _exec(value: Value) -> ExecConfiguration | None:
    written = block(value)
    if isinstance(written, Unknown):
        return ExecConfiguration(
            value.span,
            **dict.fromkeys(
                (
                    "logging",
                    "kms_key",
                    "has_log_configuration",
                    "log_group",
                    "log_group_encrypted",
                    "bucket",
                    "bucket_encrypted",
                    "key_prefix",
                ),
                written,
            ),
        )
    if not isinstance(written, Entries):
        return None
    log = field(written, "LogConfiguration")
    has_log = block(log)
    return ExecConfiguration(
        span=written.span,
        logging=field(written, "Logging"),
        kms_key=field(written, "KmsKeyId"),
        has_log_configuration=has_log
        if isinstance(has_log, Unknown)
        else Known(True if isinstance(has_log, Entries) else None, log.span),
        log_group=field(log, "CloudWatchLogGroupName"),
        log_group_encrypted=field(log, "CloudWatchEncryptionEnabled"),
        bucket=field(log, "S3BucketName"),
        bucket_encrypted=field(log, "S3EncryptionEnabled", "S3BucketEncryptionEnabled"),
        key_prefix=field(log, "S3KeyPrefix"),
    )


def _strategy(body: Value) -> Several[Value]:
    return maps(
        field(body, "DefaultCapacityProviderStrategy"), lambda item: field(item, "CapacityProvider")
    )


def cluster_capacity_providers(declared: Declared) -> Iterator[Fact]:
    """``aws_ecs_cluster_capacity_providers``, ``AWS::ECS::ClusterCapacityProviderAssociations``."""
    providers = scalars(field(declared.body, "CapacityProviders"))
    strategy = _strategy(declared.body)
    if declared.conditional is not None:
        providers = replace(providers, remainder=declared.conditional)
        strategy = replace(strategy, remainder=declared.conditional)
    written = field(declared.body, "DefaultCapacityProviderStrategy")
    yield Patch(
        Cluster,
        field(declared.body, "Cluster", "ClusterName"),
        lambda item: replace(
            item, capacity_providers=providers, default_strategy=strategy, strategy=written
        ),
        lambda item, reason: replace(
            item,
            capacity_providers=replace(item.capacity_providers, remainder=reason),
            default_strategy=replace(item.default_strategy, remainder=reason),
        ),
        declared.address,
        declared.span,
    )


def capacity_provider(declared: Declared) -> Iterator[Fact]:
    """A capacity provider; ``joined`` follows its Auto Scaling group and instance profile."""
    body = declared.body
    managed = field(body, "ManagedInstancesProvider")
    infrastructure = service_role(
        ServiceRole.MANAGED_INSTANCES, field(managed, "InfrastructureRoleArn")
    )
    profile = service_role(
        ServiceRole.INSTANCE_PROFILE,
        field(managed, "InstanceLaunchTemplate.Ec2InstanceProfileArn"),
    )
    yield CapacityProvider(
        **base(declared),
        name=identities.CAPACITY_PROVIDER.name_of(declared),
        arn=identities.CAPACITY_PROVIDER.arn_of(declared),
        service_roles=Several((*infrastructure, *profile)),
        managed_instances=isinstance(block(managed), Entries),
        launch_template=field(body, "AutoScalingGroupProvider.AutoScalingGroupArn"),
    )


def joined(resources: tuple[Resource, ...]) -> tuple[Resource, ...]:
    """The resources, with capacity providers led from their Auto Scaling group on to its launch
    template, and from their instance profile to its role."""
    index = Index(r for r in resources if isinstance(r, (ScalingGroup, InstanceProfile)))
    return tuple(_led_on(r, index) if isinstance(r, CapacityProvider) else r for r in resources)


def _led_on(provider: CapacityProvider, index: Index) -> CapacityProvider:
    template = provider.launch_template
    group = index.find(ScalingGroup, template)
    if group is not None:
        template = group.launch_template
    elif not is_null(template) and not isinstance(template, Unknown):
        template = Unknown(
            "the Auto Scaling group is managed elsewhere", why=Why.OUTSIDE, span=template.span
        )
    service_roles = tuple(_of_profile(use, index) for use in provider.service_roles)
    return replace(provider, launch_template=template, service_roles=Several(service_roles))


def _of_profile(use: ServiceRoleUse, index: Index) -> ServiceRoleUse:
    if use.service_role is not ServiceRole.INSTANCE_PROFILE or isinstance(use.role, Unknown):
        return use
    profile = index.find(InstanceProfile, use.role)
    outside = Unknown("the instance profile is managed elsewhere", why=Why.OUTSIDE, span=use.span)
    return replace(use, role=outside if profile is None else profile.role)
