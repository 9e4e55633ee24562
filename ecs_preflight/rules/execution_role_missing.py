"""The task definition names no execution role, and something in it needs one.

What it finds
    No execution role, although a task for Fargate pulls from private ECR or logs with ``awslogs``,
    or any task takes secrets, registry credentials, environment files, credential specifications, a
    FireLens configuration from S3 or FSx credentials; what Service Connect's proxy logs counts as
    a container's. A warning on Managed Instances (private ECR, awslogs) and external instances
    (awslogs).

Why it matters
    ECS refuses to register such a task definition, or the agent, which reads these with the
    execution role's credentials, finds none and fails to start it. A task role is no substitute.

Fix
    Name an execution role that trusts ``ecs-tasks.amazonaws.com`` and has
    AmazonECSTaskExecutionRolePolicy and what else the task needs.

When it stays silent
    An EC2 task without secrets: the container instance's role pulls and logs. A Fargate task with a
    public image, no awslogs and no secrets. A task whose launch type is not known.

References
    task_execution_IAM_role, private-auth, secrets-envvar-secrets-manager, amazon-ecs-agent
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..ecs.images import EcrImage, registry_of
from ..ecs.log_routers import s3_configuration
from ..ecs.log_sources import sources_of
from ..findings.finding import AnyOutcome, Fix, Phase, Severity
from ..findings.fixing.roles import execution_role
from ..findings.rule import Rule
from ..model import Container, Principal, Secret, Stack, TaskDefinition, lists
from ..symbolic.answers import Answer, No, Yes, is_absent
from ..symbolic.records import dataclass
from ..symbolic.source import Span
from ..symbolic.values import Unknown, literal, shown_value
from ._all_needs import needs_of
from .fargate_refuses_setting import for_fargate

FIX = "Give the task definition an execution role."
TERRAFORM = "execution_role_arn = aws_iam_role.execution.arn"
CLOUDFORMATION = "ExecutionRoleArn: !GetAtt ExecutionRole.Arn"


@dataclass(frozen=True)
class Reason:
    """Something that takes an execution role, what it says when there is none, and where."""

    what: str
    fails_with: str
    span: Span
    severity: Severity = Severity.ERROR


NO_CREDENTIALS = "{} resource: unable to find execution role credentials"
NO_ROLE_FOR_SECRETS = (
    "ClientException: When you are specifying container secrets, you must also specify a value for "
    "'executionRoleArn'."
)


def reasons(stack: Stack, task: TaskDefinition) -> Iterator[Reason]:
    """In order: what any launch type refuses, then what some do."""
    for container in task.containers:
        yield from _files(container)
    for volume in task.volumes:
        if volume.fsx is not None:
            yield Reason(
                f"FSx volume '{shown_value(volume.name)}'",
                NO_CREDENTIALS.format("fsxwindowsfileserver"),
                volume.fsx.span,
            )
    for source in sources_of(stack, task):
        for secret in source.log.secret_options:
            yield _secret(secret, source.title)
    fargate, managed, external = (
        for_fargate(stack, task),
        _only(task, "MANAGED_INSTANCES"),
        _only(task, "EXTERNAL"),
    )
    refused = (
        "ClientException: Fargate requires task definition to have execution role ARN to support {}"
        if fargate
        else ""
    )
    severity = Severity.ERROR if fargate else Severity.WARNING
    for container in task.containers:
        if (fargate or managed) and isinstance(registry_of(stack, container.image), EcrImage):
            yield Reason(
                f"the private ECR image of container '{shown_value(container.name)}'",
                refused.format("ECR images."),
                container.image.span,
                severity,
            )
    for source in sources_of(stack, task):
        if (fargate or managed or external) and literal(source.log.driver) == "awslogs":
            yield Reason(
                f"the awslogs driver of {source.title}",
                "" if source.is_proxy else refused.format("log driver awslogs."),
                source.log.driver.span,
                Severity.WARNING if source.is_proxy else severity,
            )


def _secret(secret: Secret, whose: str) -> Reason:
    what = f"secret '{shown_value(secret.name)}' of {whose}"
    return Reason(what, NO_ROLE_FOR_SECRETS, secret.span)


def _files(container: Container) -> Iterator[Reason]:
    """What the agent reads for the container with the execution role's credentials."""
    whose = f"container '{shown_value(container.name)}'"
    for secret in container.secrets:
        yield _secret(secret, whose)
    if isinstance(is_absent(container.registry_credentials), No):
        yield Reason(
            f"the registry credentials of {whose}",
            "ClientException: Private repository authentication requires that the task "
            "definition specify a value for executionRoleArn.",
            container.registry_credentials.span,
        )
    for file in container.environment_files:
        failure = NO_CREDENTIALS.format("environment file")
        yield Reason(f"an environment file of {whose}", failure, file.span)
    for spec in container.credential_specs:
        failure = NO_CREDENTIALS.format("credentialspec")
        yield Reason(f"the credential specification of {whose}", failure, spec.span)
    config = s3_configuration(container)
    if config is not None:
        yield Reason(f"the FireLens configuration of {whose}", "", config.span)


def _only(task: TaskDefinition, kind: str) -> bool:
    others = {"EC2", "FARGATE", "EXTERNAL", "MANAGED_INSTANCES"} - {kind}
    return isinstance(lists(task.compatibilities, kind), Yes) and all(
        isinstance(lists(task.compatibilities, other), No) for other in others
    )


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for task in stack.own_tasks:
        absent = _absent(task)
        found = list(reasons(stack, task))
        if not found or isinstance(absent, No):
            continue
        found.sort(key=lambda reason: reason.severity.rank)
        first = found[0]
        if isinstance(absent, Unknown):
            yield rule.undecided(task, absent, span=first.span, subject="execution role")
            continue
        what = list(dict.fromkeys(reason.what for reason in found))
        remainder = f" and {len(what) - 3} more" if len(what) > 3 else ""
        yield rule.finding(
            task,
            f"Task definition '{task.address}' has no execution role, which "
            f"{_listed(what[:3])}{remainder} {'need' if len(what) > 1 else 'needs'}.",
            span=first.span,
            phase=Phase.DEPLOY,
            subject="execution role",
            severity=first.severity,
            fails_with=first.fails_with,
            cause=f"'{task.address}' has no execution role",
            fix=Fix.of(
                stack,
                FIX,
                TERRAFORM,
                CLOUDFORMATION,
                draft=execution_role(stack, task, needs_of(stack, Principal.EXECUTION)),
            ),
        )


def _absent(task: TaskDefinition) -> Answer:
    return Yes() if literal(task.execution_role) == "" else is_absent(task.execution_role)


def _listed(what: list[str]) -> str:
    return ", ".join(what[:-1]) + " and " + what[-1] if len(what) > 1 else what[0]


RULE = Rule("ECS601", "execution-role-missing", (Severity.ERROR, Severity.WARNING), __doc__, check)
