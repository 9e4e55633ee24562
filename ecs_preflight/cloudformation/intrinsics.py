"""CloudFormation's functions, over values that are partly known.

A value that a function gives stands where the function is written; only ``Fn::If`` leaves its
branch in its own place, with ``Fn::If`` and the branch's index in the path. Wrong arguments give
Unknown.
Source: CloudFormation User Guide, "Intrinsic function reference".
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from dataclasses import replace

from ..source import Span
from ..values import (
    Entries, Items, Known, Reference, Text, Unknown, Value, Why, literal, shown_value,
    why_not,
)
from . import foreach, texts
from .nodes import Broken, Leaf, Mapping, Node, Sequence, mapping, plain
from .parameters import placed
from .scope import Path, Scope

_MAX_SYMBOL = 200


def evaluate(node: Node, path: Path, scope: Scope) -> Value | None:
    """The node's value; None for ``AWS::NoValue``, which removes the property or item."""
    span = scope.span(node.extent, path)
    if isinstance(node, Leaf):
        return texts.with_dynamic_references(Known(node.value, span))
    if isinstance(node, Broken):
        return _wrong(node.reason, span)
    if not scope.descend():
        return Unknown("it is nested too deeply", why=Why.LIMIT, span=span)
    try:
        if isinstance(node, Sequence):
            return _items(node, path, span, scope)
        call = _call(node)
        if call is not None:
            name, argument = call
            return FUNCTIONS[name](argument, (*path, name), span, scope)
        return _entries(node, path, span, scope)
    finally:
        scope.ascend()


def value_of(node: Node, path: Path, scope: Scope) -> Value:
    """As evaluate, with Known(None) for ``AWS::NoValue``."""
    found = evaluate(node, path, scope)
    return Known(None, scope.span(node.extent, path)) if found is None else found


def _call(node: Mapping) -> tuple[str, Node] | None:
    """The function and its argument, when the mapping is a call."""
    if len(node.entries) == 1 and node.entries[0].key in FUNCTIONS:
        return node.entries[0].key, node.entries[0].value
    return None


def _items(node: Sequence, path: Path, span: Span, scope: Scope) -> Items:
    values: list[Value] = []
    rest: Unknown | None = None
    for index, item in enumerate(node.items):
        at = (*path, index)
        call = _call(item) if isinstance(item, Mapping) else None
        if call is not None and call[0] == "Fn::If":
            found, removable = _choose(call[1], (*at, "Fn::If"), scope.span(item.extent, at), scope)
            if removable and isinstance(found, Unknown):
                rest = replace(found, symbol="")
                continue
        else:
            found = evaluate(item, at, scope)
        if found is not None:
            values.append(found)
    return Items(tuple(values), rest, span)


def _entries(node: Mapping, path: Path, span: Span, scope: Scope) -> Entries:
    values: list[tuple[str, Value]] = []
    keys: list[tuple[str, Span]] = []
    rest: Unknown | None = None
    expanded_entries, rest = foreach.expanded_entries(node.entries, path, scope)
    for entry in expanded_entries:
        at = (*path, entry.key)
        if entry.key.startswith("Fn::"):
            rest = _wrong(f"'{entry.key}' may add to it or change it", scope.span(entry.extent, at))
            continue
        found = evaluate(entry.value, at, scope)
        if found is not None:
            values.append((entry.key, found))
            keys.append((entry.key, scope.span(entry.extent, at)))
    return Entries(tuple(values), rest, span, tuple(keys))


# -- the functions: (argument, path, span of the call, scope) -> value -----------------------------

def _ref(argument: Node, path: Path, span: Span, scope: Scope) -> Value | None:
    name = _name(argument, path, scope)
    return _wrong("'Ref' does not name anything", span) if name is None else scope.ref(name, span)


def _get_att(argument: Node, path: Path, span: Span, scope: Scope) -> Value | None:
    if isinstance(argument, Sequence) and len(argument.items) >= 2:
        names = [_name(item, path, scope) for item in argument.items]
        dotted = None if None in names else ".".join(filter(None, names))
    else:
        dotted = _name(argument, path, scope)
    name, dot, attribute = (dotted or "").partition(".")
    if not dot:
        return _wrong("'Fn::GetAtt' does not name a resource and an attribute", span)
    return scope.attribute(name, attribute, span)


def _sub(argument: Node, path: Path, span: Span, scope: Scope) -> Value | None:
    template, variables = argument, Mapping((), argument.extent)
    if isinstance(argument, Sequence):
        if len(argument.items) != 2 or not isinstance(argument.items[1], Mapping):
            return _wrong("'Fn::Sub' needs a string and a map", span)
        template, variables = argument.items[0], argument.items[1]
    written = plain(template)
    if written is None:
        return _wrong("'Fn::Sub' needs a string", span)
    own = {entry.key: value_of(entry.value, (*path, 1, entry.key), scope)
           for entry in variables.entries}

    def find(name: str) -> Value:
        if name in own:
            return own[name]
        resource, dot, attribute = name.partition(".")
        found = scope.attribute(resource, attribute, span) if dot else scope.ref(name, span)
        return Known("") if found is None else found

    return texts.substituted(written, find, span)


def _join(argument: Node, path: Path, span: Span, scope: Scope) -> Value | None:
    terms = _arguments(argument, 2)
    if terms is None:
        return _wrong("'Fn::Join' needs a delimiter and a list", span)
    delimiter, items = (value_of(term, (*path, i), scope) for i, term in enumerate(terms))
    if isinstance(items, Unknown):
        return replace(items, symbol="", span=span)
    if not isinstance(items, Items):
        return _wrong("'Fn::Join' needs a list", span)
    if items.rest is not None:
        return replace(items.rest, symbol="", span=span)
    parts = [part for item in items for part in (delimiter, item)][1:]
    return texts.concatenated(parts, span)


def _split(argument: Node, path: Path, span: Span, scope: Scope) -> Value | None:
    pieces = _pieces(argument, path, span, scope)
    return pieces if isinstance(pieces, Unknown) else Items(pieces[0], pieces[1], span)


def _pieces(
    argument: Node, path: Path, span: Span, scope: Scope,
) -> tuple[tuple[Value, ...], Unknown | None] | Unknown:
    """The pieces of ``Fn::Split``: the certain ones, in order, and why there may be others."""
    terms = _arguments(argument, 2)
    if terms is None:
        return _wrong("'Fn::Split' needs a delimiter and a string", span)
    delimiter, source = (value_of(term, (*path, i), scope) for i, term in enumerate(terms))
    sign = literal(delimiter)
    if sign is None or isinstance(source, (Items, Entries)):
        return _wrong("'Fn::Split' needs a delimiter and a string", span)
    pieces, why = texts.split(source, sign, span)
    return tuple(placed(piece, span) for piece in pieces), why


def _select(argument: Node, path: Path, span: Span, scope: Scope) -> Value | None:
    terms = _arguments(argument, 2)
    index = literal(value_of(terms[0], (*path, 0), scope)) if terms else None
    if terms is None or index is None or not index.isdecimal() or len(index) > 9:
        return _wrong("'Fn::Select' needs an index and a list", span)
    position, call = int(index), _call(mapping(terms[1]))
    if call is not None and call[0] == "Fn::Split":
        pieces = _pieces(call[1], (*path, 1, "Fn::Split"), span, scope)
        if isinstance(pieces, Unknown):
            return pieces
        certain, rest = pieces
    else:
        items = value_of(terms[1], (*path, 1), scope)
        if isinstance(items, Unknown):
            symbol = f"select({position}, {items.symbol})" if items.symbol else ""
            return replace(items, symbol=symbol, span=span)
        if not isinstance(items, Items):
            return _wrong("'Fn::Select' needs a list", span)
        certain, rest = ((), items.rest) if items.rest is not None else (items.items, None)
    if position < len(certain):
        return placed(certain[position], span)
    if rest is not None:
        return replace(rest, symbol="", span=span)
    return _wrong(f"'Fn::Select' asks for item {position} of {len(certain)}", span)


def _if(argument: Node, path: Path, span: Span, scope: Scope) -> Value | None:
    return _choose(argument, path, span, scope)[0]


def _choose(argument: Node, path: Path, span: Span, scope: Scope) -> tuple[Value | None, bool]:
    """The branch that the condition takes, and whether one that it may take is ``AWS::NoValue``."""
    terms = _arguments(argument, 3)
    name = plain(terms[0]) if terms else None
    if terms is None or name is None:
        return _wrong("'Fn::If' needs a condition's name and two values", span), False
    side = scope.condition(name)
    if isinstance(side, Known):
        index = 1 if side.value is True else 2
        return evaluate(terms[index], (*path, index), scope), False
    yes, no = (evaluate(terms[i], (*path, i), scope) for i in (1, 2))
    if yes == no:
        return yes, False
    return _either(name, side, yes, no, span), yes is None or no is None


def _either(name: str, side: Unknown, yes: Value | None, no: Value | None, span: Span) -> Unknown:
    """What stands for two branches: equal symbols where condition and branches are the same."""
    names = [_canonical(Known(None) if branch is None else branch) for branch in (yes, no)]
    symbol = f"if({side.symbol}, {names[0]}, {names[1]})"
    if not side.symbol or None in names or len(symbol) > _MAX_SYMBOL:
        symbol = ""
    return Unknown(f"condition '{name}' is not known", symbol, Why.CONDITION, span=span)


def _canonical(value: Value) -> str | None:
    """The value in a symbol; None when it is not equal to itself, or no string."""
    if isinstance(value, Known):
        return "null" if value.value is None else f'"{shown_value(value)}"'
    if isinstance(value, (Unknown, Reference)):
        return value.symbol or None
    if isinstance(value, Text):
        holes = [part for part in value.parts if not isinstance(part, str)]
        return f'"{shown_value(value)}"' if all(hole.symbol for hole in holes) else None
    return None


def _find_in_map(argument: Node, path: Path, span: Span, scope: Scope) -> Value | None:
    terms = argument.items if isinstance(argument, Sequence) else ()
    if len(terms) not in (3, 4):
        return _wrong("'Fn::FindInMap' needs a mapping and two keys", span)
    name, *keys = (value_of(term, (*path, i), scope) for i, term in enumerate(terms[:3]))
    found = _looked_up(literal(name), keys, path, span, scope)
    default = mapping(terms[3]).get("DefaultValue") if len(terms) == 4 else None
    if found is None and default is not None:
        return value_of(default, (*path, 3, "DefaultValue"), scope)
    if found is None:
        return _wrong(f"the mapping '{shown_value(name)}' has no such keys", span)
    return placed(found, span)


def _looked_up(
    name: str | None, keys: list[Value], path: Path, span: Span, scope: Scope,
) -> Value | None:
    """The value in a mapping; None when it surely has no such keys."""
    table = scope.table(name) if name is not None else None
    if name is None:
        return _wrong("the mapping's name is not known", span)
    if table is None:
        return None
    nodes: list[Node] = [table]
    for key in keys:
        wanted = literal(key)
        if wanted is None and isinstance(key, Unknown):
            wanted = _world_key(key, nodes, scope)
        nodes = [entry.value for node in nodes if isinstance(node, Mapping)
                 for entry in node.entries if wanted is None or entry.key == wanted]
    if not nodes:
        return None
    values = [value_of(node, path, scope) for node in nodes]
    if all(value == values[0] for value in values):
        return values[0]
    symbols = [_canonical(key) for key in keys]
    symbol = "" if None in symbols else f"map({name}, {symbols[0]}, {symbols[1]})"
    why = next((why for key in keys if (why := why_not(key)) is not None),
               _wrong("a list is a key", span))
    return Unknown(why.reason, symbol, why.why, span=span)


def _world_key(key: Unknown, nodes: list[Node], scope: Scope) -> str | None:
    """An input that selects from a mapping can only be one of its keys: the world's, if it says."""
    if key.why is Why.INPUT:
        scope.inquiry.options(key, tuple(dict.fromkeys(
            entry.key for node in nodes if isinstance(node, Mapping) for entry in node.entries)))
    return literal(scope.inquiry.value(key))


def _import_value(argument: Node, path: Path, span: Span, scope: Scope) -> Value | None:
    return placed(scope.imported(value_of(argument, path, scope), span), span)


def _get_azs(argument: Node, path: Path, span: Span, scope: Scope) -> Value | None:
    return Unknown("the Availability Zones are those of the Region", "zones", span=span)


def _cidr(argument: Node, path: Path, span: Span, scope: Scope) -> Value | None:
    terms = argument.items if isinstance(argument, Sequence) else ()
    words = [literal(value_of(term, (*path, i), scope)) for i, term in enumerate(terms)]
    if len(words) not in (2, 3) or None in words:
        return Unknown("the address ranges are not known", why=Why.FUNCTION, span=span)
    block, count, bits = (*words, "8")[:3]
    try:
        network = ipaddress.ip_network(str(block))
        subnets = network.subnets(new_prefix=network.max_prefixlen - int(str(bits)))
        ranges = (next(subnets) for _ in range(min(int(str(count)), 256)))
        return Items(tuple(Known(str(each), span) for each in ranges), span=span)
    except (ValueError, StopIteration, RuntimeError):
        return _wrong("'Fn::Cidr' needs a range, a count and a number of bits that fit", span)


def _base64(argument: Node, path: Path, span: Span, scope: Scope) -> Value | None:
    """The text as it is: only user data is encoded, and its readers want the plain text."""
    return placed(value_of(argument, path, scope), span)


def _length(argument: Node, path: Path, span: Span, scope: Scope) -> Value | None:
    items = value_of(argument, path, scope)
    if isinstance(items, Items) and items.rest is None:
        return Known(len(items.items), span)
    return Unknown("the length of the list is not known", why=Why.FUNCTION, span=span)


def _to_json(argument: Node, path: Path, span: Span, scope: Scope) -> Value | None:
    return texts.json_of(value_of(argument, path, scope), span)


def _transform(argument: Node, path: Path, span: Span, scope: Scope) -> Value | None:
    name = plain(mapping(argument).get("Name")) or "?"
    return Unknown(f"the macro '{name}' makes it at deployment", why=Why.OUTSIDE, span=span)


FUNCTIONS: dict[str, Callable[[Node, Path, Span, Scope], Value | None]] = {
    "Ref": _ref, "Fn::GetAtt": _get_att, "Fn::Sub": _sub, "Fn::Join": _join, "Fn::Split": _split,
    "Fn::Select": _select, "Fn::If": _if, "Fn::FindInMap": _find_in_map,
    "Fn::ImportValue": _import_value, "Fn::GetAZs": _get_azs, "Fn::Cidr": _cidr,
    "Fn::Base64": _base64, "Fn::Length": _length, "Fn::ToJsonString": _to_json,
    "Fn::Transform": _transform,
}


def _arguments(node: Node, count: int) -> tuple[Node, ...] | None:
    return node.items if isinstance(node, Sequence) and len(node.items) == count else None


def _name(node: Node, path: Path, scope: Scope) -> str | None:
    return plain(node) if isinstance(node, Leaf) else literal(value_of(node, path, scope))


def _wrong(reason: str, span: Span) -> Unknown:
    return Unknown(reason, why=Why.FUNCTION, span=span)
