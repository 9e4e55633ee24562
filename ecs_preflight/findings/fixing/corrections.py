"""Statements that grant nothing: given a resource that their actions are checked on, or actions
that there are."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from ... import iam
from ...symbolic.patterns import regex
from ...symbolic.records import replace
from ...symbolic.source import is_within
from ...symbolic.values import Items, Value, literal
from ..finding import Draft, Edit, Fix
from ..sources import Sources
from .edits import all_of, with_edits
from .elements import within
from .expressions import Expression, Inserted, parsed, plain, simplified, written_at
from .lists import LOOP, extended, list_around
from .removals import removal, statement_removal
from .repairs import is_call, repaired_beside, resource_repair, string_edit
from .settings import removing, replacing
from .statements import NewStatement, added

#: What a caller decides, or code that he gives values to.
_INPUT = regex(r"(var|local|each|module)\.")


def correcting(
    statement: iam.Statement,
    actions: Sequence[Value],
    repeated: bool = False,
    otherwise: Draft | None = None,
) -> Draft:
    """The statement's resource corrected for ``actions``, which it does not fit; where they take
    none, ``*``, in a statement of their own if others need the resource that is written. Where that
    cannot be told, what ``otherwise`` does, or the actions left out; they are left out too where
    another statement allows them (``repeated``)."""

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        listed, patterns = statement.actions, statement.resources
        if listed is None or patterns is None:
            return None
        names = [literal(action) or "" for action in actions]
        others = [action for action in listed if literal(action) not in names]
        edits: Sequence[Edit] | None
        if repeated:
            return _left_out(fix, sources, statement, actions, bool(others))
        if all(iam.actions.takes_resource(name) is False for name in names):
            edits = everywhere(sources, statement, actions, bool(others))
        else:
            found = (
                resource_repair(sources, pattern, _subjects(names), _subjects(others))
                for pattern in within(sources, statement, patterns)
            )
            edits = list(dict.fromkeys(filter(None, found))) or repaired_beside(
                sources, statement, _subjects(names)
            )
        if not edits and otherwise is not None:
            made = otherwise(fix, sources)
            if made is None or any(is_within(e.span, statement.span) for e in made.edits):
                return made
            less = _left_out(fix, sources, statement, actions, bool(others))
            return less and replace(made, edits=(*made.edits, *less.edits))
        if not edits:
            return _left_out(fix, sources, statement, actions, bool(others))
        return with_edits(fix, edits, safe=True)

    return draft


def _left_out(
    fix: Fix, sources: Sources, statement: iam.Statement, actions: Sequence[Value], shared: bool
) -> Fix | None:
    """The actions taken off the statement, or all of it where it has no others."""
    source = sources.at(statement.span)
    if source is None or re.search(r"\?|!If|Fn::If", source.slice(statement.span)):
        return None  # it may grant something when an input says so
    if any(_is_for_some(sources, statement, action) for action in actions):
        return None
    edits = (
        [removal(sources, action.span) for action in actions]
        if shared
        else [statement_removal(sources, statement.span)]
    )
    return with_edits(fix, edits, summary="Leave out what grants nothing:")


def _is_for_some(sources: Sources, statement: iam.Statement, action: Value) -> bool:
    """Is there a resource for the action where an input names one: in a list that is computed, or
    in an ARN of the action's service?"""
    patterns = statement.resources
    source = sources.at(patterns.span) if patterns else None
    if source is None or patterns is None:
        return False
    if is_call(source, patterns.span) or LOOP.match(source.slice(patterns.span)):
        return True
    service = (literal(action) or "").partition(":")[0]
    for pattern in within(sources, statement, patterns):
        text = parsed(source.form(source.start(pattern.span)), source.slice(pattern.span)) or ()
        head = next((n for n, part in enumerate(text) if f":{service}:" in str(part)), len(text))
        if any(isinstance(part, Inserted) and _INPUT.match(part.text) for part in text[head:]):
            return True
    return False


def _subjects(actions: Sequence[Value | str]) -> list[Value]:
    names = (a if isinstance(a, str) else literal(a) or "" for a in actions)
    return [form for name in names for form in iam.actions.formats(name) or ()]


def everywhere(
    sources: Sources, statement: iam.Statement, actions: Sequence[Value], shared: bool
) -> list[Edit] | None:
    """``*`` as the resource of the actions, which take none: in a statement of their own where the
    statement's others need what is written (``shared``)."""
    patterns = statement.resources
    source = sources.at(statement.span)
    if source is None or patterns is None:
        return None
    if shared:
        new = NewStatement(tuple(literal(a) or "" for a in actions), (plain("*"),))
        more = added(source, statement.span, new)
        less = all_of(removal(sources, action.span) for action in actions)
        return [*less, *more] if more and less is not None else None
    if len(patterns.items) != 1 or sources.at(patterns.items[0].span) is not source:
        return None
    span = patterns.items[0].span
    star = written_at(source, source.start(span), plain("*"))
    return None if star is None else [Edit(span, star)]


def renaming_action(listed: Items, action: Value, meant: Sequence[str]) -> Draft:
    """An action of the list that there is none of, replaced by all that may be meant, as far as the
    list lacks them, or left out. Where it is one alone, that is safe."""
    there = {literal(item) for item in listed}
    new = [name for name in meant if name not in there]
    if not new:
        return removing(action.span)
    if len(meant) == 1:
        return replacing(action, new[0], safe=True)
    return lambda fix, sources: with_edits(fix, _all_in_place(sources, listed, action, new))


def _all_in_place(
    sources: Sources, listed: Items, action: Value, new: Sequence[str]
) -> list[Edit | None]:
    source, first = sources.at(listed.span), string_edit(sources, action, new[0])
    others = [plain(name) for name in new[1:]]
    if source is None or first is None or not others:
        return [first]
    (more,) = extended(source, listed.span, [action.span], others) or (None,)
    if more is None:
        return [None]
    old, at = source.slice(action.span), source.start(more.span)
    if source.slice(more.span):
        return [replace(more, text=more.text.replace(old, first.text, 1))]
    if at == source.start(action.span):
        return [replace(first, text=more.text + first.text)]
    if at == source.end(action.span):
        return [replace(first, text=first.text + more.text)]
    return [first, more]


def on_cluster_too(statement: iam.Statement) -> Draft:
    """The clusters of the tasks that the statement's resources are, in the same list."""
    return _counterparts(statement, _cluster_of)


def on_tasks_too(statement: iam.Statement) -> Draft:
    """The tasks of the clusters that the statement's resources are, in the same list."""
    return _counterparts(statement, _tasks_of)


def _counterparts(
    statement: iam.Statement, counterpart: Callable[[Expression], Expression | None]
) -> Draft:
    """What belongs to each of the statement's resources, in the same list."""

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        patterns = statement.resources
        source = sources.at(patterns.span) if patterns else None
        if source is None or patterns is None:
            return None
        spans = [value.span for value in patterns]
        texts = [parsed(source.form(source.start(span)), source.slice(span)) for span in spans]
        found = [counterpart(text) for text in texts if text is not None]
        others = list(dict.fromkeys(each for each in found if each is not None))
        listed = list_around(sources, spans[0], spans[-1])
        if not others or listed is None:
            return None
        edits = extended(source, listed, spans, others)
        if not edits:
            return None
        return with_edits(fix, edits)

    return draft


def _cluster_of(task: Expression) -> Expression | None:
    """``...:task/NAME/*`` as ``...:cluster/NAME``."""
    *before, last = task
    texts = [part for part in task if isinstance(part, str)]
    if not any(":task/" in text for text in texts) or not isinstance(last, str):
        return None
    cluster = last.removesuffix("/*") if last not in (":task/*",) else last
    return simplified(
        part if isinstance(part, Inserted) else part.replace(":task/", ":cluster/")
        for part in (*before, cluster)
    )


def _tasks_of(cluster: Expression) -> Expression | None:
    """The reverse."""
    if not any(":cluster/" in part for part in cluster if isinstance(part, str)):
        return None
    tasks = (
        part if isinstance(part, Inserted) else part.replace(":cluster/", ":task/")
        for part in cluster
    )
    every = str(cluster[-1]).endswith(":cluster/*")
    return simplified((*tasks, *(() if every else ("/*",))))
