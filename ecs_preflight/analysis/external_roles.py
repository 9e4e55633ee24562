"""Roles and permissions boundaries that stand in other code, as the configuration asserts them, put
into the stacks that use them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ..iam.match import in_partition
from ..model import External, InstanceProfile, Policy, PolicyKind, Role, Stack, role_name
from ..symbolic.jsontext import JsonFault, parse_json
from ..symbolic.records import replace
from ..symbolic.source import Span
from ..symbolic.strings import must_cover, parts_of
from ..symbolic.strings.pieces import after
from ..symbolic.values import (
    ABSENT,
    Hole,
    Known,
    Reference,
    Unknown,
    Value,
    Why,
    expanded,
    join,
)
from .config import ExternalBoundary, ExternalRole


def with_boundaries(stack: Stack, asserted: Sequence[ExternalBoundary]) -> Stack:
    """The stack, with what is asserted of each role's permissions boundary that it does not hold:
    it allows that, and nothing else."""
    if not asserted:
        return stack
    return replace(
        stack,
        resources=tuple(
            _bounded(resource, asserted) if isinstance(resource, Role) else resource
            for resource in stack.resources
        ),
    )


def _bounded(role: Role, asserted: Sequence[ExternalBoundary]) -> Role:
    boundary = role.boundary
    if boundary is None or not isinstance(expanded(boundary.document), Unknown):
        return role
    found = next((a for a in asserted if _speaks_of(a.pattern, boundary.arn, "policy")), None)
    if found is None:
        return role
    document = (
        _allowing(found.allows, found.on, boundary.span)
        if found.document == ABSENT
        else found.document
    )
    return replace(role, boundary=replace(boundary, document=document))


def with_roles(stack: Stack, known: Sequence[Callable[[Value], Role | None]]) -> Stack:
    """The stack, with a role for each value that names one that it does not hold: by the first of
    ``known`` that has it. Such roles are looked up, not judged."""
    added: dict[str, Role] = {}
    for value in named_roles(stack) if known else ():
        if isinstance(stack.role_of(value), External):
            role = next((role for find in known if (role := find(value)) is not None), None)
            if role is not None:
                named = _named_so(role, value)
                added.setdefault(named.address, named)
    return stack.beside(added.values()) if added else stack


def asserted_role(asserted: Sequence[ExternalRole], value: Value) -> Role | None:
    """The role that a value names, by the first assertion that speaks of it."""
    found = next((a for a in asserted if _speaks_of(a.pattern, value)), None)
    return None if found is None else _role(found, value)


def _named_so(role: Role, value: Value) -> Role:
    """The role under the address by which a data source knows it."""
    if not isinstance(value, Reference):
        return role
    policies = tuple(replace(policy, attachment=value.address) for policy in role.policies)
    return replace(role, address=value.address, policies=policies)


def named_roles(stack: Stack) -> Iterator[Value]:
    """Every value of the stack that names a role somebody works under."""
    for task in stack.task_definitions:
        yield from (task.task_role, task.execution_role)
    for launch in stack.launches:
        yield from (launch.launcher_role, launch.task_role_override, launch.execution_role_override)
        yield launch.deployer
        yield from (use.role for use in launch.service_roles)
    for profile in stack.of(InstanceProfile):
        yield profile.role


def _speaks_of(pattern: str, value: Value, kind: str = "role") -> bool:
    """Does the pattern cover the role or policy, whatever is open in its ARN? A hole is covered by
    a wildcard alone; but the partition is taken to be ``aws``, and a path that is not known to be
    ``/``."""
    arn = join(*_with_path(parts_of(in_partition(expanded(value))) or (), kind))
    if pattern.startswith("arn:"):
        return must_cover(pattern, arn)
    name = after(arn, f":{kind}/")
    return must_cover(pattern, name if "/" in pattern else after(name, "/"))


def _with_path(parts: Sequence[str | Hole], kind: str) -> Iterator[str | Hole]:
    for before, part in zip(("", *parts), parts, strict=False):
        is_path = isinstance(before, str) and before.endswith(f":{kind}")
        yield "/" if is_path and not isinstance(part, str) else part


def _role(asserted: ExternalRole, value: Value) -> Role:
    arn = expanded(value)
    name = (role_name(arn) or asserted.pattern).rpartition("/")[2]
    why = f"'{name}' stands elsewhere" + (f": {asserted.because}" if asserted.because else "")
    gap = Unknown(why, why=Why.OUTSIDE, span=value.span)
    span = replace(value.span, path=())
    trust: list[dict[str, Any]] = [
        {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"Service": list(asserted.trusts)},
        }
    ]
    policy = Policy(
        PolicyKind.INLINE,
        Known("asserted in the configuration"),
        _allowing(asserted.allows, asserted.on, span),
        span,
        span,
        name,
    )
    return Role(
        address=name,
        type="role",
        span=span,
        name=Known(name),
        arn=arn,
        trust=_document(trust, span) if asserted.trusts else gap,
        policies=(policy,) if asserted.allows else (),
        gaps=() if asserted.complete else (gap,),
    )


def _allowing(actions: Sequence[str], resources: Sequence[str], span: Span) -> Value:
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": list(resources)}
    return _document([statement], span)


def _document(statements: list[dict[str, Any]], span: Span) -> Value:
    text = json.dumps({"Version": "2012-10-17", "Statement": statements})
    found = parse_json(Known(text, span))
    assert not isinstance(found, JsonFault)
    return found
