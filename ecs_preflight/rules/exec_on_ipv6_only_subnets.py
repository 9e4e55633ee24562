"""ECS Exec is on in subnets that have IPv6 addresses alone.

What it finds
    A launch with Exec all of whose subnets are of the stack and IPv6-only.

Why it matters
    ECS Exec is not supported there: no session can be opened.

Fix
    Run the tasks in dual-stack subnets, or leave Exec off.

When it stays silent
    A subnet is not part of the stack, or has IPv4 addresses too.

References
    ecs-exec, fargate-task-networking
"""

from __future__ import annotations

from collections.abc import Iterable

from ..ecs.execs import exec_uses
from ..findings.finding import AnyOutcome, Fix, Phase, Severity
from ..findings.rule import Rule
from ..model import Stack, Subnet
from ..symbolic.answers import Yes, truth
from ._messages import EXEC_FAILED


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for use in exec_uses(stack):
        listed = use.launch.network.subnets
        subnets = [stack.find(Subnet, value) for value in listed]
        if use.doubt is not None or not subnets or listed.remainder is not None:
            continue
        if all(s is not None and isinstance(truth(s.ipv6_only), Yes) for s in subnets):
            yield rule.finding(
                use.launch,
                f"'{use.launch.address}' enables ECS Exec in subnets that have IPv6 addresses "
                "alone, where it is not supported.",
                span=use.launch.exec_enabled.span,
                phase=Phase.EXEC,
                subject="IPv6-only subnets",
                fails_with=EXEC_FAILED,
                fix=Fix("Run the tasks in dual-stack subnets, or leave Exec off."),
            )


RULE = Rule("ECS714", "exec-on-ipv6-only-subnets", (Severity.ERROR,), __doc__, check)
