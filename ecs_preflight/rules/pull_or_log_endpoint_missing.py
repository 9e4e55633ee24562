"""Private tasks lack a VPC endpoint that they need to start.

What it finds
    Tasks in a VPC of the stack that has VPC endpoints and no other way out, but not all the
    endpoints they use: ``ecr.api`` and ``ecr.dkr`` and the gateway for S3 for a private image,
    ``logs`` for awslogs, ``secretsmanager`` or ``ssm`` for secrets.

Why it matters
    The agent's calls time out, and the task does not start.

Fix
    Add the endpoints that the finding names.

When it stays silent
    A NAT, internet or transit gateway; no endpoint in sight; subnets that are not part of the
    stack.

References
    ECR vpc-endpoints, vpc-endpoints, task_cannot_pull_image
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..ecs.images import EcrImage, registry_of
from ..ecs.network import isolated
from ..ecs.secret_references import SecretReference
from ..ecs.task_secrets import secret_uses
from ..findings.finding import AnyOutcome, Fix, Phase, Severity
from ..findings.rule import Rule
from ..findings.wording import quoted
from ..model import Stack, TaskDefinition
from ..symbolic.values import literal, shown_value

FAILS_WITH = (
    "ResourceInitializationError: unable to pull secrets or registry auth: RequestError: send "
    "request failed caused by: context deadline exceeded. Please check your task network "
    "configuration."
)


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for launch in stack.launches:
        task, network = stack.task_of(launch), isolated(stack, launch)
        if task is None or network is None:
            continue
        missing = [
            service
            for service in dict.fromkeys(_used(stack, task))
            if service not in network.endpoints
        ]
        if missing:
            yield rule.finding(
                launch,
                f"The tasks of '{launch.address}' use {quoted(missing)}, for which VPC "
                f"'{shown_value(network.vpc)}' has no endpoint and no way out.",
                span=launch.network.span,
                phase=Phase.START,
                subject="endpoints",
                fails_with=FAILS_WITH,
                fix=Fix(f"Add VPC endpoints for {quoted(missing)} (s3 as a gateway)."),
            )


def _used(stack: Stack, task: TaskDefinition) -> Iterator[str]:
    for container in task.containers:
        if isinstance(registry_of(stack, container.image), EcrImage):
            yield from ("ecr.api", "ecr.dkr", "s3")
        if literal(container.log.driver) == "awslogs":
            yield "logs"
    for use in secret_uses(stack, task):
        if isinstance(use.target, SecretReference):
            yield use.target.store.value


RULE = Rule("ECS827", "pull-or-log-endpoint-missing", (Severity.WARNING,), __doc__, check)
