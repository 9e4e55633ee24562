"""The registry login of a Fargate task hangs on a VPC condition that cannot hold.

What it finds
    ``ecr:GetAuthorizationToken`` is allowed only under ``aws:SourceVpc`` or ``aws:SourceVpce``, and
    a launch runs the task on a literal platform version below 1.4.0.

Why it matters
    On these versions the call goes through a network interface that AWS owns, not through the
    task's VPC: the key is never there, and the image cannot be pulled. From 1.4.0 on it goes
    through the task's own interface, as the pull itself does.

Fix
    Leave the platform version out, or allow ``ecr:GetAuthorizationToken`` in a statement without
    the condition.

When it stays silent
    Another statement allows it; ``IfExists`` and negated operators; platform
    versions that are LATEST or not written.

References
    task_execution_IAM_role
"""

from __future__ import annotations

import functools
from collections.abc import Iterable

from .. import iam
from ..ecs.execs import windows
from ..ecs.platforms import is_below
from ..ecs.policies import allows, covers_action, written_statements
from ..findings.finding import AnyOutcome, Fix, Phase, Severity
from ..findings.fixing.grants import granting
from ..findings.needs import Demand
from ..findings.rule import Rule
from ..iam.document import Statement
from ..model import Principal, Role, Stack, TaskDefinition
from ..symbolic.answers import Yes
from ..symbolic.values import Known
from .image_not_pullable import FAILS_WITH, needs

LOGIN = "ecr:GetAuthorizationToken"


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    seen = set()
    for need in needs(stack):
        role = stack.role_of(need.role)
        if (
            need.task is None
            or not isinstance(role, Role)
            or role.address in seen
            or not _on_old_platform(stack, need.task)
        ):
            continue
        seen.add(role.address)
        if isinstance(iam.authorize(stack, role, LOGIN, Known("*"), Principal.EXECUTION), Yes):
            continue
        for policy, statement in written_statements(role):
            if _login_from_vpc(statement):
                yield rule.finding(
                    need.task,
                    f"Execution role '{role.address}' may log in to ECR only from a VPC, but below "
                    "platform version 1.4.0 Fargate's login does not come from one.",
                    span=statement.conditions[0].span,
                    phase=Phase.START,
                    subject=f"{policy.attachment} {statement.title}",
                    fails_with=FAILS_WITH,
                    fix=Fix(
                        f"Allow '{LOGIN}' on '*' in a statement without the condition.",
                        draft=functools.partial(
                            granting, stack, role, (Demand(LOGIN, Known("*")),), need.origin
                        ),
                    ),
                )


def _on_old_platform(stack: Stack, task: TaskDefinition) -> bool:
    """From platform 1.4.0 on the login goes through the task's own network interface (facts A9)."""
    return any(
        is_below(launch.platform_version, windows(task))
        for launch in stack.launches_of.get(task.address, ())
    )


def _login_from_vpc(statement: Statement) -> bool:
    positive = [
        condition
        for condition in statement.conditions
        if condition.key.lower() in ("aws:sourcevpc", "aws:sourcevpce")
        and condition.operator.lower().rpartition(":")[2] in ("stringequals", "stringlike")
    ]
    return bool(
        allows(statement)
        and positive
        and any(covers_action(action, LOGIN) for action in statement.actions or ())
    )


RULE = Rule("ECS610", "registry-login-conditioned", (Severity.ERROR,), __doc__, check)
