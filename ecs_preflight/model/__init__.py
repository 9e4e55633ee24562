"""The facts of one deployment unit, in the words of ECS and IAM.

A front end fills a ``Stack``; rules ask it. Every class is frozen, every leaf is a ``Value`` with
its span, and what is absent is ``Known(None)``. Collections are ``Several``: its ``remainder`` says
that there may be more in it than could be read."""

from __future__ import annotations

from ..symbolic.target import Target
from .common import Item, Resource, Several
from .fargate import launch_type, lists, runs_on_fargate
from .instances import DeploymentGroup, LaunchTemplate, ScalingGroup
from .launches import (
    CapacityProvider,
    Cluster,
    ExecConfiguration,
    Launch,
    Launcher,
    Network,
    ServiceRole,
    ServiceRoleUse,
)
from .naming import Identity, Index, addresses, family_of, identity, role_name
from .network import Endpoint, Route, Subnet
from .protected import (
    Bucket,
    FileSystem,
    Key,
    LogGroup,
    Protected,
    PullThroughCache,
    RegistryPolicy,
    Repository,
    StoredParameter,
    StoredSecret,
)
from .roles import (
    Absent,
    Attachment,
    ExclusiveForm,
    External,
    InstanceProfile,
    NamedRole,
    Policy,
    PolicyKind,
    Principal,
    Role,
    RoleLookup,
    RoleUser,
    StandalonePolicy,
)
from .stack import Language, ModuleCall, Stack
from .tasks import (
    Container,
    Dependency,
    EfsVolume,
    FsxVolume,
    LogConfiguration,
    MountPoint,
    S3FilesVolume,
    Secret,
    TaskDefinition,
    Variable,
    Volume,
)

__all__ = [
    "Absent",
    "Attachment",
    "Bucket",
    "CapacityProvider",
    "Cluster",
    "Container",
    "Dependency",
    "DeploymentGroup",
    "EfsVolume",
    "Endpoint",
    "ExclusiveForm",
    "ExecConfiguration",
    "External",
    "FileSystem",
    "FsxVolume",
    "Identity",
    "Index",
    "InstanceProfile",
    "Item",
    "Key",
    "Language",
    "Launch",
    "LaunchTemplate",
    "Launcher",
    "LogConfiguration",
    "LogGroup",
    "ModuleCall",
    "MountPoint",
    "NamedRole",
    "Network",
    "Policy",
    "PolicyKind",
    "Principal",
    "Protected",
    "PullThroughCache",
    "RegistryPolicy",
    "Repository",
    "Resource",
    "Role",
    "RoleLookup",
    "RoleUser",
    "Route",
    "S3FilesVolume",
    "ScalingGroup",
    "Secret",
    "ServiceRole",
    "ServiceRoleUse",
    "Several",
    "Stack",
    "StandalonePolicy",
    "StoredParameter",
    "StoredSecret",
    "Subnet",
    "Target",
    "TaskDefinition",
    "Variable",
    "Volume",
    "addresses",
    "family_of",
    "identity",
    "launch_type",
    "lists",
    "role_name",
    "runs_on_fargate",
]
