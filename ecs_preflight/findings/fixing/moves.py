"""Permissions on the wrong one of two roles, moved."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from ... import iam
from ...model import Policy, Role, Stack
from ...symbolic.answers import Yes
from ...symbolic.records import replace
from ...symbolic.source import Span, is_within
from ...symbolic.values import Value, literal
from ..finding import Applicability, Draft, Edit, Fix
from ..needs import Demand
from ..sources import Sources
from .attaching import given_to
from .detaching import detaching
from .editable import is_only_of
from .edits import all_of
from .grants import granting
from .removals import removal, statement_removal
from .repairs import string_edit
from .trusts import ASSUME


def moving(
    stack: Stack,
    wrong: Role,
    right: Role,
    span: Span,
    missing: Sequence[Demand],
    origins: Mapping[Value, Value],
    leaving: Collection[str] = (),
) -> Draft:
    """What the statement at ``span`` allows ``wrong`` of what ``right`` lacks, taken off the one
    and given to the other: the whole policy where it holds nothing but what goes there
    (``leaving``). ``origins`` are the values that make the resources necessary, by these."""

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        found = _statement(wrong, span)
        if found is None:
            return None
        policy, statement, others = found
        actions = {demand.action.lower() for demand in missing}
        going = actions | {action.lower() for action in leaving}
        is_own = is_only_of(stack, statement.span, [wrong])
        if all(_is_of(each, going) for each in (statement, *others)):
            edit = given_to(stack, sources, policy, wrong, right)
            if edit is not None:
                return replace(fix, edits=(edit,), applicability=Applicability.UNSAFE)
            less = [removal(sources, policy.span)] if policy.source == "Policies" else [None]
        elif not is_own:
            less = []  # what it takes off the one it would take off others
        elif _is_of(statement, actions):
            less = [statement_removal(sources, statement.span)]
        else:
            less = [removal(sources, action.span) for action in _alone(statement, actions)]
        origin = next(iter(origins.values()))
        more = granting(stack, right, missing, origin, fix, sources, origins=origins)
        if more is None or not more.edits:
            more = _as_granted(stack, right, statement, missing, origins, fix, sources)
        taken = all_of(less)
        if more is None or not more.edits or taken is None:
            return None  # what is taken off the one must be given to the other
        summary = fix.summary if taken else f"Allow it in a policy of '{right.address}' as well:"
        return replace(more, summary=summary, edits=(*more.edits, *taken))

    return draft


def _as_granted(
    stack: Stack,
    right: Role,
    statement: iam.Statement,
    missing: Sequence[Demand],
    origins: Mapping[Value, Value],
    fix: Fix,
    sources: Sources,
) -> Fix | None:
    """What is missing allowed on the resources by which the statement of another role allows it, as
    they are written there, where it cannot be on its own; None where the statement has conditions,
    or leaves a resource out rather than listing one."""
    written, demands = dict(origins), dict[Demand, None]()
    for demand in missing:
        origin = origins.get(demand.resource, demand.resource)
        alone = granting(stack, right, [demand], origin, fix, sources)
        if alone is not None and alone.edits:
            demands[demand] = None
            continue
        patterns = [each for each in statement.resources or () if _covers(each, demand.resource)]
        if not statement.is_unconditional or not patterns:
            return None
        written |= {pattern: pattern for pattern in patterns}
        demands |= {Demand(demand.action, pattern): None for pattern in patterns}
    first = next(iter(demands)).resource
    return granting(stack, right, tuple(demands), first, fix, sources, origins=written)


def _covers(pattern: Value, resource: Value) -> bool:
    return isinstance(iam.match.covers(pattern, resource), Yes)


def taking(
    stack: Stack, wrong: Role, right: Role | None, span: Span, foreign: Collection[str]
) -> Draft:
    """What the statement at ``span`` allows of ``foreign``, which is nothing for ``wrong``, given
    to ``right``: the policy, where there is nothing else in it."""
    actions = {action.lower() for action in foreign}

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        found = _statement(wrong, span)
        if found is None or right is None:
            return None
        policy, statement, others = found
        whole = _is_of(statement, actions)
        edit = given_to(stack, sources, policy, wrong, right) if whole and not others else None
        if edit is not None:
            return replace(fix, edits=(edit,), applicability=Applicability.UNSAFE)
        if whole and not others:
            taken = detaching(policy)(fix, sources)
            less: Sequence[Edit | None] = taken.edits if taken else [None]
        elif whole:
            less = [statement_removal(sources, statement.span)]
        else:
            listed = statement.actions or ()
            less = [removal(sources, a.span) for a in listed if _name(a) in actions]
        demands = [
            Demand(literal(action) or "", resource)
            for resource in statement.resources or ()
            for action in statement.actions or ()
            if _name(action) in actions
        ]
        gone = all_of(less)
        if not statement.is_unconditional or not demands or not gone:
            return None
        more = granting(stack, right, demands, demands[0].resource, fix, sources)
        if more is None or not more.edits:
            return None
        return replace(more, summary=fix.summary, edits=(*more.edits, *gone))

    return draft


def _name(action: Value) -> str:
    return (literal(action) or "").lower()


def _statement(role: Role, span: Span) -> tuple[Policy, iam.Statement, list[iam.Statement]] | None:
    """The statement there (or whose actions stand there), its policy, and the policy's others."""
    for policy in role.policies:
        listed = iam.statements(policy).statements
        for statement in listed:
            places = (statement.span, statement.actions.span if statement.actions else None)
            if span in places:
                return policy, statement, [each for each in listed if each is not statement]
    return None


def _is_of(statement: iam.Statement, actions: set[str]) -> bool:
    """Does it allow nothing but those actions?"""
    return statement.actions is not None and all(
        _name(action) in actions for action in statement.actions
    )


def _alone(statement: iam.Statement, actions: set[str]) -> list[Value]:
    """Those of the actions of whose service the statement allows nothing else: whose does is used
    by the other role itself."""
    listed = {(literal(action) or "").lower(): action for action in statement.actions or ()}
    kept = {name.partition(":")[0] for name in listed if name not in actions}
    return [
        action
        for name, action in listed.items()
        if name in actions and name.partition(":")[0] not in kept
    ]


def relocating(stack: Stack, role: Role, span: Span) -> Draft:
    """Of the trust policy: the statement in which the fault at ``span`` is, which names no
    principal, as a statement of the role's own; in one that does, ``sts:AssumeRole`` as its
    action."""

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        for statement in iam.statements(role.trust).statements:
            source = sources.at(statement.span)
            if source is None or not is_within(span, statement.span):
                continue
            listed = statement.actions.items if statement.actions else ()
            if statement.principals is not None:
                edit = string_edit(sources, listed[0], ASSUME) if len(listed) == 1 else None
                if edit is None:
                    return None
                return replace(fix, edits=(edit,), applicability=Applicability.UNSAFE)
            demands = [
                Demand(name, resource)
                for action in listed
                for resource in statement.resources or ()
                if (name := literal(action))
            ]
            less = statement_removal(sources, statement.span)
            if not statement.is_unconditional or not demands or less is None:
                return None
            more = granting(stack, role, demands, demands[0].resource, fix, sources)
            if more is None or not more.edits:
                return None
            return replace(more, edits=(less, *more.edits))
        return None

    return draft
