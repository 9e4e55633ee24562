"""The facts of one deployment unit, in the words of ECS and IAM.

A front end fills a ``Stack``; rules ask it. Every class is frozen, every leaf is a ``Value`` with its
span, and what is absent is ``Known(None)``. Collections are ``Several``: its ``rest`` says that there
may be more in it than could be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Generic, TypeVar, Union

from .source import NOWHERE, Span
from .values import (
    ABSENT,
    Answer,
    Entries,
    Items,
    Known,
    No,
    Reference,
    Text,
    Unknown,
    Value,
    Why,
    Yes,
    expanded,
    is_absent,
    literal,
)

Item = TypeVar("Item")


@dataclass(frozen=True)
class Several(Generic[Item]):
    """A collection; ``rest`` is None when these are all, else why there may be more."""

    items: tuple[Item, ...] = ()
    rest: Unknown | None = None

    def __iter__(self) -> Iterator[Item]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


@dataclass(frozen=True, kw_only=True)
class Resource:
    """Anything with an address: ``module.api.aws_iam_role.exec[0]`` or a template's logical id.

    ``span`` is its whole block, ``type`` its type in its own language (``aws_iam_role``,
    ``AWS::IAM::Role``). ``conditional`` is None when it surely exists, else why it may not.
    ``label`` is what a person calls it beside the address (a CDK construct path), or "".
    """

    address: str
    type: str
    span: Span
    conditional: Unknown | None = None
    label: str = ""

    @property
    def names(self) -> tuple[Value, ...]:
        """What others may name it by, beside its address: its ARN and its name."""
        return getattr(self, "arn", ABSENT), getattr(self, "name", ABSENT)


# -- task definitions ------------------------------------------------------------------------------

@dataclass(frozen=True)
class Secret:
    """An item of ``secrets`` or ``secretOptions``: the variable's name and where its value comes from."""

    name: Value
    value_from: Value
    span: Span


@dataclass(frozen=True)
class LogConfiguration:
    """A container's or Service Connect's log configuration; ``driver`` is Known(None) without one."""

    driver: Value = ABSENT
    options: Entries | Unknown = Entries(())
    secret_options: Several[Secret] = Several()
    span: Span = NOWHERE

    def option(self, name: str) -> Value:
        return self.options.get(name) if isinstance(self.options, Entries) else self.options


@dataclass(frozen=True)
class Variable:
    """An item of ``environment``."""

    name: Value
    value: Value
    span: Span


@dataclass(frozen=True)
class MountPoint:
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
    #: Known(None) without FireLens; else its type, and its options (``config-file-type`` ...).
    firelens_type: Value = ABSENT
    firelens_options: Entries | Unknown = Entries(())
    credential_specs: Several[Value] = Several()
    raw: Value = ABSENT


@dataclass(frozen=True)
class EfsVolume:
    file_system: Value
    root_directory: Value
    transit_encryption: Value
    iam: Value
    access_point: Value
    span: Span


@dataclass(frozen=True)
class FsxVolume:
    """FSx for Windows: ``credentials`` is a Secrets Manager or SSM ARN."""

    credentials: Value
    span: Span


@dataclass(frozen=True)
class S3FilesVolume:
    file_system: Value
    span: Span


@dataclass(frozen=True)
class Volume:
    """A volume of a task definition. ``host_path`` and ``docker`` are Known(None) when not used."""

    name: Value
    span: Span
    host_path: Value = ABSENT
    docker: Value = ABSENT
    efs: EfsVolume | None = None
    fsx: FsxVolume | None = None
    s3_files: S3FilesVolume | None = None


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
    containers: Several[Container] = Several()
    volumes: Several[Volume] = Several()
    proxy_type: Value = ABSENT
    #: The ``container_definitions`` string where it is not JSON; Known(None) else.
    not_json: Value = ABSENT


# -- what starts a task ----------------------------------------------------------------------------

@dataclass(frozen=True)
class Network:
    subnets: Several[Value] = Several()
    security_groups: Several[Value] = Several()
    assign_public_ip: Value = ABSENT
    span: Span = NOWHERE


class Launcher(Enum):
    """What starts the task."""

    SERVICE = "service"
    TASK_SET = "task set"
    DAEMON = "daemon"
    EVENT_RULE = "EventBridge target"
    SCHEDULE = "EventBridge schedule"
    STATE_MACHINE = "Step Functions state"
    PIPE = "EventBridge pipe"
    RUN_TASK = "task run by Terraform"


class Helper(Enum):
    """A field that takes a role which is neither the task's nor its execution role's.

    The values are (what a person calls it, the service principal that must be able to assume it).
    """

    EBS_VOLUME = ("EBS volume infrastructure role", "ecs.amazonaws.com")
    SERVICE_CONNECT_TLS = ("Service Connect TLS role", "ecs.amazonaws.com")
    VPC_LATTICE = ("VPC Lattice infrastructure role", "ecs.amazonaws.com")
    LOAD_BALANCER = ("load balancer infrastructure role", "ecs.amazonaws.com")
    LIFECYCLE_HOOK = ("lifecycle hook role", "ecs.amazonaws.com")
    MANAGED_INSTANCES = ("Managed Instances infrastructure role", "ecs.amazonaws.com")
    EXPRESS_GATEWAY = ("Express Mode infrastructure role", "ecs.amazonaws.com")
    SERVICE = ("service role", "ecs.amazonaws.com")
    INSTANCE_PROFILE = ("container instance role", "ec2.amazonaws.com")
    EVENT_RULE = ("EventBridge target role", "events.amazonaws.com")
    SCHEDULE = ("EventBridge Scheduler role", "scheduler.amazonaws.com")
    PIPE = ("EventBridge Pipes role", "pipes.amazonaws.com")
    STATE_MACHINE = ("Step Functions role", "states.amazonaws.com")
    CODE_DEPLOY = ("CodeDeploy role", "codedeploy.amazonaws.com")

    @property
    def title(self) -> str:
        return self.value[0]

    @property
    def principal(self) -> str:
        return self.value[1]


@dataclass(frozen=True)
class HelperUse:
    """A role in a field that demands a certain service: ``role`` is the field's value.

    ``kms_key`` is the key that the helper must be able to use there (EBS, Service Connect TLS).
    """

    helper: Helper
    role: Value
    span: Span
    kms_key: Value = ABSENT


@dataclass(frozen=True, kw_only=True)
class Launch(Resource):
    """What starts a task definition: a service, a scheduled or event target, a state, a daemon.

    ``launcher_role`` is the role which calls ecs:RunTask (absent for services); the overrides replace
    the task definition's roles where they are not absent. ``depends_on`` holds the addresses that the
    code names explicitly (Terraform) or that are not asked about (None).
    """

    launcher: Launcher
    task_definition: Value = ABSENT
    cluster: Value = ABSENT
    exec_enabled: Value = ABSENT
    platform_version: Value = ABSENT
    launch_type: Value = ABSENT
    capacity_providers: Several[Value] = Several()
    network: Network = Network()
    launcher_role: Value = ABSENT
    task_role_override: Value = ABSENT
    execution_role_override: Value = ABSENT
    propagates_tags: Value = ABSENT
    helpers: Several[HelperUse] = Several()
    service_connect_log: LogConfiguration = LogConfiguration()
    has_load_balancer: Value = ABSENT
    depends_on: tuple[str, ...] | None = None


@dataclass(frozen=True)
class ExecConfiguration:
    """A cluster's ``executeCommandConfiguration``; its fields are Known(None) when not written."""

    span: Span
    logging: Value = ABSENT
    kms_key: Value = ABSENT
    has_log_configuration: Value = ABSENT
    log_group: Value = ABSENT
    log_group_encrypted: Value = ABSENT
    bucket: Value = ABSENT
    bucket_encrypted: Value = ABSENT
    key_prefix: Value = ABSENT


@dataclass(frozen=True, kw_only=True)
class Cluster(Resource):
    name: Value
    arn: Value = ABSENT
    exec: ExecConfiguration | None = None
    capacity_providers: Several[Value] = Several()
    default_strategy: Several[Value] = Several()


@dataclass(frozen=True, kw_only=True)
class CapacityProvider(Resource):
    """``launch_template`` is the one of its Auto Scaling group, where that could be followed."""

    name: Value
    arn: Value = ABSENT
    helpers: Several[HelperUse] = Several()
    managed_instances: bool = False
    launch_template: Value = ABSENT


# -- IAM -------------------------------------------------------------------------------------------

class Principal(Enum):
    """Who makes a call, which decides what request context it carries. The value is its title."""

    EXECUTION = "execution role"      # the ECS agent or Fargate, before the container runs
    TASK = "task role"                # what runs in the containers, the Exec agent among it
    LAUNCHER = "launcher role"        # EventBridge, Scheduler, Step Functions, Pipes
    DEPLOYER = "deployer role"        # CI, CodeDeploy, a function: whoever calls ECS
    INFRASTRUCTURE = "infrastructure role"
    INSTANCE = "container instance role"


class PolicyKind(Enum):
    INLINE = "inline policy"
    CUSTOMER = "customer managed policy"
    AWS = "AWS managed policy"


@dataclass(frozen=True)
class Policy:
    """A permission policy of a role.

    ``document`` is the parsed JSON (an Entries), a Known or Text that is not JSON (``encodes`` holds the
    fault), or Unknown; Known(None) for AWS managed policies, whose content is looked up by ``arn``.
    ``span`` is where the policy is written, ``attached`` where it is given to the role and by which resource (``attachment``).
    ``conditional`` says why it may not be attached. ``source`` tells the attaching form:
    ``inline_policy``, ``managed_policy_arns``, ``aws_iam_role_policy``, ``aws_iam_policy_attachment`` ...
    """

    kind: PolicyKind
    name: Value
    document: Value
    span: Span
    attached: Span
    attachment: str
    arn: Value = ABSENT
    conditional: Unknown | None = None
    source: str = ""


@dataclass(frozen=True)
class ExclusiveForm:
    """What claims to list all policies of a role: others are dropped on the next apply (facts L).

    ``source`` is ``inline_policy``, ``managed_policy_arns``, ``aws_iam_role_policies_exclusive`` or
    ``aws_iam_role_policy_attachments_exclusive``; ``members`` are names (inline) or ARNs.
    """

    source: str
    inline: bool
    members: Several[Value]
    attachment: str
    span: Span


@dataclass(frozen=True, kw_only=True)
class Role(Resource):
    """An IAM role. ``gaps`` says what of its policies could not be read: while there is one, the
    answer No becomes Unknown. ``assumed`` marks what a configuration file asserts of a role that
    stands elsewhere."""

    name: Value
    arn: Value
    path: Value = ABSENT
    trust: Value = ABSENT
    policies: tuple[Policy, ...] = ()
    boundary: Policy | None = None
    gaps: tuple[Unknown, ...] = ()
    exclusive: tuple[ExclusiveForm, ...] = ()

    @property
    def complete(self) -> bool:
        return not self.gaps


@dataclass(frozen=True, kw_only=True)
class StandalonePolicy(Resource):
    """A customer managed policy as such, attached or not."""

    name: Value
    document: Value
    arn: Value = ABSENT


@dataclass(frozen=True, kw_only=True)
class NamedRole(Resource):
    """A role that a data source looks up by name; it may be one of the stack's own."""

    name: Value


@dataclass(frozen=True, kw_only=True)
class InstanceProfile(Resource):
    name: Value
    role: Value
    arn: Value = ABSENT


@dataclass(frozen=True)
class External:
    """A role that is not in the stack: why, and the value that names it."""

    reason: Unknown
    value: Value


@dataclass(frozen=True)
class Absent:
    """No role is named."""


RoleLookup = Union[Role, External, Absent]


# -- what tasks need -------------------------------------------------------------------------------

@dataclass(frozen=True, kw_only=True)
class Protected(Resource):
    """A resource that tasks use and that may have a policy of its own.

    ``name`` is its name, ``arn`` its ARN as far as known, ``kms_key`` the key it is encrypted with,
    ``policy`` the document of its resource policy (Known(None) without one).
    """

    name: Value
    arn: Value
    kms_key: Value = ABSENT
    policy: Value = ABSENT


@dataclass(frozen=True, kw_only=True)
class StoredSecret(Protected):
    """A Secrets Manager secret."""


@dataclass(frozen=True, kw_only=True)
class Parameter(Protected):
    """An SSM parameter; ``kind`` is String, StringList or SecureString."""

    kind: Value = ABSENT


@dataclass(frozen=True, kw_only=True)
class LogGroup(Protected):
    """A CloudWatch log group; ``arn`` is without ``:*``."""


@dataclass(frozen=True, kw_only=True)
class Repository(Protected):
    """An ECR repository."""


@dataclass(frozen=True, kw_only=True)
class Bucket(Protected):
    """An S3 bucket."""


@dataclass(frozen=True, kw_only=True)
class Key(Protected):
    """A KMS key; ``aliases`` are the names and ARNs of the aliases that point at it."""

    aliases: Several[Value] = Several()

    @property
    def names(self) -> tuple[Value, ...]:
        return (*super().names, *self.aliases)


@dataclass(frozen=True, kw_only=True)
class FileSystem(Protected):
    """An EFS file system (``policy`` is its file system policy) or an S3 Files one."""

    linked_bucket: Value = ABSENT


@dataclass(frozen=True, kw_only=True)
class PullThroughCache(Resource):
    """An ECR pull-through cache rule."""

    prefix: Value


@dataclass(frozen=True, kw_only=True)
class RegistryPolicy(Resource):
    """The permissions policy of the account's private ECR registry."""

    document: Value


# -- network ---------------------------------------------------------------------------------------

@dataclass(frozen=True, kw_only=True)
class Endpoint(Resource):
    """A VPC endpoint: ``service`` is the service name, ``kind`` Interface, Gateway ..."""

    vpc: Value
    service: Value
    kind: Value
    private_dns: Value = ABSENT


@dataclass(frozen=True, kw_only=True)
class Subnet(Resource):
    vpc: Value
    public: Value = ABSENT


@dataclass(frozen=True, kw_only=True)
class Route(Resource):
    """A way out of a VPC: a NAT or internet gateway, a transit gateway, a peering, a VPN.

    ``vpc`` is the VPC it belongs to, or Unknown."""

    vpc: Value


# -- container instances and deployers -------------------------------------------------------------

@dataclass(frozen=True, kw_only=True)
class LaunchTemplate(Resource):
    """A launch template, launch configuration or instance: ``user_data`` in plain text."""

    user_data: Value
    instance_profile: Value
    name: Value = ABSENT


@dataclass(frozen=True, kw_only=True)
class ScalingGroup(Resource):
    """An Auto Scaling group; ``launch_template`` names its template or launch configuration."""

    name: Value
    arn: Value
    launch_template: Value = ABSENT


@dataclass(frozen=True, kw_only=True)
class DeploymentGroup(Resource):
    """A CodeDeploy deployment group of an ECS service."""

    helpers: Several[HelperUse] = Several()


@dataclass(frozen=True, kw_only=True)
class RoleUser(Resource):
    """What works under a role outside ECS: a function, a build project, a pipeline, a batch job.

    ``service`` is the principal that assumes the role (``lambda.amazonaws.com``)."""

    role: Value
    service: str


@dataclass(frozen=True)
class Attachment:
    """``aws_iam_policy_attachment``: exclusive for its policy in the whole account."""

    address: str
    policy_arn: Value
    span: Span


# -- the stack -------------------------------------------------------------------------------------

class Index:
    """Resources, to be found by what names them: their address, ARN or name (a key's aliases too)."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self._by_address: dict[str, list[Resource]] = {}
        self._by_identity: dict[Identity, list[Resource]] = {}
        for resource in resources:
            self._by_address.setdefault(resource.address, []).append(resource)
            for key in dict.fromkeys(identity(name) for name in resource.names):
                if key is not None:
                    self._by_identity.setdefault(key, []).append(resource)

    def all(self, kind: type[Item], value: Value) -> tuple[Item, ...]:
        """All of that class which ``value`` may name; those at an address it refers to come alone."""
        for address in addresses(value):
            found = tuple(r for r in self._by_address.get(address, ()) if isinstance(r, kind))
            if found:
                return found
        key = identity(value)
        named = self._by_identity.get(key, ()) if key is not None else ()
        return tuple(r for r in named if isinstance(r, kind))

    def find(self, kind: type[Item], value: Value) -> Item | None:
        """The first of them, or None when the value is unknown, absent, or names nothing here."""
        return next(iter(self.all(kind, value)), None)


Identity = tuple[Union[str, tuple[str]], ...]


def identity(value: Value) -> Identity | None:
    """What a text is made of, for comparison: literal parts, and holes by their symbols. None for
    what is absent, and where a hole has no symbol (it is equal to nothing)."""
    value = expanded(value)
    parts: list[str | tuple[str]] = []
    for part in value.parts if isinstance(value, Text) else (value,):
        if isinstance(part, str):
            parts.append(part)
        elif isinstance(part, Known) and part.value not in (None, ""):
            parts.append(literal(part) or "")
        elif isinstance(part, (Unknown, Reference)) and part.symbol:
            parts.append((part.symbol,))
        else:
            return None
    return tuple(parts)


class Language(Enum):
    TERRAFORM = "terraform"
    CLOUDFORMATION = "cloudformation"


@dataclass(frozen=True)
class ModuleCall:
    """Where a child module or nested stack is called."""

    address: str
    span: Span


@dataclass(frozen=True)
class Place:
    """The partition, Region and account a stack is deployed to, as far as known (see ``arns``)."""

    partition: Value
    region: Value
    account: Value


@dataclass(frozen=True)
class Stack:
    """One deployment unit in one world: a Terraform root with its modules, a plan, or a template
    with its nested local templates.

    ``resources`` holds every typed resource. ``unread`` is what could not be read of the stack as a
    whole (absent modules, broken files), for the coverage line. ``sides`` names the sides that named
    conditions take in this world. ``reusable`` marks a module judged alone, whose defaults decide
    nothing.
    """

    name: str
    language: Language
    place: Place
    resources: tuple[Resource, ...] = ()
    files: tuple[str, ...] = ()
    calls: Mapping[str, ModuleCall] = field(default_factory=dict)
    unread: tuple[Unknown, ...] = ()
    sides: tuple[tuple[str, bool], ...] = ()
    reusable: bool = False
    exclusive_attachments: tuple[Attachment, ...] = ()
    #: Addresses of resources that belong to other stacks of the scan: there to be looked up, not
    #: judged; findings about them are those stacks' own.
    foreign: frozenset[str] = frozenset()

    def of(self, kind: type[Item]) -> tuple[Item, ...]:
        """All resources of that class, in the order of the code."""
        return tuple(r for r in self.resources if isinstance(r, kind))

    @cached_property
    def task_definitions(self) -> tuple[TaskDefinition, ...]:
        return self.of(TaskDefinition)

    @cached_property
    def launches(self) -> tuple[Launch, ...]:
        return self.of(Launch)

    @cached_property
    def clusters(self) -> tuple[Cluster, ...]:
        return self.of(Cluster)

    @cached_property
    def roles(self) -> tuple[Role, ...]:
        return self.of(Role)

    @cached_property
    def _index(self) -> Index:
        return Index(self.resources)

    def find(self, kind: type[Item], value: Value) -> Item | None:
        """The resource of that class which ``value`` names: by reference, by ARN, or by name.

        None when the value is unknown, absent, or names nothing of the stack.
        """
        return self._index.find(kind, value)

    def role_of(self, value: Value) -> RoleLookup:
        """The role that a field's value names: a Role of the stack, External with the reason, or Absent."""
        if isinstance(is_absent(value), Yes) or literal(value) == "":
            return Absent()
        looked_up = self.find(NamedRole, value)
        role = (self.find(Role, value) or (looked_up and self.find(Role, looked_up.name))
                or self._role_by_literal(value))
        if role is not None:
            return role
        if isinstance(value, Unknown):
            return External(value, value)
        if isinstance(value, Reference):
            reason = Unknown(f"'{value.address}' is managed elsewhere", value.symbol, Why.OUTSIDE,
                             span=value.span)
            return External(reason, value)
        return External(Unknown("the role is not in the scanned code", _symbol(value), Why.OUTSIDE,
                                span=value.span), value)

    def _role_by_literal(self, value: Value) -> Role | None:
        """A role written as a literal ARN or path/name that agrees with one of the stack's roles."""
        named = role_name(value)
        if named is None:
            return None
        matches = [role for role in self.roles if role_name(role.arn) == named]
        return matches[0] if len(matches) == 1 else None

    @cached_property
    def launches_of(self) -> Mapping[str, tuple[Launch, ...]]:
        """The launches of each task definition, by its address."""
        found: dict[str, list[Launch]] = {task.address: [] for task in self.task_definitions}
        for launch in self.launches:
            task = self.task_of(launch)
            if task is not None:
                found[task.address].append(launch)
        return {address: tuple(launches) for address, launches in found.items()}

    def task_of(self, launch: Launch) -> TaskDefinition | None:
        """The task definition a launch starts: by reference, by ARN, or by ``family[:revision]``."""
        found = self.find(TaskDefinition, launch.task_definition)
        if found is not None:
            return found
        family = family_of(launch.task_definition)
        return next((task for task in self.task_definitions
                     if family is not None and literal(task.family) == family), None)

    @cached_property
    def unresolved_launches(self) -> tuple[Launch, ...]:
        """Launches whose task definition is not among the stack's."""
        return tuple(launch for launch in self.launches if self.task_of(launch) is None)

    def cluster_of(self, launch: Launch) -> Cluster | None:
        return self.find(Cluster, launch.cluster)

    @cached_property
    def uses(self) -> Mapping[str, tuple[tuple[TaskDefinition, str], ...]]:
        """Who uses each role, by its address: (task definition, "task" or "execution")."""
        found: dict[str, list[tuple[TaskDefinition, str]]] = {}
        for task in self.task_definitions:
            for value, use in ((task.task_role, "task"), (task.execution_role, "execution")):
                role = self.role_of(value)
                if isinstance(role, Role):
                    found.setdefault(role.address, []).append((task, use))
        return {address: tuple(uses) for address, uses in found.items()}


def addresses(value: Value) -> tuple[str, ...]:
    """The addresses a value refers to as a whole: a reference itself, or the reference that opens a
    text (``${aws_secretsmanager_secret.db.arn}:password::``)."""
    if isinstance(value, Reference):
        inner = addresses(value.text) if value.text is not None else ()
        return (value.address, *inner)
    if isinstance(value, Text) and isinstance(value.parts[0], Reference):
        return addresses(value.parts[0])
    return ()


def family_of(value: Value) -> str | None:
    """The family in a task definition's ARN, in ``family:revision`` or alone, where it is literal."""
    value = expanded(value)
    if isinstance(value, Known):
        parts: tuple[object, ...] = (f"{value.value}:",)
    else:
        parts = value.parts if isinstance(value, Text) else ()
    for part in parts:
        if isinstance(part, str) and "task-definition/" in part:
            part = part.rsplit("task-definition/", 1)[1]  # noqa: PLW2901 -- the rest of it
        elif part is not parts[0]:
            continue
        if isinstance(part, str) and ":" in part and not part.startswith("arn:"):
            return part.split(":", 1)[0]
    return None


def role_name(value: Value) -> str | None:
    """``path/name`` out of a role's ARN, where both are known; a bare name counts as under ``/``."""
    value = expanded(value)
    last = value.parts[-1] if isinstance(value, Text) else getattr(value, "value", None)
    if not isinstance(last, str):
        return None
    if ":role/" in last:
        return last.rsplit(":role/", 1)[1]
    return last if isinstance(value, Known) and ":" not in last and last else None


def _symbol(value: Value) -> str:
    wanted = expanded(value)
    return literal(wanted) or "".join(
        part if isinstance(part, str) else part.symbol for part in getattr(wanted, "parts", ()))


# -- questions about a task ------------------------------------------------------------------------

def lists(compatibilities: Value, name: str) -> Answer:
    """Does ``requires_compatibilities`` name that launch type?"""
    if isinstance(compatibilities, Items):
        if any(literal(item) == name for item in compatibilities):
            return Yes()
        unknown = next((i for i in compatibilities if literal(i) is None), compatibilities.rest)
        return No() if unknown is None else Unknown("'requires_compatibilities' is not known")
    return No() if isinstance(is_absent(compatibilities), Yes) else Unknown(
        "'requires_compatibilities' is not known", getattr(compatibilities, "symbol", ""))


def launch_type(stack: Stack, launch: Launch) -> Value:
    """The launch type a launch asks for: its own, or what its capacity providers imply; Known(None)
    when it leaves it open."""
    if not isinstance(is_absent(launch.launch_type), Yes):
        return launch.launch_type
    names = [literal(provider) for provider in launch.capacity_providers]
    if names and all(name in ("FARGATE", "FARGATE_SPOT") for name in names):
        return Known("FARGATE")
    if names or launch.capacity_providers.rest is not None:
        return Unknown("the capacity provider decides the launch type", why=Why.OUTSIDE)
    return ABSENT


def runs_on_fargate(stack: Stack, task: TaskDefinition) -> Answer:
    """Will this task run on Fargate? ``requires_compatibilities`` decides first, then the launches.

    A task definition that only lists FARGATE, or that something launches on Fargate, does; one that
    lists both is left to its launches; nothing in sight says nothing (facts N3).
    """
    fargate, ec2 = lists(task.compatibilities, "FARGATE"), lists(task.compatibilities, "EC2")
    others = [lists(task.compatibilities, name) for name in ("EXTERNAL", "MANAGED_INSTANCES")]
    if isinstance(fargate, Yes) and all(isinstance(other, No) for other in (ec2, *others)):
        return Yes()
    if isinstance(fargate, No) and not isinstance(is_absent(task.compatibilities), Yes):
        return No()
    types = [launch_type(stack, launch) for launch in stack.launches_of.get(task.address, ())]
    if any(literal(kind) == "FARGATE" for kind in types):
        return Yes()
    if types and all(literal(kind) in ("EC2", "EXTERNAL") for kind in types):
        return No()
    return Unknown("the launch type is not known", why=Why.INPUT)
