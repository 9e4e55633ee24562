"""The policy of a resource that keeps a role out, and what lets the role through."""

from __future__ import annotations

from collections.abc import Sequence

from ... import iam
from ...model import Protected, Role, Stack
from ...symbolic.source import Span
from ...symbolic.values import ABSENT, Items, Value, literal
from ..finding import Edit
from ..sources import Sources
from .expressions import Expression, plain
from .lists import extended, list_around
from .names import written
from .places import Place
from .statements import NewStatement, added


def admitted(
    stack: Stack,
    sources: Sources,
    role: Role,
    owner: Protected,
    actions: Sequence[str],
    against: Sequence[Span],
) -> list[Edit] | None:
    """The role among those whom the Deny at one of ``against`` spares, or, where nothing denies,
    in a statement of its own. None where the policy cannot be changed so."""
    given = iam.statements(owner.policy).statements
    denying = [s for s in given if literal(s.effect) == "Deny" and s.span in against]
    edits: list[Edit] = []
    for statement in denying:
        name = _name(stack, sources, owner, role, statement.span)
        spared = name and _spared(sources, statement, name)
        if not spared:
            return None
        edits += spared
    if denying or owner.policy.span not in against:
        return edits or None
    for statement in reversed(given):
        name = _name(stack, sources, owner, role, statement.span)
        source = sources.at(statement.span)
        if source is not None and name is not None:
            new = NewStatement(tuple(actions), (plain("*"),), name, "AWS")
            found = added(source, statement.span, new)
            if found:
                return found
    return None


def _name(
    stack: Stack, sources: Sources, owner: Protected, role: Role, span: Span
) -> Expression | None:
    """The role's ARN as it can be written in the policy."""
    return written(Place.beside(stack, sources, span.file, owner.address), role.arn, ABSENT)


def _spared(sources: Sources, statement: iam.Statement, name: Expression) -> list[Edit] | None:
    """The role among those whom the Deny does not mean."""
    if statement.not_principals is not None:
        named = [each.value for each in statement.not_principals.named if each.kind == "AWS"]
        return _among(sources, named, name)
    for condition in statement.conditions:
        negated = condition.operator.lower() in _NEGATED
        if negated and condition.key.lower() == "aws:principalarn":
            return _among(sources, condition.values, name)
    return None


_NEGATED = ("stringnotequals", "stringnotlike", "arnnotequals", "arnnotlike")


def _among(
    sources: Sources, values: Sequence[Value] | Items, name: Expression
) -> list[Edit] | None:
    spans = [value.span for value in values]
    source = sources.at(spans[0]) if spans else None
    listed = list_around(sources, spans[0], spans[-1]) if source else None
    return extended(source, listed, spans, [name]) if source and listed else None
