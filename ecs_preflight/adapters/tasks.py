"""Task definitions: the usual ones, daemons', and an Express Mode service's implicit one."""

from __future__ import annotations

from collections.abc import Iterator

from ..model import (
    Container,
    EfsVolume,
    FsxVolume,
    Launch,
    Launcher,
    LogConfiguration,
    Network,
    Resource,
    S3FilesVolume,
    ServiceRole,
    ServiceRoleUse,
    Several,
    TaskDefinition,
    Volume,
)
from ..symbolic import arns
from ..symbolic.values import (
    ABSENT,
    Entries,
    Items,
    Known,
    Reference,
    Shape,
    Text,
    Unknown,
    Value,
    first,
    literal,
)
from .containers import container, containers
from .documents import json_value
from .fields import argument, base, block, field, is_null, maps, scalars
from .units import Declared


def task_definition(declared: Declared) -> Iterator[Resource]:
    """``aws_ecs_task_definition``, ``AWS::ECS::TaskDefinition``."""
    body = declared.body
    yield _task(declared, field(body, "RequiresCompatibilities"), field(body, "NetworkMode"))


def daemon_task_definition(declared: Declared) -> Iterator[Resource]:
    """A daemon's task definition: it runs on Managed Instances alone (facts D10)."""
    yield _task(declared, Items((Known("MANAGED_INSTANCES"),)), ABSENT, as_blocks=True)


def family(declared: Declared) -> Value:
    """A task definition's family; a hole where CloudFormation makes one up."""
    written = field(declared.body, "Family")
    return arns.hole(declared.address, "family", Shape.SEGMENT) if is_null(written) else written


def _task(
    declared: Declared, compatibilities: Value, network_mode: Value, *, as_blocks: bool = False
) -> TaskDefinition:
    body = declared.body
    definitions = field(body, "ContainerDefinitions", "ContainerDefinition")
    listed = json_value(definitions)
    return TaskDefinition(
        **base(declared),
        family=family(declared),
        task_role=field(body, "TaskRoleArn"),
        execution_role=field(body, "ExecutionRoleArn"),
        compatibilities=_names(compatibilities),
        network_mode=network_mode,
        pid_mode=field(body, "PidMode"),
        ipc_mode=field(body, "IpcMode"),
        operating_system=field(body, "RuntimePlatform.OperatingSystemFamily"),
        architecture=field(body, "RuntimePlatform.CpuArchitecture"),
        cpu=field(body, "Cpu"),
        memory=field(body, "Memory"),
        ephemeral_storage=field(body, "EphemeralStorage.SizeInGiB"),
        placement_constraints=maps(field(body, "PlacementConstraints"), lambda item: item),
        containers=containers(definitions, as_blocks=as_blocks),
        volumes=maps(field(body, "Volumes", "Volume"), _volume),
        proxy_type=_proxy_type(field(body, "ProxyConfiguration")),
        raw=body,
        depends_on=declared.depends_on,
        not_json=listed if isinstance(listed, Text) or literal(listed) is not None else ABSENT,
    )


def _names(value: Value) -> Items | Known | Unknown:
    """The list; an empty one is as if it were not written."""
    if isinstance(value, Unknown):
        return value
    if isinstance(value, Items) and (value.items or value.remainder is not None):
        return value
    listed = scalars(value)
    if not listed.items:
        return Known(None, value.span) if listed.remainder is None else listed.remainder
    return Items(listed.items, span=value.span)


def _proxy_type(value: Value) -> Value:
    """APPMESH is the default, and the only type there ever was."""
    kind = field(value, "Type")
    written = isinstance(block(value), Entries)
    return Known("APPMESH", value.span) if written and is_null(kind) else kind


def _volume(item: Entries) -> Volume:
    efs = field(item, "EfsVolumeConfiguration")
    fsx = field(item, "FsxWindowsFileServerVolumeConfiguration")
    s3_files = field(item, "S3FilesVolumeConfiguration")
    docker = field(item, "DockerVolumeConfiguration")
    return Volume(
        name=field(item, "Name"),
        span=item.span,
        host_path=field(item, "HostPath", "Host.SourcePath"),
        configured_at_launch=field(item, "ConfiguredAtLaunch", "ConfigureAtLaunch"),
        docker=block(docker),
        efs=None if _missing(efs) else _efs(efs),
        fsx=None
        if _missing(fsx)
        else FsxVolume(field(fsx, "AuthorizationConfig.CredentialsParameter"), fsx.span),
        s3_files=None
        if _missing(s3_files)
        else S3FilesVolume(field(s3_files, "FileSystemArn"), s3_files.span),
        kind=first(*(v for each in (efs, s3_files, fsx) if isinstance(v := block(each), Unknown))),
    )


def _missing(value: Value) -> bool:
    """No such configuration is written; what may or may not be there does not count as one."""
    return not isinstance(block(value), Entries)


def _efs(value: Value) -> EfsVolume:
    return EfsVolume(
        file_system=field(value, "FileSystemId"),
        root_directory=field(value, "RootDirectory"),
        transit_encryption=field(value, "TransitEncryption"),
        iam=field(value, "AuthorizationConfig.Iam"),
        access_point=field(value, "AuthorizationConfig.AccessPointId"),
        transit_port=field(value, "TransitEncryptionPort"),
        span=value.span,
    )


def express_service(declared: Declared) -> Iterator[Resource]:
    """An Express Mode service: a Fargate service with a task definition that ECS writes, unless it
    names one.

    It logs to CloudWatch unless told where, to a group that ECS creates (API
    CreateExpressGatewayService).
    """
    body = declared.body
    given = field(body, "TaskDefinitionArn")
    if is_null(given):
        yield TaskDefinition(
            **base(declared),
            family=arns.hole(declared.address, "task definition"),
            task_role=field(body, "TaskRoleArn"),
            execution_role=field(body, "ExecutionRoleArn"),
            compatibilities=Items((Known("FARGATE"),)),
            network_mode=Known("awsvpc"),
            containers=maps(
                field(body, "PrimaryContainer"), lambda entry: _express_container(declared, entry)
            ),
            implicit=True,
        )
    infrastructure = field(body, "InfrastructureRoleArn")
    yield Launch(
        **base(declared),
        launcher=Launcher.SERVICE,
        task_definition=Reference(declared.address, "task_definition_arn")
        if is_null(given)
        else given,
        cluster=field(body, "Cluster"),
        launch_type=Known("FARGATE"),
        network=Network(
            subnets=argument(body, "NetworkConfiguration.Subnets"),
            security_groups=argument(body, "NetworkConfiguration.SecurityGroups"),
            assign_public_ip=Unknown("Express Mode decides it by the subnets"),
            span=field(body, "NetworkConfiguration").span,
        ),
        service_roles=Several(
            (ServiceRoleUse(ServiceRole.EXPRESS_GATEWAY, infrastructure, infrastructure.span),)
        ),
        has_load_balancer=Known(True),
        depends_on=declared.depends_on,
    )


def _express_container(declared: Declared, entry: Entries) -> Container:
    written = container(entry)
    group = field(entry, "AwsLogsConfiguration.LogGroup")
    prefix = field(entry, "AwsLogsConfiguration.LogStreamPrefix")
    log = LogConfiguration(
        driver=Known("awslogs"),
        options=Entries(
            (
                (
                    "awslogs-group",
                    arns.hole(declared.address, "log group") if is_null(group) else group,
                ),
                ("awslogs-region", declared.target.region),
                ("awslogs-stream-prefix", Known("ecs") if is_null(prefix) else prefix),
            )
        ),
        span=field(entry, "AwsLogsConfiguration").span,
    )
    return Container(
        name=Known("Main", entry.span),
        image=written.image,
        span=entry.span,
        essential=Known(True),
        secrets=written.secrets,
        environment=written.environment,
        log=log,
        registry_credentials=written.registry_credentials,
        command=written.command,
        raw=entry,
    )
