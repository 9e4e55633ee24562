"""Container definitions (API ContainerDefinition), in either language's spelling."""

from __future__ import annotations

from ..model import (
    Container,
    Dependency,
    LogConfiguration,
    MountPoint,
    PortMapping,
    Secret,
    Several,
    Variable,
)
from ..symbolic.values import Entries, Items, Known, Text, Unknown, Value, Why
from .documents import json_value
from .fields import block, exact, field, is_null, maps, scalars


def containers(definitions: Value, *, as_blocks: bool = False) -> Several[Container]:
    """All containers of ``container_definitions``, a list or a JSON string of one; ``as_blocks``
    where Terraform has blocks in their place, whose arguments the provider spells anew."""
    listed = json_value(definitions)
    listed = listed if as_blocks else exact(listed)
    if isinstance(listed, Entries) and isinstance(
        within := listed.get("containerDefinitions"), Items
    ):
        listed = within  # of a whole task definition, which is refused there
    if isinstance(listed, (Items, Unknown)) or is_null(listed):
        return maps(listed, container)
    reason = "the container definitions are not a list"
    if isinstance(listed, (Known, Text)):
        reason = "the container definitions are not JSON"
    return Several((), Unknown(reason, why=Why.UNREADABLE, span=definitions.span))


def container(definition: Entries) -> Container:
    """One element of ``containerDefinitions``; ``definition`` has the API's keys in any
    spelling."""
    return Container(
        name=field(definition, "name"),
        image=field(definition, "image"),
        span=definition.span,
        essential=field(definition, "essential"),
        secrets=secrets(field(definition, "secrets", "secret")),
        environment=maps(field(definition, "environment"), _variable),
        environment_files=maps(
            field(definition, "environmentFiles", "environmentFile"),
            lambda file: field(file, "value"),
        ),
        log=log_configuration(field(definition, "logConfiguration")),
        registry_credentials=_credentials(field(definition, "repositoryCredentials")),
        read_only_root=field(definition, "readonlyRootFilesystem"),
        mount_points=maps(field(definition, "mountPoints", "mountPoint"), _mount_point),
        init_process=field(definition, "linuxParameters.initProcessEnabled"),
        privileged=field(definition, "privileged"),
        user=field(definition, "user"),
        command=field(definition, "command"),
        depends_on=maps(field(definition, "dependsOn"), _dependency),
        ports=maps(field(definition, "portMappings", "portMapping"), _port),
        health_check=block(field(definition, "healthCheck")),
        volumes_from=maps(
            field(definition, "volumesFrom"), lambda item: field(item, "sourceContainer")
        ),
        firelens_type=_firelens_type(field(definition, "firelensConfiguration")),
        firelens_options=_options(field(definition, "firelensConfiguration.options")),
        credential_specs=scalars(field(definition, "credentialSpecs")),
        raw=definition,
    )


def _credentials(value: Value) -> Value:
    """``credentialsParameter``: a text wherever it is written, since ECS demands it there."""
    parameter, written = field(value, "credentialsParameter"), block(value)
    if isinstance(parameter, Unknown) and isinstance(written, Entries):
        is_there = any(name.casefold() == "credentialsparameter" for name, _ in written.entries)
        return Text((parameter,), parameter.span) if is_there else parameter
    return parameter


def secrets(value: Value) -> Several[Secret]:
    """``secrets`` or ``secretOptions``."""
    return maps(
        value, lambda item: Secret(field(item, "name"), field(item, "valueFrom"), item.span)
    )


def log_configuration(value: Value) -> LogConfiguration:
    """A container's or Service Connect's ``logConfiguration``."""
    written = block(value)
    if is_null(written):
        return LogConfiguration(span=value.span)
    return LogConfiguration(
        driver=field(written, "logDriver"),
        options=_options(field(written, "options")),
        secret_options=secrets(field(written, "secretOptions", "secretOption")),
        span=written.span,
    )


def _options(value: Value) -> Entries | Unknown:
    options = block(value)
    return options if isinstance(options, (Entries, Unknown)) else Entries((), span=value.span)


def _firelens_type(value: Value) -> Value:
    """Known(None) only without FireLens: a configuration must name its type."""
    kind = field(value, "type")
    if is_null(kind) and isinstance(block(value), Entries):
        return Unknown("FireLens is configured without a type", why=Why.FUNCTION, span=value.span)
    return kind


def _variable(item: Entries) -> Variable:
    # An empty value is a value here, so it is read as it stands.
    written = item.get_folded("value")
    return Variable(field(item, "name"), written, item.span)


def _mount_point(item: Entries) -> MountPoint:
    return MountPoint(
        field(item, "sourceVolume"),
        field(item, "containerPath"),
        field(item, "readOnly"),
        item.span,
    )


def _port(item: Entries) -> PortMapping:
    return PortMapping(
        field(item, "containerPort"),
        field(item, "hostPort"),
        field(item, "containerPortRange"),
        item.span,
        field(item, "name"),
        field(item, "protocol"),
    )


def _dependency(item: Entries) -> Dependency:
    return Dependency(field(item, "containerName"), field(item, "condition"))
