"""Who may assume a role: its trust policy (facts G)."""

from __future__ import annotations

from ..model import Principal, Role, Stack
from ..symbolic.answers import Answer, Yes, is_absent
from ..symbolic.values import Known, Unknown, Value, Why, literal
from .call import Call, ServiceCaller
from .context import of_assumption
from .document import statements
from .evaluate import of_document, request_for
from .resource_policies import decide

ASSUME = "sts:AssumeRole"


def assumable(stack: Stack, role: Role, service: str, use: Principal = Principal.TASK) -> Answer:
    """Does the trust policy let ``service`` (``ecs-tasks.amazonaws.com``) assume it for ``use``?

    No says which principal stands there instead, or why the statement does not count, and where.
    """
    if isinstance(is_absent(role.trust), Yes):
        return Unknown("the trust policy is not known", why=Why.OUTSIDE, span=role.trust.span)
    call = Call(stack, ServiceCaller(Known(service)), ASSUME, None)
    policy = of_document(role.trust, "its trust policy", role.address)
    return decide(policy, request_for(call, of_assumption(stack, service, use)))


def service_principals(trust: Value) -> tuple[Value, ...]:
    """Every service principal that an Allow of the trust policy names, as written."""
    return tuple(
        named.value
        for statement in statements(trust).statements
        if literal(statement.effect) == "Allow" and statement.principals
        for named in statement.principals.named
        if named.kind == "Service"
    )
