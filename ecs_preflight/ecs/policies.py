"""The statements of roles, as rules look at them one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .. import iam
from ..iam.document import Statement
from ..model import InstanceProfile, Policy, PolicyKind, Principal, Role, RoleUser, Stack
from ..symbolic.globs import text_glob
from ..symbolic.source import NOWHERE, Span
from ..symbolic.values import Value, literal
from .role_uses import RoleUse, role_uses
from .service_roles import helper_uses


def written_statements(role: Role) -> Iterator[tuple[Policy, Statement]]:
    """Every statement of the role's policies that stands in the code: inline and customer
    managed."""
    return (each for each in chosen_statements(role) if not each[0].kind.is_ready_made)


def chosen_statements(role: Role) -> Iterator[tuple[Policy, Statement]]:
    """These, and those of SAM's policy templates, which say as much of what the role is for; AWS's
    managed policies allow more than anybody thinks of."""
    for policy in role.policies:
        if policy.kind is not PolicyKind.AWS:
            for statement in iam.statements(policy).statements:
                yield policy, statement


def managed_policies(role: Role) -> Iterator[Policy]:
    """The role's AWS managed policies."""
    return (policy for policy in role.policies if policy.kind is PolicyKind.AWS)


def actions_span(statement: Statement) -> Span:
    """Where the statement lists its actions; the statement, where it lists none."""
    return (statement.actions or statement).span


def action_span(statement: Statement, named: Iterable[Value]) -> Span:
    """Where the first of its actions stands that a finding names; the list, where they are written
    nowhere."""
    written = (action.span for action in named if action.span != NOWHERE)
    return next(written, actions_span(statement))


def allows(statement: Statement) -> bool:
    """Is the effect Allow, for certain?"""
    return literal(statement.effect) == "Allow"


def covers_action(pattern: Value, action: str) -> bool:
    """Does a known action pattern (``ecr:Get*``) surely match the action? Blind to case (facts
    J4)."""
    written = literal(pattern)
    if written is None:
        return False
    if "*" not in written and "?" not in written:  # as most are
        return written.lower() == action.lower()
    return text_glob(written.lower().replace("[", "[[]")).matches(action.lower())


def is_everything(values: tuple[Value, ...]) -> bool:
    """Is ``*`` among them, or ``*:*``, which says the same of actions?"""
    return any(literal(value) in ("*", "*:*") for value in values)


def only_used_as(stack: Stack, principal: Principal) -> Iterator[RoleUse]:
    """The roles that tasks use in that way alone, and that nothing else in the stack uses."""
    values = [
        *(service_role.role for _, service_role in helper_uses(stack)),
        *(user.role for user in stack.of(RoleUser)),
        *(profile.role for profile in stack.of(InstanceProfile)),
    ]
    elsewhere = {role.address for value in values if isinstance(role := stack.role_of(value), Role)}
    for use in role_uses(stack):
        if use.principals == (principal,) and use.role.address not in elsewhere:
            yield use
