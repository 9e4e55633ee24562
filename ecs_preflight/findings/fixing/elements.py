"""Where the elements of a statement are written."""

from __future__ import annotations

from ... import iam
from ...symbolic.records import replace
from ...symbolic.source import Span, is_within
from ...symbolic.values import Items, Value
from ..sources import Sources
from .insertions import argument_at
from .lists import items_at


def within(sources: Sources, statement: iam.Statement, listed: Items | None) -> list[Value]:
    """Those of an element's values that stand in the statement itself. One that an input or a local
    value gets stands where its name is: ``[var.arn]``."""
    if listed is None:
        return []
    if not all(is_within(item.span, statement.span) for item in listed):
        listed = _as_written(sources, statement, listed)
    return [item for item in listed if is_within(item.span, statement.span)]


def _as_written(sources: Sources, statement: iam.Statement, listed: Items) -> Items:
    """The values at the places of their names, where there are as many of these in the list."""
    source = sources.at(statement.span)
    if source is None or listed.remainder is not None:
        return listed
    whole: Span | None = listed.span
    if not is_within(listed.span, statement.span):
        names = ("Action", "actions") if listed is statement.actions else ("Resource", "resources")
        whole = argument_at(source, statement.span, *names)
    places = items_at(source, whole) if whole else []
    if len(places) != len(listed.items):
        return listed
    moved = (replace(item, span=at) for item, at in zip(listed, places, strict=True))
    return replace(listed, items=tuple(moved))
