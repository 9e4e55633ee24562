"""More than is needed taken back to what is needed."""

from __future__ import annotations

from collections.abc import Sequence

from ... import iam
from ...model import Policy, Principal, Role, Stack
from ...symbolic.answers import Yes
from ...symbolic.records import replace
from ...symbolic.values import Value, literal
from ..finding import Applicability, Draft, Edit, Fix
from ..needs import Demand
from ..sources import Sources
from .editable import allows, editable
from .expressions import Expression, rendered
from .grants import granting
from .names import written
from .repairs import is_choice
from .settings import detaching

#: A demand, and the value that its resource is read out of.
Wanted = Sequence["tuple[Demand, Value]"]


def narrowed(stack: Stack, role: Role, statement: iam.Statement, wanted: Wanted) -> Draft:
    """The statement on the resources alone which ``wanted`` needs of its actions."""

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        listed, patterns = statement.actions, statement.resources
        found = next(
            (e for e in editable(stack, role.policies, sources) if e.statement is statement), None
        )
        if found is None or listed is None or patterns is None or len(patterns.items) != 1:
            return None
        needed = [(demand, origin) for demand, origin in wanted if allows(listed, demand.action)]
        if any(not _serves(action, needed) for action in listed):
            return None
        names = [written(found.place, demand.resource, origin) for demand, origin in needed]
        fresh = [name for name in dict.fromkeys(names) if name is not None]
        if not names or None in names:
            return None
        edit = _in_place_of(sources, patterns.items[0], fresh)
        if edit is None:
            return None
        return replace(fix, edits=(edit,), applicability=Applicability.UNSAFE)

    return draft


def _serves(action: Value, needed: Wanted) -> bool:
    """Is it needed, or, beside one that is, something done with the same kind of resource?"""
    name = literal(action) or ""
    return any(
        allows([action], demand.action) or iam.actions.alike(name, demand.action)
        for demand, _ in needed
    )


def _in_place_of(sources: Sources, one: Value, names: Sequence[Expression]) -> Edit | None:
    source = sources.at(one.span)
    if source is None or is_choice(source, one.span):
        return None
    start = source.start(one.span)
    form = source.form(start)
    listed = source.before(start) == "["
    if len(names) > 1 and source.before(start) == "-":
        return None
    texts = [rendered(form, name, flow=listed or len(names) > 1) for name in names]
    if None in texts:
        return None
    text = ", ".join(map(str, texts))
    return Edit(one.span, f"[{text}]" if len(names) > 1 and not listed else text)


def detached(stack: Stack, role: Role, policy: Policy, wanted: Wanted) -> Draft:
    """The policy taken off the role, which is given by itself what ``wanted`` needs of it."""
    rest = replace(role, policies=tuple(each for each in role.policies if each is not policy))

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        taken = detaching(policy)(fix, sources)
        lost = {
            demand: origin
            for demand, origin in wanted
            if not isinstance(_answer(stack, rest, demand), Yes)
        }
        edits: list[Edit] = list(taken.edits) if taken else []
        if lost:
            origins = {demand.resource: origin for demand, origin in lost.items()}
            demands, origin = tuple(lost), next(iter(lost.values()))
            more = granting(stack, rest, demands, origin, fix, sources, origins=origins)
            if more is None or not more.edits:
                return None
            edits += more.edits
        if taken is None:
            return None
        return replace(fix, edits=tuple(dict.fromkeys(edits)), applicability=Applicability.UNSAFE)

    return draft


def _answer(stack: Stack, role: Role, demand: Demand) -> object:
    context = dict(demand.context)
    return iam.authorize(
        stack, role, demand.action, demand.resource, Principal.EXECUTION, context=context
    )
