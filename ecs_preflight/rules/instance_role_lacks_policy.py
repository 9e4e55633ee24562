"""A container instance's role lacks what the ECS agent needs.

What it finds
    An instance that joins a cluster (its user data sets ``ECS_CLUSTER``, or a capacity provider
    uses it) whose role lacks the agent's own actions, or those by which the agent pulls images,
    writes logs and creates log groups for EC2 tasks without an execution role; a Managed Instances
    profile whose role lacks the agent's actions. An Auto Scaling group's launch template or
    configuration that has ``ECS_CLUSTER`` set and no instance profile at all.

Why it matters
    The instance does not register, or its tasks do not start.

Fix
    Attach AmazonEC2ContainerServiceforEC2Role, which leaves out ``logs:CreateLogGroup``; for
    Managed Instances, AmazonECSInstanceRolePolicyForManagedInstances.

When it stays silent
    A profile that nothing ties to ECS; user data without a profile that may bring credentials of
    its own. Undecided: a profile or role that is not part of the stack,
    user data that is not known where tasks may run on no other instances.

References
    instance_IAM_role, security-iam-roles, using_awslogs
"""

from __future__ import annotations

from collections.abc import Iterator

from ..ecs.images import EcrImage, registry_of
from ..ecs.instances import (
    ContainerInstance,
    agent_demands,
    container_instances,
    hosts,
    managed_agent_demands,
    possible_instances,
    without_profile,
)
from ..ecs.log_sources import sources_of
from ..findings.finding import AnyOutcome, Fix, Phase, Severity
from ..findings.needs import Demand, Need, PartialMiss, demands
from ..findings.rule import Rule
from ..model import (
    Absent,
    CapacityProvider,
    Principal,
    ServiceRole,
    Stack,
    TaskDefinition,
    runs_on_fargate,
)
from ..symbolic.answers import No
from ..symbolic.values import Known, Unknown, literal
from . import log_group_not_creatable
from ._needs import check_needs
from .container_logs_not_writable import LOG, stream_of
from .image_not_pullable import PULL


def check(rule: Rule, stack: Stack) -> Iterator[AnyOutcome | None]:
    yield from check_needs(rule, stack)
    for template in without_profile(stack):
        yield rule.finding(
            template,
            f"The instances of '{template.address}' have no instance profile, and so no role by "
            "which the ECS agent could register them.",
            span=template.span,
            phase=Phase.START,
            subject="profile",
            fails_with="service was unable to place a task because no container instance met all "
            "of its requirements. Reason: No Container Instances were found in your cluster.",
            fix=Fix(
                "Give them an instance profile with a role that has "
                "AmazonEC2ContainerServiceforEC2Role."
            ),
        )


def needs(stack: Stack) -> Iterator[Need]:
    for each in container_instances(stack) or possible_instances(stack):
        instance = each.template
        of_tasks = [
            (purpose, demand)
            for task in stack.task_definitions
            if _leaves_it_to_instances(stack, task)
            and instance.address in _addresses(hosts(stack, task))
            for purpose, demand in _of_task(stack, task)
        ]
        yield Need(
            owner=instance,
            principal=Principal.INSTANCE,
            role=each.role,
            doubt=each.doubt,
            demands=(
                *agent_demands(stack, instance),
                *dict.fromkeys(demand for _, demand in of_tasks),
            ),
            because=instance.instance_profile.span,
            purpose=" and ".join(dict.fromkeys(("run the ECS agent", *(p for p, _ in of_tasks)))),
            subject="agent",
            phase=Phase.START,
            # The agent reports network interfaces alone by the one; by the other the tasks start,
            # and their logs are lost.
            partial=PartialMiss(
                frozenset({"ecs:SubmitAttachmentStateChanges", "logs:PutLogEvents"}),
                Severity.WARNING,
            ),
            managed="AmazonEC2ContainerServiceforEC2Role",
        )
    yield from _managed(stack)


def _managed(stack: Stack) -> Iterator[Need]:
    """The instances that a capacity provider for Managed Instances starts, with their profile."""
    for provider in stack.of(CapacityProvider):
        for use in provider.service_roles:
            if use.service_role is ServiceRole.INSTANCE_PROFILE:
                yield Need(
                    owner=provider,
                    principal=Principal.INSTANCE,
                    role=use.role,
                    demands=managed_agent_demands(stack, provider),
                    because=use.span,
                    purpose="run the ECS agent",
                    subject="agent",
                    phase=Phase.START,
                    managed="AmazonECSInstanceRolePolicyForManagedInstances",
                )


def _leaves_it_to_instances(stack: Stack, task: TaskDefinition) -> bool:
    """Has the task no execution role, and runs on EC2?"""
    return isinstance(stack.role_of(task.execution_role), Absent) and isinstance(
        runs_on_fargate(stack, task), No
    )


def _addresses(instances: tuple[ContainerInstance, ...] | Unknown) -> set[str]:
    known = () if isinstance(instances, Unknown) else instances
    return {each.template.address for each in known}


def _of_task(stack: Stack, task: TaskDefinition) -> Iterator[tuple[str, Demand]]:
    """What the agent does for such a task with the instance's role, and for what."""
    for container in task.containers:
        image = registry_of(stack, container.image)
        if isinstance(image, EcrImage):
            yield "pull the tasks' images", Demand("ecr:GetAuthorizationToken", Known("*"))
            for demand in demands(PULL, image.repository):
                yield "pull the tasks' images", demand
    for source in sources_of(stack, task):
        if literal(source.log.driver) == "awslogs":
            for demand in demands(LOG, stream_of(stack, source)):
                yield "write their logs", demand
    for need in log_group_not_creatable.RULE.needs_of(stack):
        if need.task is task and need.doubt is None and need.severity is Severity.ERROR:
            for demand in need.demands:
                yield "create their log groups", demand


RULE = Rule(
    "ECS825",
    "instance-role-lacks-policy",
    (Severity.ERROR, Severity.WARNING),
    __doc__,
    check,
    needs,
)
