"""Whole resources and modules inside a structure, resolved to what is known of their attributes."""

from __future__ import annotations

from ....symbolic.records import replace
from ....symbolic.source import Span
from ....symbolic.terms import Name
from ....symbolic.values import Entries, Items, Reference, Unknown, Value
from ..faults import beyond_limits
from ..scope import ExpressionScope

#: How deep a structure may nest.
MAX_DEPTH = 60


def resolved(value: Value, scope: ExpressionScope, span: Span, depth: int = 0) -> Value:
    """``value`` without any Reference to the whole of something. Raises Undecided beyond
    MAX_DEPTH."""
    if depth > MAX_DEPTH:
        raise beyond_limits("a nested structure")
    if isinstance(value, Reference) and value.attribute == "":
        return resolved(scope.whole(value, span), scope, span, depth + 1)
    if isinstance(value, Reference) and value.attribute == "*":
        return Unknown(
            f"the instances of '{value.address}' are not known",
            Name(value.address),
            span=value.span,
        )
    if isinstance(value, Items):
        return replace(
            value, items=tuple(resolved(item, scope, span, depth + 1) for item in value.items)
        )
    if isinstance(value, Entries):
        return replace(
            value,
            entries=tuple(
                (key, resolved(item, scope, span, depth + 1)) for key, item in value.entries
            ),
        )
    return value
