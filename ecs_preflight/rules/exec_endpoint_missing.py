"""ECS Exec is on in a VPC without a way to Systems Manager.

What it finds
    A service with Exec in subnets of a VPC of the stack that has VPC endpoints, but no
    ``ssmmessages`` one, and no NAT, internet or other gateway.

Why it matters
    The session agent cannot open its channels; the task itself runs.

Fix
    Add an interface endpoint for ``com.amazonaws.REGION.ssmmessages``.

When it stays silent
    No endpoint is in sight; a gateway or a module that could not be read may lead out; the subnets
    are not part of the stack.

References
    ecs-exec, vpc-endpoints
"""

from __future__ import annotations

from collections.abc import Iterable

from ..ecs.execs import exec_uses
from ..ecs.network import isolated
from ..findings.finding import AnyOutcome, Fix, Phase, Severity
from ..findings.rule import Rule
from ..model import Stack
from ..symbolic.values import shown_value
from ._messages import EXEC_FAILED


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for use in exec_uses(stack):
        network = isolated(stack, use.launch)
        if use.doubt is None and network and "ssmmessages" not in network.endpoints:
            yield rule.finding(
                use.launch,
                f"'{use.launch.address}' enables ECS Exec, but VPC "
                f"'{shown_value(network.vpc)}' has no endpoint for ssmmessages and no way out.",
                span=use.launch.exec_enabled.span,
                phase=Phase.EXEC,
                subject="ssmmessages endpoint",
                fails_with=EXEC_FAILED,
                fix=Fix("Add an interface endpoint for com.amazonaws.REGION.ssmmessages."),
            )


RULE = Rule("ECS705", "exec-endpoint-missing", (Severity.WARNING,), __doc__, check)
