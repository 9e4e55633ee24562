"""A load balancer cannot reach the tasks behind it.

What it finds
    A service behind a load balancer whose tasks have security groups of the stack that let nothing
    in on the container's port.

Why it matters
    The health checks time out: the load balancer takes the tasks for unhealthy, and ECS replaces
    them without end.

Fix
    Let the load balancer's security group in on the container's port.

When it stays silent
    A security group, or a rule of one, is not known; a group of which the code has no rule at all;
    a port that is not known; a network mode other than awsvpc.

References
    troubleshoot-service-load-balancers, VPC security-group-rules
"""

from __future__ import annotations

from collections.abc import Iterable

from ..ecs.security_groups import lets_in
from ..ecs.settings import number
from ..findings.finding import AnyOutcome, Fix, Phase, Severity
from ..findings.rule import Rule
from ..model import Stack
from ..symbolic.answers import No
from ..symbolic.values import literal, shown_value

UNHEALTHY = (
    "(service ...) (port {port}) is unhealthy in target-group due to (reason Request timed out)"
)


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for launch in stack.launches:
        task = stack.task_of(launch)
        if task is None or literal(task.network_mode) != "awsvpc":
            continue
        for target in launch.balancers:
            port = number(target.port)
            if port is None:
                continue
            answer = lets_in(stack, launch.network.security_groups, port)
            if isinstance(answer, No):
                yield rule.finding(
                    launch,
                    f"The load balancer cannot reach port {port} of container "
                    f"'{shown_value(target.container)}': {answer.evidence[0].message}",
                    span=launch.network.span,
                    phase=Phase.RUN,
                    subject=f"port {port}",
                    related=answer.evidence[:1],
                    fails_with=UNHEALTHY.format(port=port),
                    fix=Fix(f"Let the load balancer's security group in on TCP port {port}."),
                )


RULE = Rule("ECS829", "balancer-cannot-reach-task", (Severity.WARNING,), __doc__, check)
