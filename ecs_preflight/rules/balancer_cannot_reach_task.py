"""A load balancer cannot reach the tasks behind it.

What it finds
    A service behind a load balancer whose tasks have security groups of the stack that let nothing
    in on the container's port, TCP or UDP as its port mapping says; or nothing on the port on which
    the target group checks their health, where that is another one. In the network modes bridge and
    host the same of the instances' security groups, and the port of the host: where Docker chooses
    one, none of the ports 32768 to 65535 is let in. A Network Load Balancer without security
    groups, where the tasks' let in other security groups alone.

Why it matters
    The health checks time out: the load balancer takes the tasks for unhealthy, and ECS replaces
    them without end.

Fix
    Let the load balancer's security group in on the container's port, or on the ports that Docker
    chooses from; check the health at a port that is let in.

When it stays silent
    A security group, or a rule of one, is not known; a group of which the code has no rule at all;
    a port, or its protocol, that is not known; instances that are not in the code, whose user data
    is not known, or has Docker take other ports.

References
    troubleshoot-service-load-balancers, VPC security-group-rules, API_PortMapping
"""

from __future__ import annotations

from collections.abc import Iterable

from ..ecs.balancing import ShutPort, shut_ports
from ..findings.finding import AnyOutcome, Fix, Phase, Severity
from ..findings.fixing import settings
from ..findings.fixing.opened_rules import reaching
from ..findings.fixing.ports import Opening, letting_through
from ..findings.rule import Rule
from ..model import Stack
from ..symbolic.answers import Yes, truth
from ..symbolic.values import shown_value

UNHEALTHY = (
    "(service ...) (port {port}) is unhealthy in target-group due to (reason Request timed out)"
)


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for launch in stack.launches:
        of_its_own = isinstance(truth(launch.network.written), Yes)
        for shut in shut_ports(stack, launch):
            named = "..." if shut.checked or shut.port.last else shut.port.number
            yield rule.finding(
                launch,
                _message(shut),
                span=launch.network.span if of_its_own else shut.target.span,
                phase=Phase.RUN,
                subject=f"port {shut.port.number}",
                related=(shut.evidence,),
                fails_with=UNHEALTHY.format(port=named),
                fix=_fix(stack, shut),
            )


def _message(shut: ShutPort) -> str:
    if shut.checked is not None:
        return (
            f"Target group '{shut.checked.address}' checks the health of the tasks on port "
            f"{shut.port.number}, on which '{shut.evidence.address}' lets nothing in."
        )
    return (
        f"The load balancer cannot reach port {shown_value(shut.target.port)} of container "
        f"'{shown_value(shut.target.container)}': {shut.evidence.message}"
    )


def _fix(stack: Stack, shut: ShutPort) -> Fix:
    address, port = shut.evidence.address, shut.port
    if shut.is_direct:
        return Fix(
            f"Let the addresses of the load balancer's subnets, and the clients', in on {port}; or "
            "give it a security group that is let in."
        )
    let_in = f"et the load balancer's security group in on {port}"
    if shut.checked is None:
        wanted = (str(port.number), str(port.last or port.number), port.protocol)
        draft = reaching(stack, address, wanted, shut.users)
        return Fix(f"L{let_in}.", draft=draft)
    if shut.published:
        opening = Opening(port.number, port.protocol, out=False, peers=shut.callers)
        return Fix(f"L{let_in} too.", draft=letting_through(stack, address, opening))
    return Fix(
        f"Check the health at the traffic port, or l{let_in} too.",
        draft=settings.setting(shut.checked.health_port.span, "traffic-port"),
    )


RULE = Rule("ECS829", "balancer-cannot-reach-task", (Severity.WARNING,), __doc__, check)
