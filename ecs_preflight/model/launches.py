"""What starts a task, and the clusters it runs on."""

from __future__ import annotations

from enum import Enum

from ..symbolic.records import dataclass, field
from ..symbolic.source import NOWHERE, Span
from ..symbolic.values import ABSENT, Unknown, Value, Why
from .common import Resource, Several
from .tasks import LogConfiguration


@dataclass(frozen=True)
class Network:
    """``written`` is true where a network configuration stands there at all."""

    subnets: Several[Value] = Several()
    security_groups: Several[Value] = Several()
    assign_public_ip: Value = ABSENT
    span: Span = NOWHERE
    written: Value = ABSENT


@dataclass(frozen=True)
class BalancerTarget:
    """An item of ``loadBalancers``: the container and its port that traffic goes to, by a target
    group or by a Classic Load Balancer's name."""

    container: Value
    port: Value
    span: Span
    target_group: Value = ABSENT
    classic: Value = ABSENT


@dataclass(frozen=True)
class LaunchVolume:
    """An item of ``volumeConfigurations``: what the launch makes of a volume of the task."""

    name: Value
    span: Span


class Launcher(Enum):
    """What starts the task."""

    SERVICE = "service"
    TASK_SET = "task set"
    DAEMON = "daemon"
    EVENT_RULE = "EventBridge target"
    SCHEDULE = "EventBridge schedule"
    STATE_MACHINE = "Step Functions state"
    PIPE = "EventBridge pipe"
    RUN_TASK = "single task run"
    REGISTRATION = "registration by a workflow"


class ServiceRole(Enum):
    """A field that takes a role which is neither the task's nor its execution role's.

    The values are (what a person calls it, the service principal that must be able to assume it, or
    "" where that is no service)."""

    EBS_VOLUME = ("EBS volume infrastructure role", "ecs.amazonaws.com")
    SERVICE_CONNECT_TLS = ("Service Connect TLS role", "ecs.amazonaws.com")
    VPC_LATTICE = ("VPC Lattice infrastructure role", "ecs.amazonaws.com")
    LOAD_BALANCER = ("load balancer infrastructure role", "ecs.amazonaws.com")
    LIFECYCLE_HOOK = ("lifecycle hook role", "ecs.amazonaws.com")
    MANAGED_INSTANCES = ("Managed Instances infrastructure role", "ecs.amazonaws.com")
    EXPRESS_GATEWAY = ("Express Mode infrastructure role", "ecs.amazonaws.com")
    GATEWAY = ("gateway infrastructure role", "ecs.amazonaws.com")
    EXTERNAL_INSTANCE = ("ECS Anywhere role", "ssm.amazonaws.com")
    SERVICE = ("service role", "ecs.amazonaws.com")
    INSTANCE_PROFILE = ("container instance role", "ec2.amazonaws.com")
    EVENT_RULE = ("EventBridge target role", "events.amazonaws.com")
    SCHEDULE = ("EventBridge Scheduler role", "scheduler.amazonaws.com")
    PIPE = ("EventBridge Pipes role", "pipes.amazonaws.com")
    STATE_MACHINE = ("Step Functions role", "states.amazonaws.com")
    CODE_DEPLOY = ("CodeDeploy role", "codedeploy.amazonaws.com")
    PIPELINE = ("CodePipeline role", "codepipeline.amazonaws.com")
    PIPELINE_ACTION = ("ECS deploy action's role", "")

    @property
    def title(self) -> str:
        """As a sentence names it."""
        return self.value[0]

    @property
    def principal(self) -> str:
        """The service that assumes it."""
        return self.value[1]


@dataclass(frozen=True)
class ServiceRoleUse:
    """A role in a field that demands a certain service: ``role`` is the field's value.

    ``kms_key`` is the key that the helper must be able to use there (EBS, Service Connect TLS),
    ``target`` the function it calls (a lifecycle hook's).
    """

    service_role: ServiceRole
    role: Value
    span: Span
    kms_key: Value = ABSENT
    target: Value = ABSENT


@dataclass(frozen=True, kw_only=True)
class Launch(Resource):
    """What starts a task definition: a service, a scheduled or event target, a state, a daemon.

    ``launcher_role`` is the role which calls ecs:RunTask (absent for services); the overrides
    replace the task definition's roles where they are not absent. ``depends_on`` holds the
    addresses that the code names explicitly (Terraform) or that are not asked about (None).
    ``name`` is a service's, ``deployer`` the role by which a workflow registers and starts it.
    ``awaited`` is the ``ecs:runTask.sync`` by which a Step Functions state waits for the task's
    end, else Known(None). ``sets_tags`` is true where the launcher itself gives the task tags;
    ``propagates_tags`` says whose tags ECS copies to it, ``managed_tags`` whether it adds its
    own. ``source`` is the name by which ``aws:SourceArn`` knows what assumes the launcher's role: a
    rule, a schedule's group, a state machine, a pipe; absent where it is not said.
    ``revised_elsewhere`` says why others may start other revisions than the code's."""

    launcher: Launcher
    name: Value = ABSENT
    task_definition: Value = ABSENT
    cluster: Value = ABSENT
    exec_enabled: Value = ABSENT
    platform_version: Value = ABSENT
    launch_type: Value = ABSENT
    capacity_providers: Several[Value] = Several()
    network: Network = Network()
    launcher_role: Value = ABSENT
    source: Value = ABSENT
    deployer: Value = ABSENT
    task_role_override: Value = ABSENT
    execution_role_override: Value = ABSENT
    #: The names of the containers whose settings it overrides.
    overridden: Several[Value] = Several()
    propagates_tags: Value = ABSENT
    sets_tags: Value = ABSENT
    managed_tags: Value = ABSENT
    service_roles: Several[ServiceRoleUse] = Several()
    service_connect_log: LogConfiguration = LogConfiguration()
    has_load_balancer: Value = ABSENT
    balancers: Several[BalancerTarget] = Several()
    volumes: Several[LaunchVolume] = Several()
    has_registry: Value = ABSENT
    depends_on: tuple[str, ...] | None = None
    awaited: Value = ABSENT
    #: Is Service Connect on?
    service_connect: Value = ABSENT
    revised_elsewhere: Unknown | None = None
    raw: Value = field(default=ABSENT, compare=False, repr=False)


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
    """A cluster; ``storage_key`` is the KMS key of its Fargate tasks' ephemeral storage,
    ``volume_key`` that of the EBS volumes which ECS manages."""

    name: Value
    arn: Value = ABSENT
    exec: ExecConfiguration | None = None
    storage_key: Value = ABSENT
    volume_key: Value = ABSENT
    capacity_providers: Several[Value] = Several()
    default_strategy: Several[Value] = Several()
    #: The same as written.
    strategy: Value = field(default=ABSENT, compare=False, repr=False)
    #: The namespace of its services' Service Connect.
    namespace: Value = ABSENT
    raw: Value = field(default=ABSENT, compare=False, repr=False)


@dataclass(frozen=True, kw_only=True)
class TargetGroup(Resource):
    """A load balancer's target group; its targets are ``instance`` where nothing is said.
    ``health_port`` is where it checks their health: at each one's own port where nothing is said;
    ``interval`` and ``timeout`` are how often and how long, in seconds. ``handed`` says who out of
    sight may have a listener lead to it, where the stack has none: None where nobody may."""

    arn: Value
    kind: Value = ABSENT
    protocol: Value = ABSENT
    health_port: Value = ABSENT
    interval: Value = ABSENT
    timeout: Value = ABSENT
    handed: Unknown | None = Unknown("nobody has looked who else names it", why=Why.OUTSIDE)


@dataclass(frozen=True, kw_only=True)
class DiscoveryService(Resource):
    """A service of Cloud Map, and the types of its DNS records."""

    records: Several[Value] = Several()


@dataclass(frozen=True, kw_only=True)
class Listener(Resource):
    """A load balancer's listener or a rule of one, and the target groups that it sends to.
    ``balancer`` is a listener's load balancer."""

    target_groups: Several[Value] = Several()
    balancer: Value = ABSENT


@dataclass(frozen=True, kw_only=True)
class LoadBalancer(Resource):
    """A load balancer: its type, and its security groups."""

    kind: Value = ABSENT
    security_groups: Value = ABSENT


@dataclass(frozen=True, kw_only=True)
class CapacityProvider(Resource):
    """``launch_template`` is the one of its Auto Scaling group, where that could be followed."""

    name: Value
    arn: Value = ABSENT
    service_roles: Several[ServiceRoleUse] = Several()
    managed_instances: bool = False
    launch_template: Value = ABSENT
