"""What running a task takes of whoever does it (facts H5, H6)."""

from __future__ import annotations

from ..adapters.fields import field
from ..adapters.tags import by_key
from ..findings.needs import Demand, demands
from ..model import (
    Absent,
    Cluster,
    Launch,
    Launcher,
    Role,
    ServiceRole,
    Stack,
    TaskDefinition,
)
from ..symbolic import arns
from ..symbolic.answers import Yes, is_absent
from ..symbolic.strings import pieces
from ..symbolic.terms import Name
from ..symbolic.values import (
    Entries,
    Known,
    Shape,
    Unknown,
    Value,
    Why,
    expanded,
    join,
    literal,
    shown_value,
)
from .principals import TASKS

#: The rule by which Step Functions learns that a task has ended (Step Functions guide, ecs-iam).
MANAGED_RULE = "StepFunctionsGetEventsForECSTaskRule"


def unknown_task(stack: Stack, launch: Launch) -> Unknown | None:
    """Why the task definition that the launch names is not known, or that it stands elsewhere."""
    named = launch.task_definition
    if isinstance(is_absent(named), Yes) or stack.task_of(launch) is not None:
        return None
    if isinstance(named, Unknown):
        return named
    return Unknown("the task definition is not in the code", why=Why.OUTSIDE, span=named.span)


def run_task_demand(stack: Stack, task: TaskDefinition, launch: Launch | None = None) -> Demand:
    """``ecs:RunTask`` on the revision that will be current, in the cluster of ``launch``."""
    return Demand(
        "ecs:RunTask",
        arns.task_definition(stack.target, task.family, arns.revision(task.address)),
        _in_cluster(stack, launch) if launch else (),
    )


def _in_cluster(stack: Stack, launch: Launch) -> tuple[tuple[str, Value], ...]:
    """``ecs:cluster`` of what a launch does, as far as it can be told: targets name their cluster
    by its ARN, others by that or by its name."""
    cluster = stack.find(Cluster, launch.cluster)
    if cluster is not None:
        return (("ecs:cluster", cluster.arn),)
    by_arn = launch.launcher in (
        Launcher.EVENT_RULE,
        Launcher.SCHEDULE,
        Launcher.PIPE,
    ) or shown_value(expanded(launch.cluster)).startswith("arn:")
    return (("ecs:cluster", launch.cluster),) if by_arn else ()


def _cluster_name(stack: Stack, launch: Launch) -> Value:
    cluster = stack.find(Cluster, launch.cluster)
    parts = pieces.arn_parts(launch.cluster)
    written = literal(parts[pieces.RESOURCE]) if parts else None
    if cluster is None and written and written.startswith("cluster/"):
        return Known(written.partition("/")[2])
    term = Name(f"{launch.address}.cluster")
    name = Unknown("the cluster is not known", term, shape=Shape.SEGMENT)
    return cluster.name if cluster else name


def pass_role_demands(
    stack: Stack, task: TaskDefinition, launch: Launch | None = None
) -> tuple[Demand, ...]:
    """``iam:PassRole`` on the task role and the execution role, as far as there are any."""
    return tuple(
        dict.fromkeys(
            (*pass_task_role(stack, task, launch), *pass_execution_role(stack, task, launch))
        )
    )


def pass_task_role(
    stack: Stack, task: TaskDefinition, launch: Launch | None = None
) -> tuple[Demand, ...]:
    """``iam:PassRole`` on the task role, if there is one."""
    return _passed(stack, _effective(launch.task_role_override if launch else None, task.task_role))


def pass_execution_role(
    stack: Stack, task: TaskDefinition, launch: Launch | None = None
) -> tuple[Demand, ...]:
    """``iam:PassRole`` on the execution role, if there is one."""
    return _passed(
        stack, _effective(launch.execution_role_override if launch else None, task.execution_role)
    )


def pass_volume_roles(stack: Stack, launch: Launch) -> tuple[Demand, ...]:
    """``iam:PassRole`` on the infrastructure roles of the volumes that the launch configures."""
    return tuple(
        demand
        for use in launch.service_roles
        if use.service_role is ServiceRole.EBS_VOLUME
        for demand in _passed(stack, use.role, use.service_role.principal)
    )


def tag_demand(stack: Stack, launch: Launch) -> Demand:
    """``ecs:TagResource`` on the task that the launcher tags as it starts it (DG
    supported-iam-actions-tagging)."""
    task = arns.hole(launch.address, "task", Shape.SEGMENT)
    resource = join("task/", _cluster_name(stack, launch), "/", task)
    context = (("ecs:CreateAction", Known("RunTask")), *_in_cluster(stack, launch))
    return Demand("ecs:TagResource", arns.arn(stack.target, "ecs", resource), context)


def tags_copied(stack: Stack, task: TaskDefinition) -> tuple[Demand, ...]:
    """``ecs:TagResource`` on a revision that is registered with the tags of this one, if it surely
    has some of its own (facts H16)."""
    tags = by_key(field(task.raw, "Tags"))
    if not isinstance(tags, Entries) or all(literal(value) is None for _, value in tags.entries):
        return ()
    revision = arns.task_definition(stack.target, task.family, arns.revision(task.address))
    context = (("ecs:CreateAction", Known("RegisterTaskDefinition")),)
    return (Demand("ecs:TagResource", revision, context),)


def _passed(stack: Stack, value: Value, service: str = TASKS) -> tuple[Demand, ...]:
    role = stack.role_of(value)
    if isinstance(role, Absent):
        return ()
    context = (("iam:PassedToService", Known(service)),)
    return (Demand("iam:PassRole", role.arn if isinstance(role, Role) else value, context),)


def managed_rule_demands(stack: Stack) -> tuple[Demand, ...]:
    """What a state machine's role needs for ``.sync``: Step Functions makes a rule with it when the
    state machine is created (Step Functions guide, ecs-iam)."""
    return demands(
        ("events:PutTargets", "events:PutRule", "events:DescribeRule"),
        arns.event_rule(stack.target, MANAGED_RULE),
    )


def task_control_demands(stack: Stack, launch: Launch) -> tuple[Demand, ...]:
    """What it needs to stop the task of a stopped execution, and to ask for the end of one whose
    event is lost (Step Functions guide, ecs-iam, connect-to-resource)."""
    return tuple(
        Demand(action, Known("*"), _in_cluster(stack, launch))
        for action in ("ecs:StopTask", "ecs:DescribeTasks")
    )


def _effective(override: Value | None, own: Value) -> Value:
    return own if override is None or isinstance(is_absent(override), Yes) else override
