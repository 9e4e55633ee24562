"""A container instance's role lacks what the ECS agent needs.

What it finds
    An instance that joins a cluster (its user data sets ``ECS_CLUSTER``, or a capacity provider
    uses it) whose role lacks the agent's own actions, or the pull permissions that EC2 tasks
    without an execution role depend on; a Managed Instances profile whose role lacks the agent's
    actions.

Why it matters
    The instance does not register, or its tasks do not start.

Fix
    Attach AmazonEC2ContainerServiceforEC2Role; for Managed Instances,
    AmazonECSInstanceRolePolicyForManagedInstances.

When it stays silent
    A profile that nothing ties to ECS. Undecided: a profile or role that is not part of the stack,
    user data that is not known where tasks may run on no other instances.

References
    instance_IAM_role, security-iam-roles
"""

from __future__ import annotations

from collections.abc import Iterator

from ..ecs.images import EcrImage, registry_of
from ..ecs.instances import (
    agent_demands,
    container_instances,
    managed_agent_demands,
    possible_instances,
    surely_runs,
)
from ..findings.finding import Phase, Severity
from ..findings.needs import Demand, Need, PartialMiss, demands
from ..findings.rule import Rule
from ..model import (
    Absent,
    CapacityProvider,
    LaunchTemplate,
    Principal,
    ServiceRole,
    Stack,
    runs_on_fargate,
)
from ..symbolic.answers import No
from ..symbolic.values import Known
from ._needs import check_needs
from .image_not_pullable import PULL


def needs(stack: Stack) -> Iterator[Need]:
    instances = container_instances(stack) or possible_instances(stack)
    alone = len({each.profile for each in instances}) == 1
    for each in instances:
        instance = each.template
        pulls = _pulls(stack, None if alone else instance)
        yield Need(
            owner=instance,
            principal=Principal.INSTANCE,
            role=each.role,
            doubt=each.doubt,
            demands=(*agent_demands(stack, instance), *pulls),
            because=instance.instance_profile.span,
            purpose="run the ECS agent" + (" and pull the tasks' images" if pulls else ""),
            subject="agent",
            phase=Phase.START,
            # The agent reports network interfaces alone by it.
            partial=PartialMiss(frozenset({"ecs:SubmitAttachmentStateChanges"}), Severity.WARNING),
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
                )


def _pulls(stack: Stack, instance: LaunchTemplate | None) -> tuple[Demand, ...]:
    """What EC2 tasks without an execution role ask of the instance; of one among several, those
    that surely run on it."""
    found = [
        image.repository
        for task in stack.task_definitions
        if isinstance(runs_on_fargate(stack, task), No)
        and isinstance(stack.role_of(task.execution_role), Absent)
        and (instance is None or surely_runs(stack, instance, task))
        for container in task.containers
        if isinstance(image := registry_of(stack, container.image), EcrImage)
    ]
    return (
        (
            Demand("ecr:GetAuthorizationToken", Known("*")),
            *(d for repository in found for d in demands(PULL, repository)),
        )
        if found
        else ()
    )


RULE = Rule(
    "ECS825",
    "instance-role-lacks-policy",
    (Severity.ERROR, Severity.WARNING),
    __doc__,
    check_needs,
    needs,
)
