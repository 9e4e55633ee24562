"""Private tasks lack a VPC endpoint that they need to start.

What it finds
    Tasks in a VPC of the stack that has VPC endpoints and no other way out, but not all the
    endpoints they use: ``ecr.api`` and ``ecr.dkr`` and the gateway for S3 for a private image,
    ``logs`` for awslogs, ``secretsmanager`` or ``ssm`` for secrets. An interface endpoint with
    private DNS off does not count. An image of a public registry, to which no endpoint leads.

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

from ..ecs.images import OtherImage, registry_of
from ..ecs.network import IsolatedNetwork, isolated, used_services
from ..findings.finding import AnyOutcome, Fix, Phase, Severity
from ..findings.rule import Rule
from ..findings.wording import quoted
from ..model import Launch, Stack, TaskDefinition
from ..symbolic.values import shown_value

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
        missing = [name for name in used_services(stack, task) if name not in network.endpoints]
        yield from _outside(rule, stack, launch, task, network)
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


def _outside(
    rule: Rule, stack: Stack, launch: Launch, task: TaskDefinition, network: IsolatedNetwork
) -> Iterator[AnyOutcome]:
    """Images that no endpoint leads to: public ECR's too."""
    for container in task.containers:
        if isinstance(registry_of(stack, container.image), OtherImage):
            yield rule.finding(
                launch,
                f"The tasks of '{launch.address}' pull image '{shown_value(container.image)}' from "
                f"the internet, to which VPC '{shown_value(network.vpc)}' has no way out.",
                span=launch.network.span,
                phase=Phase.START,
                subject=f"image of {shown_value(container.name)}",
                fails_with="CannotPullContainerError: request canceled while waiting for "
                "connection",
                fix=Fix("Copy the image to private ECR, or give the VPC a way out."),
            )


RULE = Rule("ECS827", "pull-or-log-endpoint-missing", (Severity.WARNING,), __doc__, check)
