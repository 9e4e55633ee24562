"""Task definitions and their containers."""

from __future__ import annotations

from ..symbolic.records import dataclass, field
from ..symbolic.source import NOWHERE, Span
from ..symbolic.values import ABSENT, Entries, Items, Known, Unknown, Value
from .common import Resource, Several


@dataclass(frozen=True)
class Secret:
    """An item of ``secrets`` or ``secretOptions``: the variable's name and where its value comes
    from."""

    name: Value
    value_from: Value
    span: Span


@dataclass(frozen=True)
class LogConfiguration:
    """A container's or Service Connect's log configuration; ``driver`` is Known(None) without
    one."""

    driver: Value = ABSENT
    options: Entries | Unknown = Entries(())
    secret_options: Several[Secret] = Several()
    span: Span = NOWHERE

    def option(self, name: str) -> Value:
        """The driver's option; Known(None) where it is left out, Unknown where the options are."""
        return self.options.get(name) if isinstance(self.options, Entries) else self.options


@dataclass(frozen=True)
class Variable:
    """An item of ``environment``."""

    name: Value
    value: Value
    span: Span


@dataclass(frozen=True)
class MountPoint:
    """Where a container mounts a volume of its task."""

    volume: Value
    container_path: Value
    read_only: Value
    span: Span


@dataclass(frozen=True)
class Dependency:
    """An item of ``dependsOn``: START, COMPLETE, SUCCESS or HEALTHY of another container."""

    container: Value
    condition: Value


@dataclass(frozen=True)
class PortMapping:
    """An item of ``portMappings``; ``range`` is a ``containerPortRange``, ``protocol`` TCP where it
    is absent."""

    container_port: Value
    host_port: Value
    range: Value
    span: Span
    name: Value = ABSENT
    protocol: Value = ABSENT


@dataclass(frozen=True)
class Container:
    """A container definition. ``raw`` is the whole definition, for what is not named here."""

    name: Value
    image: Value
    span: Span
    essential: Value = ABSENT
    secrets: Several[Secret] = Several()
    environment: Several[Variable] = Several()
    environment_files: Several[Value] = Several()
    log: LogConfiguration = LogConfiguration()
    registry_credentials: Value = ABSENT
    read_only_root: Value = ABSENT
    mount_points: Several[MountPoint] = Several()
    init_process: Value = ABSENT
    privileged: Value = ABSENT
    user: Value = ABSENT
    command: Value = ABSENT
    depends_on: Several[Dependency] = Several()
    ports: Several[PortMapping] = Several()
    health_check: Value = ABSENT
    volumes_from: Several[Value] = Several()
    #: Known(None) without FireLens; else its type, and its options (``config-file-type`` ...).
    firelens_type: Value = ABSENT
    firelens_options: Entries | Unknown = Entries(())
    credential_specs: Several[Value] = Several()
    raw: Value = ABSENT


@dataclass(frozen=True)
class EfsVolume:
    """A volume on EFS."""

    file_system: Value
    root_directory: Value
    transit_encryption: Value
    iam: Value
    access_point: Value
    span: Span
    transit_port: Value = ABSENT


@dataclass(frozen=True)
class FsxVolume:
    """FSx for Windows: ``credentials`` is a Secrets Manager or SSM ARN."""

    credentials: Value
    span: Span


@dataclass(frozen=True)
class S3FilesVolume:
    """A volume on S3 Files."""

    file_system: Value
    span: Span


@dataclass(frozen=True)
class Volume:
    """A volume of a task definition. ``host_path`` and ``docker`` are Known(None) when not used;
    ``kind`` says why it is not known whether it is one of the others."""

    name: Value
    span: Span
    host_path: Value = ABSENT
    docker: Value = ABSENT
    efs: EfsVolume | None = None
    fsx: FsxVolume | None = None
    s3_files: S3FilesVolume | None = None
    #: Does the launch say what it is?
    configured_at_launch: Value = ABSENT
    kind: Unknown | None = None


@dataclass(frozen=True, kw_only=True)
class TaskDefinition(Resource):
    """A task definition (or a daemon's, or an Express service's implicit one)."""

    family: Value
    task_role: Value = ABSENT
    execution_role: Value = ABSENT
    compatibilities: Items | Known | Unknown = ABSENT
    network_mode: Value = ABSENT
    pid_mode: Value = ABSENT
    ipc_mode: Value = ABSENT
    operating_system: Value = ABSENT
    architecture: Value = ABSENT
    cpu: Value = ABSENT
    memory: Value = ABSENT
    #: The size of a Fargate task's own storage, in GiB.
    ephemeral_storage: Value = ABSENT
    placement_constraints: Several[Value] = Several()
    containers: Several[Container] = Several()
    volumes: Several[Volume] = Several()
    proxy_type: Value = ABSENT
    #: Is it one that ECS writes, of which the code says only a part (Express Mode)?
    implicit: bool = False
    raw: Value = field(default=ABSENT, compare=False, repr=False)
    depends_on: tuple[str, ...] = ()
    #: The ``container_definitions`` string where it is not JSON; Known(None) else.
    not_json: Value = ABSENT
