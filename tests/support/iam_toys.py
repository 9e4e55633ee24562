"""Small roles, policies and stacks for the tests of the IAM engine."""

from __future__ import annotations

from typing import Any

from ecs_preflight import iam
from ecs_preflight.model import (
    Language,
    Policy,
    PolicyKind,
    Principal,
    Resource,
    Role,
    Stack,
    Target,
)
from ecs_preflight.symbolic import arns
from ecs_preflight.symbolic.answers import Answer, No, Yes
from ecs_preflight.symbolic.source import Span
from ecs_preflight.symbolic.terms import Name
from ecs_preflight.symbolic.values import (
    ABSENT,
    Entries,
    Items,
    Known,
    Reference,
    Text,
    Unknown,
    Value,
)

HERE = arns.ANY_TARGET
THERE = Target(Known("aws"), Known("eu-west-1"), Known("111122223333"))
ROLE = Span("main.tf", 1, 1, 5, 2)
POLICY = Span("main.tf", 10, 1, 40, 2)


def value(data: Any, line: int = 11) -> Value:
    """JSON data as a Value; what is a Value already stays. Each item of a list gets a line of its
    own."""
    span = Span("main.tf", line, 5, line, 80)
    if isinstance(data, (Known, Unknown, Reference, Text, Items, Entries)):
        return data
    if isinstance(data, dict):
        entries = ((key, value(item, line + n)) for n, (key, item) in enumerate(data.items()))
        return Entries(tuple(entries), None, span)
    if isinstance(data, (list, tuple)):
        return Items(tuple(value(item, line + n) for n, item in enumerate(data)), None, span)
    return Known(data, span)


def document(*statements: Any, version: str | None = "2012-10-17") -> Value:
    return value({**({"Version": version} if version else {}), "Statement": list(statements)})


def allow(actions: Any, resources: Any = "*", **others: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resources, **others}


def deny(actions: Any, resources: Any = "*", **others: Any) -> dict[str, Any]:
    return {**allow(actions, resources, **others), "Effect": "Deny"}


def inline(
    *statements: Any,
    conditional: Unknown | None = None,
    version: str | None = "2012-10-17",
    name: str = "app",
) -> Policy:
    written = document(*statements, version=version)
    return Policy(
        PolicyKind.INLINE,
        Known(name),
        written,
        POLICY,
        POLICY,
        "aws_iam_role_policy.app",
        conditional=conditional,
    )


def aws(name: str, partition: str = "aws") -> Policy:
    arn = Known(f"arn:{partition}:iam::aws:policy/{name}")
    return Policy(
        PolicyKind.AWS,
        Known(name.rpartition("/")[2]),
        ABSENT,
        POLICY,
        POLICY,
        "aws_iam_role_policy_attachment.aws",
        arn=arn,
    )


def role(
    *policies: Policy,
    target: Target = HERE,
    trust: Any = None,
    boundary: Policy | None = None,
    gaps: tuple[Unknown, ...] = (),
) -> Role:
    return Role(
        address="aws_iam_role.exec",
        type="aws_iam_role",
        span=ROLE,
        name=Known("exec"),
        arn=arns.role(target, ABSENT, Known("exec")),
        policies=policies,
        boundary=boundary,
        trust=ABSENT if trust is None else value(trust),
        gaps=gaps,
    )


def stack(*resources: Resource, target: Target = HERE) -> Stack:
    return Stack("test", Language.TERRAFORM, target, resources)


def ask(
    request: Role,
    action: str,
    resource: Value | str = "*",
    principal: Principal = Principal.EXECUTION,
    *,
    target: Target = HERE,
    others: tuple[Resource, ...] = (),
    **more: Any,
) -> Answer:
    named = Known(resource) if isinstance(resource, str) else resource
    return iam.authorize(
        stack(request, *others, target=target), request, action, named, principal, **more
    )


def said(answer: Answer) -> str:
    """``yes``, ``no`` or ``unknown``."""
    return "yes" if isinstance(answer, Yes) else "no" if isinstance(answer, No) else "unknown"


def nearest(answer: Answer) -> str:
    """The first near miss of a No."""
    assert isinstance(answer, No), answer
    assert answer.evidence
    return answer.evidence[0].message


def hole(symbol: str = "") -> Unknown:
    return Unknown("it is not known", Name(symbol) if symbol else None)
