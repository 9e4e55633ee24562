"""A load balancer cannot reach the tasks behind it.

What it finds
    A service behind a load balancer whose tasks have security groups of the stack that let nothing
    in on the container's port, TCP or UDP as its port mapping says.

Why it matters
    The health checks time out: the load balancer takes the tasks for unhealthy, and ECS replaces
    them without end.

Fix
    Let the load balancer's security group in on the container's port.

When it stays silent
    A security group, or a rule of one, is not known; a group of which the code has no rule at all;
    a port, or its protocol, that is not known; a network mode other than awsvpc.

References
    troubleshoot-service-load-balancers, VPC security-group-rules
"""

from __future__ import annotations

from collections.abc import Iterable

from ..ecs.launch_faults import mappings_of
from ..ecs.security_groups import Port, lets_in
from ..ecs.settings import number
from ..findings.finding import AnyOutcome, Fix, Phase, Severity
from ..findings.fixing.ports import reaching
from ..findings.rule import Rule
from ..model import BalancerTarget, PortMapping, Stack, TaskDefinition
from ..symbolic.answers import No, Yes, is_absent
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
            groups = launch.network.security_groups
            ports = _ports(task, target)
            answers = ((port, lets_in(stack, groups, port)) for port in ports)
            refused = [(port, answer) for port, answer in answers if isinstance(answer, No)]
            if refused and len(refused) == len(ports):
                port, answer = refused[0]
                yield rule.finding(
                    launch,
                    f"The load balancer cannot reach port {port.number} of container "
                    f"'{shown_value(target.container)}': {answer.evidence[0].message}",
                    span=launch.network.span,
                    phase=Phase.RUN,
                    subject=f"port {port.number}",
                    related=answer.evidence[:1],
                    fails_with=UNHEALTHY.format(port=port.number),
                    fix=Fix(
                        f"Let the load balancer's security group in on {port}.",
                        draft=reaching(
                            stack, answer.evidence[0].address, port.number, port.protocol
                        ),
                    ),
                )


def _ports(task: TaskDefinition, target: BalancerTarget) -> list[Port]:
    """The ports that the load balancer may lead to, by the protocols of the container's mappings;
    none where one of them is not known."""
    port, named = number(target.port), literal(target.container)
    container = next((c for c in task.containers if literal(c.name) == named), None)
    open_end = task.containers.remainder if container is None else container.ports.remainder
    if port is None or open_end is not None:
        return []
    mappings = () if container is None else mappings_of(container, port)
    protocols = dict.fromkeys(map(_protocol, mappings)) or {"tcp": None}
    known = [Port(port, protocol) for protocol in protocols if protocol in ("tcp", "udp")]
    return known if len(known) == len(protocols) else []


def _protocol(mapping: PortMapping) -> str | None:
    absent = isinstance(is_absent(mapping.protocol), Yes)
    return "tcp" if absent else literal(mapping.protocol)


RULE = Rule("ECS829", "balancer-cannot-reach-task", (Severity.WARNING,), __doc__, check)
