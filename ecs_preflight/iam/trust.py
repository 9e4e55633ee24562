"""Who may assume a role: its trust policy (facts G)."""

from __future__ import annotations

from ..model import Principal, Role, Stack
from ..symbolic.answers import Answer, Yes, is_absent
from ..symbolic.values import Unknown, Value, Why, literal
from .context import of_assumption
from .document import statements
from .services import ResourcePolicy, ServiceCall, permits

ASSUME = "sts:AssumeRole"


def assumable(stack: Stack, role: Role, service: str, use: Principal = Principal.TASK) -> Answer:
    """Does the trust policy let ``service`` (``ecs-tasks.amazonaws.com``) assume it for ``use``?

    No says which principal stands there instead, or why the statement does not count, and where.
    """
    if isinstance(is_absent(role.trust), Yes):
        return Unknown("the trust policy is not known", why=Why.OUTSIDE, span=role.trust.span)
    return permits(
        ResourcePolicy("Its trust policy", role.address, role.trust),
        ServiceCall(service, ASSUME, of_assumption(stack, service, use)),
    )


def service_principals(trust: Value) -> tuple[Value, ...]:
    """Every service principal that an Allow of the trust policy names, as written."""
    return tuple(
        named.value
        for statement in statements(trust).statements
        if literal(statement.effect) == "Allow" and statement.principals
        for named in statement.principals.named
        if named.kind == "Service"
    )
