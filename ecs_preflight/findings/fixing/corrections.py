"""Statements that grant nothing, given a resource that their actions are checked on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ... import iam
from ...symbolic.values import Value, literal
from ..finding import Applicability, Draft, Edit, Fix
from ..sources import Sources
from .expressions import plain, rendered
from .removals import removal
from .repairs import resource_repair, within
from .statements import NewStatement, added


def correcting(statement: iam.Statement, actions: Sequence[Value]) -> Draft:
    """The statement's resource corrected for ``actions``, which it does not fit; where they take
    none, ``*``, in a statement of their own if others need the resource that is written."""

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        listed, patterns = statement.actions, statement.resources
        if listed is None or patterns is None:
            return None
        names = [literal(action) or "" for action in actions]
        others = [action for action in listed if literal(action) not in names]
        edits: Sequence[Edit] | None
        if all(iam.actions.takes_resource(name) is False for name in names):
            edits = _everywhere(sources, statement, actions, bool(others))
        else:
            found = (
                resource_repair(sources, pattern, _subjects(names), _subjects(others))
                for pattern in within(statement, patterns)
            )
            edit = next(filter(None, found), None)
            edits = [edit] if edit else None
        if not edits:
            return None
        return replace(fix, edits=tuple(edits), applicability=Applicability.SAFE)

    return draft


def _subjects(actions: Sequence[Value | str]) -> list[Value]:
    names = (a if isinstance(a, str) else literal(a) or "" for a in actions)
    return [form for name in names for form in iam.actions.formats(name) or ()]


def _everywhere(
    sources: Sources, statement: iam.Statement, actions: Sequence[Value], shared: bool
) -> list[Edit] | None:
    patterns = statement.resources
    source = sources.at(statement.span)
    if source is None or patterns is None:
        return None
    if shared:
        new = NewStatement(tuple(literal(a) or "" for a in actions), (plain("*"),))
        more = added(source, statement.span, new)
        less = [removal(sources, action.span) for action in actions]
        kept = [edit for edit in less if edit is not None]
        return [*kept, *more] if more and len(kept) == len(less) else None
    if len(patterns.items) != 1 or sources.at(patterns.items[0].span) is not source:
        return None
    span = patterns.items[0].span
    star = rendered(source.form(source.start(span)), plain("*"))
    return None if star is None else [Edit(span, star)]
