"""A role may pass any role of the account to any service.

What it finds
    ``iam:PassRole`` on ``*`` without ``iam:PassedToService``, on a task role, a launcher's role, or
    a role that deploys to ECS. Named as an escalation where the task role may also run or register
    tasks.

Why it matters
    Whoever may pass every role, and start something with it, has what the strongest role has.

Fix
    Name the roles, and add ``iam:PassedToService`` ``ecs-tasks.amazonaws.com``.

When it stays silent
    A condition on the statement; AWS managed policies, which condition it.

References
    id_roles_use_passrole, security-iam-bestpractices
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..ecs.deployers import passed_to, passing_calls
from ..ecs.policies import allows, covers_action, is_everything, written_statements
from ..ecs.principals import TASKS
from ..ecs.role_uses import role_uses
from ..findings.finding import AnyOutcome, Fix, Phase, Severity
from ..findings.fixing.conditions import conditioned, set_apart
from ..findings.rule import Rule
from ..findings.wording import quoted
from ..iam.document import Statement
from ..model import Principal, Role, Stack
from ..symbolic.records import replace
from ..symbolic.values import literal

TERRAFORM = """condition {
  test     = "StringEquals"
  variable = "iam:PassedToService"
  values   = ["ecs-tasks.amazonaws.com"]
}"""
CLOUDFORMATION = "Condition:\n  StringEquals:\n    iam:PassedToService: ecs-tasks.amazonaws.com"


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    tasks = {u.role.address for u in role_uses(stack) if Principal.TASK in u.principals}
    launchers = {
        role.address
        for launch in stack.launches
        if isinstance(role := stack.role_of(launch.launcher_role), Role)
    }
    for role in stack.principals:
        deployer = passing_calls(role)
        if role.address not in tasks | launchers and not deployer:
            continue
        for statement in _unbounded(role):
            escalates = role.address in tasks and deployer
            yield rule.finding(
                role,
                f"{role.noun} '{role.address}' may pass any role to any service"
                + (
                    ", and run tasks with it: its tasks can take every role of the account."
                    if escalates
                    else "."
                ),
                span=(statement.resources or statement).span,
                phase=Phase.RUN,
                subject=statement.title,
                fix=_fix(stack, role, statement),
            )


def _fix(stack: Stack, role: Role, statement: Statement) -> Fix:
    services, key = passed_to(role) or (), "iam:PassedToService"
    to = "ECS tasks alone" if services == (TASKS,) else f"{quoted(services)} alone"
    if _is_alone(statement):
        plainly = "Name the roles and the service they are passed to."
        summary = f"Pass them to {to}, and name the roles:"
        draft = conditioned(statement.span, key, services, summary)
    else:
        plainly = (
            "Give 'iam:PassRole' a statement of its own, which names the roles and the service "
            "they are passed to: the condition would take the other actions of this one away."
        )
        summary = f"Give 'iam:PassRole' a statement of its own, for {to}, and name the roles:"
        draft = set_apart(statement, "iam:PassRole", key, services, summary)
    fix = Fix.of(stack, plainly, TERRAFORM, CLOUDFORMATION)
    return replace(fix, draft=draft) if services else fix


def _is_alone(statement: Statement) -> bool:
    return all((literal(a) or "").lower().startswith("iam:pass") for a in statement.actions or ())


def _unbounded(role: Role) -> Iterator[Statement]:
    for _, statement in written_statements(role):
        named = [
            action
            for action in statement.actions or ()
            if literal(action) != "*" and covers_action(action, "iam:PassRole")
        ]
        if (
            named
            and allows(statement)
            and statement.is_unconditional
            and statement.resources
            and is_everything(statement.resources.items)
        ):
            yield statement


RULE = Rule("ECS822", "pass-role-unbounded", (Severity.WARNING,), __doc__, check, security="8.0")
