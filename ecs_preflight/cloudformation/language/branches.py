"""The functions that choose between values: If and FindInMap."""

from __future__ import annotations

from ...symbolic.budget import charge
from ...symbolic.documents.nodes import MappingNode, Node, SequenceNode, mapping, plain
from ...symbolic.records import replace
from ...symbolic.source import Span
from ...symbolic.terms import Name, operation
from ...symbolic.values import (
    Known,
    Unknown,
    Value,
    Why,
    literal,
    shown_value,
    text_term,
    why_not,
)
from .parameters import MAX_OPTIONS, placed
from .scope import Path, TemplateScope, arguments, call_of, value_of, wrong

_MACRO = "Fn::Transform"


def branch(argument: Node, path: Path, span: Span, scope: TemplateScope) -> Value | None:
    """``Fn::If``: the side that this world takes; None where that is ``AWS::NoValue``."""
    return _choose(argument, path, span, scope)[0]


def taken(node: Node, path: Path, scope: TemplateScope) -> tuple[Value | None, bool]:
    """The node's value, and whether it may be ``AWS::NoValue`` where that is not known."""
    call = call_of(node)
    if call is not None and call[0] == "Fn::If":
        return _choose(call[1], (*path, "Fn::If"), scope.span(node.extent, path), scope)
    return scope.evaluate(node, path), False


def _choose(
    argument: Node, path: Path, span: Span, scope: TemplateScope
) -> tuple[Value | None, bool]:
    terms = arguments(argument, 3)
    name = plain(terms[0]) if terms else None
    if terms is None or name is None:
        return wrong("'Fn::If' needs a condition's name and two values", span), False
    side = scope.condition(name)
    if isinstance(side, Known):
        index = 1 if side.value is True else 2
        return taken(terms[index], (*path, index), scope)
    (yes, yes_goes), (no, no_goes) = (taken(terms[i], (*path, i), scope) for i in (1, 2))
    removable = yes_goes or no_goes or yes is None or no is None
    if yes == no:
        return yes, removable
    return _either(name, side, yes, no, span), removable


def _either(name: str, side: Unknown, yes: Value | None, no: Value | None, span: Span) -> Unknown:
    """What stands for two branches: equal terms where condition and branches are the same."""
    terms = [text_term(Known(None) if branch is None else branch) for branch in (yes, no)]
    symbol = operation("If", side.symbol, *terms)
    return Unknown(f"condition '{name}' is not known", symbol, Why.CONDITION, span=span)


def find_in_map(argument: Node, path: Path, span: Span, scope: TemplateScope) -> Value | None:
    """``Fn::FindInMap``, with ``DefaultValue``; Unknown where a key is not known."""
    terms = argument.items if isinstance(argument, SequenceNode) else ()
    if len(terms) not in (3, 4):
        return wrong("'Fn::FindInMap' needs a mapping and two keys", span)
    name, *keys = (value_of(term, (*path, i), scope) for i, term in enumerate(terms[:3]))
    found = _looked_up(literal(name), keys, path, span, scope)
    default = mapping(terms[3]).get("DefaultValue") if len(terms) == 4 else None
    if found is None and default is not None:
        return value_of(default, (*path, 3, "DefaultValue"), scope)
    if found is None:
        return wrong(f"the mapping '{shown_value(name)}' has no such keys", span)
    return placed(found, span)


def _looked_up(
    name: str | None,
    keys: list[Value],
    path: Path,
    span: Span,
    scope: TemplateScope,
) -> Value | None:
    """The value in a mapping; None when it surely has no such keys."""
    table = scope.table(name) if name is not None else None
    if name is None:
        return wrong("the mapping's name is not known", span)
    if scope.table(_MACRO) is not None or (table is not None and table.get(_MACRO) is not None):
        return wrong(f"a macro makes the mapping '{name}'", span)
    if table is None:
        return None
    nodes: list[Node] = [table]
    for key in keys:
        wanted = literal(key)
        if wanted is None and isinstance(key, Unknown):
            wanted = _world_key(key, nodes, scope)
        nodes = [
            entry.value
            for node in nodes
            if isinstance(node, MappingNode)
            for entry in node.entries
            if wanted is None or entry.key == wanted
        ]
        charge(len(nodes) // 8)
    if not nodes:
        return None
    first = value_of(nodes[0], path, scope)
    if all(_charged(value_of(node, path, scope)) == first for node in nodes[1:]):
        return _chosen(first, name, keys)
    symbol = operation("FindInMap", Name(name), *map(text_term, keys))
    why = next(
        (why for key in keys if (why := why_not(key)) is not None), wrong("a list is a key", span)
    )
    return Unknown(why.reason, symbol, why.why, span=span)


def _chosen(found: Value, name: str, keys: list[Value]) -> Value:
    """What a mapping gives, with the input that chose it, where one did."""
    origins = [key.origin if isinstance(key, Known) else None for key in keys]
    if not isinstance(found, Known) or not any(origins):
        return found
    terms = [origin or text_term(key) for origin, key in zip(origins, keys, strict=True)]
    return replace(found, origin=operation("FindInMap", Name(name), *terms))


def _charged(value: Value) -> Value:
    charge(2)
    return value


def _world_key(key: Unknown, nodes: list[Node], scope: TemplateScope) -> str | None:
    """What selects from a mapping, an input or the account, can only be one of its keys: the
    world's, if it says. Of what is no input, many (the Regions and their images) are no worlds."""
    entries = (entry for node in nodes for entry in mapping(node).entries)
    options = tuple(dict.fromkeys(entry.key for entry in entries))
    if key.why is Why.INPUT or len(options) <= MAX_OPTIONS:
        scope.path_condition.options(key, options)
    return literal(scope.path_condition.value(key))
