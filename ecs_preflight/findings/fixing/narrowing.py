"""More than is needed taken back to what is needed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ... import iam
from ...model import Policy, Principal, Role, Stack
from ...symbolic.answers import Yes
from ...symbolic.records import replace
from ...symbolic.values import Value, literal
from ..finding import Applicability, Draft, Edit, Fix
from ..needs import Demand, Need
from ..sources import Sources
from .detaching import detaching
from .editable import allows, editable
from .expressions import Expression, written_at
from .grants import granting
from .names import written
from .repairs import is_choice


def narrowed(stack: Stack, role: Role, statement: iam.Statement, needs: Sequence[Need]) -> Draft:
    """The statement on the resources alone which the needs take of its actions."""

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        listed, patterns = statement.actions, statement.resources
        found = next(
            (e for e in editable(stack, role.policies, sources) if e.statement is statement), None
        )
        if found is None or listed is None or patterns is None or len(patterns.items) != 1:
            return None
        needed = {
            demand: need.origin
            for need in needs
            for demand in need.demands
            if allows(listed, demand.action)
        }
        if any(not _serves(action, needed) for action in listed):
            return None
        names = [written(found.place, each.resource, origin) for each, origin in needed.items()]
        fresh = [name for name in dict.fromkeys(names) if name is not None]
        if not names or None in names:
            return None
        edit = _in_place_of(sources, patterns.items[0], fresh)
        if edit is None:
            return None
        return replace(fix, edits=(edit,), applicability=Applicability.UNSAFE)

    return draft


def _serves(action: Value, needed: Iterable[Demand]) -> bool:
    """Is it needed, or, beside one that is, something done with the same kind of resource?"""
    name = literal(action) or ""
    return any(
        allows([action], demand.action) or iam.actions.alike(name, demand.action)
        for demand in needed
    )


def _in_place_of(sources: Sources, one: Value, names: Sequence[Expression]) -> Edit | None:
    source = sources.at(one.span)
    if source is None or is_choice(source, one.span):
        return None
    start = source.start(one.span)
    listed = source.before(start) == "["
    if len(names) > 1 and source.before(start) == "-":
        return None
    texts = [written_at(source, start, name, listed=len(names) > 1) for name in names]
    if None in texts:
        return None
    text = ", ".join(map(str, texts))
    return Edit(one.span, f"[{text}]" if len(names) > 1 and not listed else text)


def detached(
    stack: Stack, role: Role, policy: Policy, needs: Sequence[Need], needless: str = ""
) -> Draft:
    """The policy taken off the role, which is given by itself what the needs lack without it; where
    they lack nothing, ``needless`` says so."""

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        taken = detaching(policy)(fix, sources)
        if taken is None:
            return None
        others = tuple(each for each in role.policies if each is not policy)
        rest = replace(role, policies=others)
        lost = {
            demand: need.origin
            for need in needs
            for demand in need.demands
            if _is_lost(stack, role, rest, demand, need.principal)
        }
        if not lost:
            return replace(taken, summary=needless or taken.summary)
        origins = {demand.resource: origin for demand, origin in lost.items()}
        first = next(iter(lost.values()))
        more = granting(stack, rest, tuple(lost), first, fix, sources, origins=origins)
        if more is None or not more.edits:
            return None
        edits = tuple(dict.fromkeys((*taken.edits, *more.edits)))
        return replace(fix, edits=edits, applicability=Applicability.UNSAFE)

    return draft


def _is_lost(stack: Stack, role: Role, rest: Role, demand: Demand, principal: Principal) -> bool:
    """Is it allowed as the role is, and no more with the rest of its policies?"""

    def may(one: Role) -> bool:
        context = dict(demand.context)
        answer = iam.authorize(
            stack, one, demand.action, demand.resource, principal, context=context
        )
        return isinstance(answer, Yes)

    return may(role) and not may(rest)
