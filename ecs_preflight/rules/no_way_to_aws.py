"""A Fargate task in a public subnet has no address, and so no way to AWS.

What it finds
    A Fargate launch in a subnet of the stack whose default route leads to an internet gateway,
    without a public address and without the VPC endpoints that starting the task takes.

Why it matters
    An internet gateway serves addresses of the internet alone: the agent cannot pull the image,
    read secrets or write logs, and the task does not start.

Fix
    Assign a public address, run the tasks in subnets behind a NAT gateway, or add the endpoints.

When it stays silent
    The subnet, its route table, or whether a public address is assigned is not known; any other
    route; the VPC has the endpoints.

References
    fargate-task-networking, task_cannot_pull_image
"""

from __future__ import annotations

from collections.abc import Iterable

from ..ecs.images import OtherImage, registry_of
from ..ecs.network import endpoints_of, public_without_address, used_services
from ..findings.finding import AnyOutcome, Fix, Phase, Severity
from ..findings.rule import Rule
from ..findings.wording import quoted
from ..model import Stack, TaskDefinition, launch_type, runs_on_fargate
from ..symbolic.answers import Yes
from ..symbolic.values import literal
from .pull_or_log_endpoint_missing import FAILS_WITH


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for launch in stack.launches:
        task = stack.task_of(launch)
        fargate = literal(launch_type(stack, launch)) == "FARGATE" or (
            task is not None and isinstance(runs_on_fargate(stack, task), Yes)
        )
        subnet = public_without_address(stack, launch) if task is not None and fargate else None
        if task is None or subnet is None:
            continue
        endpoints = endpoints_of(stack, subnet.vpc)
        if endpoints is None:
            continue
        missing = [name for name in used_services(stack, task) if name not in endpoints]
        if _pulls_from_internet(stack, task):
            missing.append("the image's registry")
        if missing:
            yield rule.finding(
                launch,
                f"The tasks of '{launch.address}' get no public address in subnet "
                f"'{subnet.address}', whose way out is an internet gateway, and cannot reach "
                f"{quoted(missing)}.",
                span=launch.network.span,
                phase=Phase.START,
                subject="public address",
                fails_with=FAILS_WITH,
                fix=Fix.of(
                    stack,
                    "Assign a public address, or use subnets behind a NAT gateway.",
                    "assign_public_ip = true",
                    "AssignPublicIp: ENABLED",
                ),
            )


def _pulls_from_internet(stack: Stack, task: TaskDefinition) -> bool:
    return any(isinstance(registry_of(stack, c.image), OtherImage) for c in task.containers)


RULE = Rule("ECS828", "no-way-to-aws", (Severity.WARNING,), __doc__, check)
