"""The functions that make lists and take from them: Join, Split, Select, Length, Cidr, GetAZs."""

from __future__ import annotations

import ipaddress

from ...symbolic.documents.nodes import Node, SequenceNode
from ...symbolic.records import replace
from ...symbolic.source import Span
from ...symbolic.terms import Constant, Name, operation
from ...symbolic.values import Entries, Items, Known, Unknown, Value, Why, literal
from . import texts
from .parameters import placed
from .scope import Path, TemplateScope, arguments, call_of, value_of, wrong


def join(argument: Node, path: Path, span: Span, scope: TemplateScope) -> Value | None:
    """``Fn::Join``; Unknown where the list may hold more."""
    terms = arguments(argument, 2)
    if terms is None:
        return wrong("'Fn::Join' needs a delimiter and a list", span)
    delimiter, items = (value_of(term, (*path, i), scope) for i, term in enumerate(terms))
    if isinstance(items, Unknown):
        sign = literal(delimiter)
        symbol = None if sign is None else operation("Join", Constant(sign), items.symbol)
        return replace(items, symbol=symbol, span=span)
    if not isinstance(items, Items):
        return wrong("'Fn::Join' needs a list", span)
    if items.origin is not None and not items.items:
        return Known("", span, origin=items.origin)
    if items.remainder is not None:
        return replace(items.remainder, symbol=None, span=span)
    parts = [part for item in items for part in (delimiter, item)][1:]
    return texts.concatenated(parts, span)


def split(argument: Node, path: Path, span: Span, scope: TemplateScope) -> Value | None:
    """``Fn::Split``; open where a hole may hold the delimiter."""
    pieces = _pieces(argument, path, span, scope)
    return pieces if isinstance(pieces, Unknown) else Items(pieces[0], pieces[1], span)


def _pieces(
    argument: Node,
    path: Path,
    span: Span,
    scope: TemplateScope,
) -> tuple[tuple[Value, ...], Unknown | None] | Unknown:
    """The pieces of ``Fn::Split``: the certain ones, in order, and why there may be others."""
    terms = arguments(argument, 2)
    if terms is None:
        return wrong("'Fn::Split' needs a delimiter and a string", span)
    delimiter, source = (value_of(term, (*path, i), scope) for i, term in enumerate(terms))
    sign = literal(delimiter)
    if sign is None or isinstance(source, (Items, Entries)):
        return wrong("'Fn::Split' needs a delimiter and a string", span)
    pieces, why = texts.split(source, sign, span)
    return tuple(placed(piece, span) for piece in pieces), why


def select(argument: Node, path: Path, span: Span, scope: TemplateScope) -> Value | None:
    """``Fn::Select``; Unknown where an earlier element may be missing."""
    terms = arguments(argument, 2)
    index = literal(value_of(terms[0], (*path, 0), scope)) if terms else None
    if terms is None or index is None or not index.isdecimal() or len(index) > 9:
        return wrong("'Fn::Select' needs an index and a list", span)
    position, call = int(index), call_of(terms[1])
    if call is not None and call[0] == "Fn::Split":
        pieces = _pieces(call[1], (*path, 1, "Fn::Split"), span, scope)
        if isinstance(pieces, Unknown):
            return pieces
        certain, remainder = pieces
    else:
        items = value_of(terms[1], (*path, 1), scope)
        if isinstance(items, Unknown):
            symbol = operation("Select", Constant(position), items.symbol)
            return replace(items, symbol=symbol, span=span)
        if not isinstance(items, Items):
            return wrong("'Fn::Select' needs a list", span)
        if items.origin is not None and not items.items and position == 0:
            return Known("", span, origin=items.origin)
        certain, remainder = (
            ((), items.remainder) if items.remainder is not None else (items.items, None)
        )
    if position < len(certain):
        return placed(certain[position], span)
    if remainder is not None:
        return replace(remainder, symbol=None, span=span)
    return wrong(f"'Fn::Select' asks for item {position} of {len(certain)}", span)


def get_azs(argument: Node, path: Path, span: Span, scope: TemplateScope) -> Value | None:
    """``Fn::GetAZs``: the account's own, so never known."""
    return Unknown("the Availability Zones are those of the Region", Name("zones"), span=span)


def cidr(argument: Node, path: Path, span: Span, scope: TemplateScope) -> Value | None:
    """``Fn::Cidr``; Unknown where an argument is."""
    terms = argument.items if isinstance(argument, SequenceNode) else ()
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
        return wrong("'Fn::Cidr' needs a range, a count and a number of bits that fit", span)


def length(argument: Node, path: Path, span: Span, scope: TemplateScope) -> Value | None:
    """``Fn::Length``; Unknown where the list may hold more."""
    items = value_of(argument, path, scope)
    if isinstance(items, Items) and items.remainder is None:
        return Known(len(items.items), span)
    return Unknown("the length of the list is not known", why=Why.FUNCTION, span=span)
