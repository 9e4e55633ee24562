"""A new role passed by those who pass the roles in whose place, or beside which, it is."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from ... import iam
from ...model import Role, Stack
from ...symbolic.answers import Yes
from ...symbolic.values import literal
from ..finding import Edit
from ..sources import Sources
from .expressions import Expression
from .lists import extended, list_around
from .places import Place


def passed_too(
    place: Place, sources: Sources, roles: Collection[Role], name: Expression
) -> list[Edit]:
    """The role called ``name`` at the place, in each list of its module or template which names one
    of ``roles`` as what may be passed."""
    addresses = {role.address for role in roles}
    edits: dict[Edit, None] = {}
    for statement in _passing(place.stack):
        resources = statement.resources
        spans = [value.span for value in resources or ()]
        source = sources.at(resources.span) if resources else None
        if not spans or source is None or not place.shares(source.file):
            continue
        passed = (place.stack.role_of(value) for value in resources or ())
        if not addresses.isdisjoint(each.address for each in passed if isinstance(each, Role)):
            listed = list_around(sources, spans[0], spans[-1])
            more = extended(source, listed, spans, [name]) if listed else None
            edits |= dict.fromkeys(more or ())
    return list(edits)


def _passing(stack: Stack) -> Iterator[iam.Statement]:
    """The statements that allow ``iam:PassRole``, in policies that stand in the code."""
    for role in stack.principals:
        for policy in role.policies:
            if policy.kind.is_ready_made:
                continue
            for statement in iam.statements(policy).statements:
                actions = statement.actions or ()
                passes = (iam.match.covers_action(each, "iam:PassRole") for each in actions)
                if literal(statement.effect) == "Allow" and any(isinstance(a, Yes) for a in passes):
                    yield statement
