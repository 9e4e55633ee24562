"""Other services than ECS tasks may assume a task's role.

What it finds
    Further service principals (``ec2``, ``s3``, ``lambda`` ...) in the trust policy of a task or
    execution role, each named. A note where it is only ``ecs.amazonaws.com``.

Why it matters
    Whatever runs in those services can take the task's permissions.

Fix
    Leave only ``ecs-tasks.amazonaws.com``, and give the other service a role of its own.

When it stays silent
    The statement is conditioned; something in the stack uses the role for that service.

References
    task-iam-roles
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .. import iam
from ..ecs.policies import allows
from ..ecs.principals import SERVICES, TASKS, cleaned
from ..ecs.role_uses import RoleUse, role_uses
from ..ecs.service_roles import services_of_roles, services_of_trust
from ..findings.finding import AnyOutcome, Fix, Phase, Severity
from ..findings.fixing.trusts import distrusting
from ..findings.rule import Rule
from ..findings.wording import quoted
from ..model import Stack
from ..symbolic.answers import No
from ..symbolic.placeholders import is_filled_in
from ..symbolic.values import Value, literal


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for use in filter(lambda use: stack.owns(use.role), role_uses(stack)):
        # A trust that lacks ECS tasks altogether is wrong, not wide: another rule's finding.
        if isinstance(iam.assumable(stack, use.role, TASKS, use.principals[0]), No):
            continue
        used = services_of_roles(stack).get(use.role.address, ())
        shared = services_of_trust(stack, use.role)
        for statement, values in _others(use):
            surplus = [value for value in values if literal(value) not in used]
            for value in surplus:
                service = literal(value) or ""
                is_shared = shared is None or service in shared
                yield rule.finding(
                    use.role,
                    f"'{service}' may assume '{use.role.address}' too, the "
                    f"{' and '.join(p.value for p in use.principals)} of ECS tasks.",
                    span=value.span,
                    phase=Phase.RUN,
                    subject=service,
                    severity=Severity.NOTE if service == SERVICES else Severity.WARNING,
                    fix=Fix(
                        f"Give it a trust policy of its own, for '{TASKS}'."
                        if is_shared
                        else _words([s for v in values if (s := literal(v)) in used]),
                        draft=None if is_shared else distrusting(statement, value, surplus),
                    ),
                )


def _words(used: Sequence[str | None]) -> str:
    """What is to be done where the services ``used`` go on assuming the role."""
    named = quoted([TASKS, *(service for service in used if service)])
    return f"Leave only {named}{', or give the tasks a role of their own' if used else ''}."


def _others(use: RoleUse) -> Iterable[tuple[iam.Statement, list[Value]]]:
    """The services but for those of tasks, by the statement that trusts them without a
    condition."""
    for statement in iam.statements(use.role.trust).statements:
        if allows(statement) and statement.is_unconditional and statement.principals:
            yield (
                statement,
                [
                    named.value
                    for named in statement.principals.named
                    if named.kind == "Service"
                    and (service := literal(named.value))
                    and service != TASKS
                    and not cleaned(service)
                    and not is_filled_in(service)
                ],
            )


RULE = Rule(
    "ECS509",
    "trust-wider-than-needed",
    (Severity.WARNING, Severity.NOTE),
    __doc__,
    check,
    security="4.0",
)
