"""The execution role may not pull the image from its private ECR repository.

What it finds
    A task uses an image in a private ECR repository, and the execution role lacks
    ``ecr:GetAuthorizationToken`` on ``*``, or ``ecr:BatchGetImage`` or
    ``ecr:GetDownloadUrlForLayer`` on the repository. On EC2, where the role of none of the
    instances that the task is placed on may pull it either.

Why it matters
    The image is pulled with the execution role before anything of the task runs; on EC2 with the
    instance's, where the task has no execution role (ECS825).

Fix
    Attach AmazonECSTaskExecutionRolePolicy, or AmazonEC2ContainerRegistryPullOnly, to the execution
    role; or allow the three actions, the token on ``*``.

When it stays silent
    ``ecr:BatchCheckLayerAvailability`` is missing: pulling does not need it. The task runs on EC2
    or externally, and the instance's role may pull, or is not in the code. The role may pull, but
    the registry belongs to another account, whose policy must allow it too. The repository's own
    policy grants the role. The image is not known, and the role may not pull from every repository.

References
    ECR_on_ECS, task_execution_IAM_role, task_cannot_pull_image
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..ecs.agents import agent_uses_execution_role
from ..ecs.images import EcrImage, registry_of
from ..ecs.instances import hosts
from ..ecs.unknown_parts import unknown_containers, unknown_images
from ..findings.decide import authorization, outcome_of_either
from ..findings.finding import AnyOutcome, Phase, Severity
from ..findings.needs import Demand, Need, demands
from ..findings.rule import Rule
from ..model import Absent, Container, Principal, Role, Stack, TaskDefinition, runs_on_fargate
from ..symbolic.answers import No
from ..symbolic.records import replace
from ..symbolic.values import Known, Unknown, Value, join, shown_value
from ._needs import check_agent_needs, check_possible

PULL = ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
FAILS_WITH = (
    "CannotPullContainerError: The task can't pull the image. Check that the role has the "
    "permissions to pull images from the registry."
)


def needs(stack: Stack) -> Iterator[Need]:
    for task in stack.task_definitions:
        seen = set()
        for container in task.containers:
            image = registry_of(stack, container.image)
            if isinstance(image, EcrImage) and shown_value(image.repository) not in seen:
                seen.add(shown_value(image.repository))
                yield _need(stack, task, container, image)


def _need(stack: Stack, task: TaskDefinition, container: Container, image: EcrImage) -> Need:
    subject = shown_value(image.repository)
    need = _of_repository(
        task, container, image.repository, subject, agent_uses_execution_role(stack, task)
    )
    instances = hosts(stack, task) if isinstance(runs_on_fargate(stack, task), No) else ()
    if isinstance(instances, Unknown):
        return need
    roles = [stack.role_of(each.role) for each in instances if each.doubt is None]
    refused = [
        role for role in roles if isinstance(role, Role) and _may_not(stack, role, need.demands)
    ]
    if not refused or len(refused) < len(instances):
        return need
    names = " nor ".join(f"'{role.address}'" for role in dict.fromkeys(refused))
    return replace(
        need,
        doubt=None,
        purpose=f"{need.purpose}, which container instance role {names} may not do either",
    )


def _may_not(stack: Stack, role: Role, wanted: Iterable[Demand]) -> bool:
    return any(
        isinstance(authorization(stack, role, demand, Principal.INSTANCE), No) for demand in wanted
    )


def _of_instances(stack: Stack, task: TaskDefinition, need: Need) -> list[Need]:
    """The need of those who pull: of the instances' roles, where the task has no execution role."""
    instances = hosts(stack, task) if isinstance(stack.role_of(need.role), Absent) else ()
    if isinstance(instances, Unknown) or not isinstance(runs_on_fargate(stack, task), No):
        return [need]
    return [replace(need, role=each.role, principal=Principal.INSTANCE) for each in instances] or [
        need
    ]


def _unclear(task: TaskDefinition, container: Container, doubt: Unknown) -> Need:
    """An image that may come from any repository, or from elsewhere."""
    subject = join("image of ", container.name)
    any_repository = Unknown(doubt.reason, why=doubt.why, span=doubt.span)
    return _of_repository(task, container, any_repository, subject, doubt)


def _of_repository(
    task: TaskDefinition,
    container: Container,
    repository: Value,
    subject: Value | str,
    doubt: Unknown | None,
) -> Need:
    return Need(
        owner=task,
        task=task,
        principal=Principal.EXECUTION,
        role=task.execution_role,
        demands=(Demand("ecr:GetAuthorizationToken", Known("*")), *demands(PULL, repository)),
        because=container.image.span,
        origin=container.image,
        subject=subject,
        phase=Phase.START,
        purpose=f"pull image '{shown_value(container.image)}' of container "
        f"'{shown_value(container.name)}'",
        doubt=doubt,
        fails_with=FAILS_WITH,
    )


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for task, container, source in unknown_images(stack):
        if stack.judges(task):
            need = _unclear(task, container, source)
            needs = _of_instances(stack, task, need)
            yield outcome_of_either(rule, stack, needs, source) or rule.undecided(
                task, source, span=need.because, subject=need.subject
            )
    yield from check_possible(
        rule, stack, unknown_containers(stack), ("ecr:GetAuthorizationToken", *PULL)
    )
    yield from check_agent_needs(rule, stack)


RULE = Rule("ECS602", "image-not-pullable", (Severity.ERROR,), __doc__, check, needs)
