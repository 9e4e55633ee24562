"""Expressions to values: the whole of Terraform's expression language, with unknown parts kept symbolic.

Terraform's own errors (a missing attribute, a failed conversion) are Faults inside, so that ``try`` and
``can`` see them; outside they are Unknown with the reason. What stands beside a faulty member of a list
or object stays known.

Source: the Terraform documentation, "Expressions"; compared with ``terraform console`` in the tests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from ..jsontext import Piece, looks_like_json, parse_pieces
from ..source import Span
from ..values import (
    Entries, Items, JsonFault, Known, Reference, Text, Unknown, Value, Why, first, literal, text,
)
from . import numeric, operators
from .access import attribute, element, splat_elements
from .coerce import coerce
from .comparison import as_set, equal, wholly_known
from .faults import Fault, Undecided, beyond_limits
from .functions import CallContext, call
from .kinds import ANY, BOOL, STRING, type_of, unify
from .scope import Scope
from .symbols import cause, compose, derived, symbol_of
from .syntax import (
    Binary, Call, Conditional, Expression, ForObject, ForTuple, GetAttr, Index, Literal, Name, Object,
    Splat, SplatItem, Template, TemplateFor, TemplateIf, Tuple, Unary,
)

#: The most expressions that one evaluation visits, loops included.
MAX_STEPS = 500_000
#: The longest text that is made (characters).
MAX_TEXT = 4 * 1024 * 1024

Names = Mapping[str, Value]
#: Where a Splat's element stands among the names; no name in HCL has a star.
_SPLAT = "*"


def evaluate(expression: Expression, scope: Scope, names: Names = {}) -> Value:
    """The value of ``expression`` in ``scope``, ``names`` being its loop variables. Never raises for
    anything that scanned code says: an error of Terraform's is Unknown with the reason."""
    try:
        return _Evaluator(scope).value(expression, names)
    except Fault as fault:
        return fault.unknown(expression.span)
    except Undecided as undecided:
        return replace(undecided.unknown, span=expression.span)
    except RecursionError:
        return Unknown("the expression is nested too deeply", why=Why.LIMIT, span=expression.span)


class _Evaluator:
    """One evaluation. ``is_tried`` while inside ``try`` and ``can``, where every Fault counts."""

    def __init__(self, scope: Scope) -> None:
        self.scope, self.inquiry = scope, scope.inquiry
        self.steps, self.is_tried = 0, False

    def value(self, expression: Expression, names: Names) -> Value:
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise beyond_limits("the number of steps")
        result = _METHODS[type(expression)](self, expression, names)
        return operators.settled(result, self.inquiry) if isinstance(result, Unknown) else result

    def member(self, expression: Expression, names: Names) -> Value:
        """The value of a list's or object's member, which leaves those beside it alone."""
        try:
            return self.value(expression, names)
        except Undecided as undecided:
            return replace(undecided.unknown, span=expression.span)
        except Fault as fault:
            if self.is_tried:
                raise
            return fault.unknown(expression.span)

    # -- literals and structures -------------------------------------------------------------------

    def literal(self, expression: Literal, names: Names) -> Value:
        if isinstance(expression.value, float):
            return operators.number(_exact(expression.value), expression.span)
        known = Known(expression.value, expression.span)
        if expression.begins is not None:
            return _with_structure(known, [Piece(known, expression.begins, expression.margin)], is_raw=True)
        return known

    def sequence(self, expression: Tuple, names: Names) -> Value:
        return Items(tuple(self.member(item, names) for item in expression.items), span=expression.span)

    def mapping(self, expression: Object, names: Names) -> Value:
        entries: dict[str, Value] = {}
        spans: dict[str, Span] = {}
        rest: Unknown | None = None
        for item in expression.items:
            key = self.key(item.key, names)
            value = self.member(item.value, names)
            if isinstance(key, Unknown):
                rest = first(rest, key)
                entries = {name: _overridable(old, key) for name, old in entries.items()}
            else:
                entries[key], spans[key] = value, item.key.span
        return Entries(tuple(entries.items()), rest, expression.span, tuple(spans.items()))

    def key(self, expression: Expression, names: Names) -> str | Unknown:
        """An object's key; Unknown when it is not known what it reads."""
        key = coerce(self.value(expression, names), STRING)
        if key == Known(None):
            raise Fault("a key is null")
        known = literal(key)
        return _unknown_key(key) if known is None else known

    # -- names and traversals ----------------------------------------------------------------------

    def name(self, expression: Name, names: Names) -> Value:
        if expression.name in names:
            return names[expression.name]
        return self.scope.root(expression.name, expression.span)

    def get_attr(self, expression: GetAttr, names: Names) -> Value:
        whole = self.value(expression.object, names)
        return attribute(whole, expression.name, self.scope, expression.span)

    def index(self, expression: Index, names: Names) -> Value:
        collection = self.value(expression.object, names)
        return element(collection, self.value(expression.key, names), self.scope, expression.span)

    def splat_item(self, expression: SplatItem, names: Names) -> Value:
        return names[_SPLAT]

    def splat(self, expression: Splat, names: Names) -> Value:
        source = self.value(expression.object, names)
        if isinstance(source, Unknown):
            each = replace(source, symbol=source.symbol and source.symbol + "[*]")
            projected = self.value(expression.each, {**names, _SPLAT: each})
            rest = projected if isinstance(projected, Unknown) else each
            return Items((), replace(rest, span=expression.span), expression.span)
        elements = splat_elements(source, self.scope, expression.span)
        items = tuple(self.member(expression.each, {**names, _SPLAT: item}) for item in elements.items)
        return replace(elements, items=items, span=expression.span)

    # -- operators ---------------------------------------------------------------------------------

    def unary(self, expression: Unary, names: Names) -> Value:
        value = self.value(expression.operand, names)
        operation = operators.negation if expression.operator == "!" else operators.minus
        return operation(value, expression.span)

    def binary(self, expression: Binary, names: Names) -> Value:
        left = self.value(expression.left, names)
        if expression.operator in ("&&", "||"):
            side = operators.operand(left, BOOL)
            if isinstance(side, Known) and side.value is (expression.operator == "||"):
                return replace(side, span=expression.span)
        right = self.value(expression.right, names)
        return operators.binary(expression.operator, left, right, self.inquiry, expression.span)

    def conditional(self, expression: Conditional, names: Names) -> Value:
        condition = self.value(expression.condition, names)
        side = operators.holds(condition, self.inquiry)
        if side is None:
            then, otherwise = self.member(expression.then, names), self.member(expression.otherwise, names)
            if equal(then, otherwise):
                return then
            return Unknown(
                f"it depends on {_named(condition)}", compose("({} ? {} : {})", condition, then, otherwise),
                Why.CONDITION, span=expression.span)
        taken, other = ((expression.then, expression.otherwise) if side
                        else (expression.otherwise, expression.then))
        value = self.value(taken, names)
        return self.unified(value, other, names)

    def unified(self, value: Value, other: Expression, names: Names) -> Value:
        """The side of a conditional that is taken, as the type that both sides share."""
        mine = type_of(value)
        if mine in (ANY, STRING) or isinstance(other, Literal) and other.value is None:
            return value
        try:
            kind = unify([mine, type_of(self.value(other, names))])
        except (Fault, Undecided):
            return value
        if kind is None:
            raise Fault("the two sides of a condition have different types")
        return coerce(value, kind)

    # -- for expressions ---------------------------------------------------------------------------

    def elements(self, collection: Value, span: Span) -> tuple[list[tuple[Value, Value]], Unknown | None, bool]:
        """The keys and values that a loop runs over, why there may be more, and whether their order
        is open."""
        if isinstance(collection, Reference) and collection.attribute == "":
            collection = self.scope.whole(collection, span)
        if isinstance(collection, Reference) and collection.attribute == "*":
            key = Unknown("the key of an instance is not known", span=span)
            rest = Unknown(f"the instances of '{collection.address}' are not known", collection.address,
                           span=span)
            return [(key, self.scope.element(collection, key, span))], rest, True
        if isinstance(collection, Items):
            if not collection.is_set:
                indices = [Known(i) if collection.rest is None else Unknown(collection.rest.reason)
                           for i in range(len(collection.items))]
                return list(zip(indices, collection.items)), collection.rest, False
            ordered = as_set(collection)
            return [(item, item) for item in ordered.items], ordered.rest, not wholly_known(ordered)
        if isinstance(collection, Entries):
            spans = dict(collection.key_spans)
            return ([(Known(key, spans.get(key, value.span)), value)
                     for key, value in sorted(collection.entries, key=lambda pair: pair[0])],
                    collection.rest, collection.rest is not None)
        if isinstance(collection, (Unknown, Reference)):
            return [], derived("{}", collection, span=span), False
        raise Fault("a loop needs a list, a set or a map")

    def rounds(self, loop: ForTuple | ForObject, names: Names,
               pairs: list[tuple[Value, Value]]) -> Iterator[tuple[Names, Unknown | None]]:
        """Each round's names, and why it may not take place."""
        for key, value in pairs:
            seen = {**names, loop.value: value}
            if loop.key is not None:
                seen[loop.key] = key
            if loop.condition is None:
                yield seen, None
                continue
            condition = self.value(loop.condition, seen)
            side = operators.holds(condition, self.inquiry)
            if side is None:
                yield seen, derived("{}", condition, span=loop.span, why=Why.CONDITION)
            elif side:
                yield seen, None

    def for_tuple(self, loop: ForTuple, names: Names) -> Value:
        pairs, rest, is_open = self.elements(self.value(loop.collection, names), loop.span)
        items: list[Value] = []
        for seen, doubt in self.rounds(loop, names, pairs):
            if doubt is not None:
                rest = first(rest, doubt)
            else:
                items.append(self.member(loop.item, seen))
        return Items(tuple(items), rest, loop.span, is_set=is_open and len(items) > 1)

    def for_object(self, loop: ForObject, names: Names) -> Value:
        pairs, rest, _ = self.elements(self.value(loop.collection, names), loop.span)
        entries: dict[str, Value] = {}
        spans: dict[str, Span] = {}
        groups: dict[str, list[Value]] = {}
        for seen, doubt in self.rounds(loop, names, pairs):
            key = self.key(loop.item_key, seen) if doubt is None else doubt
            if isinstance(key, Unknown):
                rest = first(rest, key)
                continue
            value = self.member(loop.item, seen)
            if loop.group:
                groups.setdefault(key, []).append(value)
            elif key in entries:
                raise Fault(f"two items of a loop have the key '{key}'")
            entries[key] = value
            spans.setdefault(key, value.span)
        for key, group in groups.items():
            entries[key] = Items(tuple(group), rest, loop.span)
        return Entries(tuple(sorted(entries.items())), rest, loop.span, tuple(spans.items()))

    # -- templates ---------------------------------------------------------------------------------

    def template(self, template: Template, names: Names) -> Value:
        if len(template.parts) == 1 and not isinstance(template.parts[0], (str, TemplateIf, TemplateFor)):
            return self.value(template.parts[0], names)
        pieces = list(self.pieces(template, names, template.span))
        if sum(len(str(piece.value.value)) for piece in pieces if isinstance(piece.value, Known)) > MAX_TEXT:
            raise beyond_limits("a text")
        whole = text([piece.value for piece in pieces], template.span)
        return whole if isinstance(whole, Unknown) else _with_structure(
            whole, pieces, is_raw=bool(template.begins))

    def pieces(self, template: Template, names: Names, whole: Span) -> Iterator[Piece]:
        """The template's parts, each with its place, loops unrolled."""
        for position, part in enumerate(template.parts):
            if isinstance(part, str):
                if template.begins:
                    yield Piece(Known(part), template.begins[position], template.margin)
                else:
                    yield Piece(Known(part), whole)
            elif isinstance(part, TemplateIf):
                yield from self.template_if(part, names, whole)
            elif isinstance(part, TemplateFor):
                yield from self.template_for(part, names, whole)
            else:
                yield Piece(_interpolated(self.value(part, names)), part.span)

    def template_if(self, directive: TemplateIf, names: Names, whole: Span) -> Iterator[Piece]:
        condition = self.value(directive.condition, names)
        side = operators.holds(condition, self.inquiry)
        if side is not None:
            branch = directive.then if side else directive.otherwise
            if branch is not None:
                yield from self.pieces(branch, names, whole)
            return
        then, otherwise = (text([piece.value for piece in self.pieces(branch, names, whole)])
                           if branch else Known("") for branch in (directive.then, directive.otherwise))
        if equal(then, otherwise):
            yield Piece(then, directive.span)
        else:
            yield Piece(Unknown(f"it depends on {_named(condition)}",
                                compose("({} ? {} : {})", condition, then, otherwise),
                                Why.CONDITION, span=directive.span), directive.span)

    def template_for(self, directive: TemplateFor, names: Names, whole: Span) -> Iterator[Piece]:
        collection = self.value(directive.collection, names)
        pairs, rest, is_open = self.elements(collection, directive.span)
        if rest is not None or (is_open and len(pairs) > 1):
            unknown = cause(collection) if rest is None else rest
            yield Piece(replace(unknown, symbol="", span=directive.span), directive.span)
            return
        for key, value in pairs:
            seen = {**names, directive.value: value}
            if directive.key is not None:
                seen[directive.key] = key
            self.steps += 1
            if self.steps > MAX_STEPS:
                raise beyond_limits("the number of steps")
            yield from self.pieces(directive.body, seen, whole)

    # -- functions ---------------------------------------------------------------------------------

    def call(self, expression: Call, names: Names) -> Value:
        name = expression.function.removeprefix("core::")
        if name == "try":
            return self.tried(expression, names)
        if name == "can":
            return self.can(expression, names)
        arguments = [self.value(argument, names) for argument in expression.arguments]
        is_open = False
        if expression.expand and arguments:
            last = arguments.pop()
            if isinstance(last, Items):
                arguments.extend(last.items)
                last = Known(None) if last.rest is None else last.rest
            elif not isinstance(last, (Unknown, Reference)):
                raise Fault("only a list can be expanded into arguments")
            if isinstance(last, (Unknown, Reference)):
                arguments.append(derived("{}...", last, span=last.span))
                is_open = True
        context = CallContext(name, expression.span, self.scope, expression.arguments, is_open, self.render)
        try:
            return call(context, arguments)
        except Undecided as undecided:
            return replace(undecided.unknown, span=expression.span)

    def render(self, template: Expression, names: Names, rest: Unknown | None) -> Value:
        """A template of ``templatefile`` or ``templatestring``, which sees ``names`` alone; ``rest``
        says why there may be more of them."""
        inner = _Evaluator(_Isolated(self.scope, rest))
        inner.steps = self.steps
        try:
            return inner.value(template, names)
        finally:
            self.steps = inner.steps

    def tried(self, expression: Call, names: Names) -> Value:
        outer, self.is_tried = self.is_tried, True
        try:
            reason = "no expression is given to 'try'"
            for argument in expression.arguments:
                try:
                    return self.value(argument, names)
                except Fault as fault:
                    reason = fault.reason
            raise Fault(reason)
        finally:
            self.is_tried = outer

    def can(self, expression: Call, names: Names) -> Value:
        outer, self.is_tried = self.is_tried, True
        try:
            value = self.value(expression.arguments[0], names) if expression.arguments else Known(None)
        except Fault:
            return Known(False, expression.span)
        finally:
            self.is_tried = outer
        if _has_unknown(value):
            return derived("can({})", value, span=expression.span)
        return Known(True, expression.span)


class _Isolated:
    """The scope of a template file: its variables are names, and there is nothing else."""

    def __init__(self, outer: Scope, rest: Unknown | None) -> None:
        self.rest = rest
        self.inquiry, self.boundary = outer.inquiry, outer.boundary
        self.module_folder, self.root_folder = outer.module_folder, outer.root_folder
        self.attribute, self.element, self.whole = outer.attribute, outer.element, outer.whole

    def root(self, name: str, span: Span) -> Value:
        if self.rest is not None:
            return replace(self.rest, symbol="", span=span)
        raise Fault(f"the template's variables have no '{name}'")


_METHODS: dict[type, Callable[[_Evaluator, Any, Names], Value]] = {
    Literal: _Evaluator.literal, Template: _Evaluator.template, Tuple: _Evaluator.sequence,
    Object: _Evaluator.mapping, Name: _Evaluator.name, GetAttr: _Evaluator.get_attr,
    Index: _Evaluator.index, SplatItem: _Evaluator.splat_item, Splat: _Evaluator.splat,
    Call: _Evaluator.call, Unary: _Evaluator.unary, Binary: _Evaluator.binary,
    Conditional: _Evaluator.conditional, ForTuple: _Evaluator.for_tuple, ForObject: _Evaluator.for_object,
}


def _exact(value: float) -> Fraction:
    try:
        return numeric.exact(value)
    except OverflowError:
        raise beyond_limits("a number") from None


def _unknown_key(key: Value) -> Unknown:
    return replace(cause(key), symbol="")


def _overridable(value: Value, key: Unknown) -> Value:
    """A member that one with an unknown key, written after it, may replace."""
    return replace(key, symbol="", span=value.span)


def _named(condition: Value) -> str:
    symbol = symbol_of(condition).removeprefix("!")
    return f"'{symbol}'" if symbol else "a condition that is not known"


def _interpolated(value: Value) -> Value:
    if value == Known(None):
        raise Fault("null cannot stand inside a string")
    is_whole = isinstance(value, Reference) and value.attribute in ("", "*")
    if is_whole or isinstance(value, (Items, Entries)):
        raise Fault("a list, map or resource cannot stand inside a string")
    return value


def _has_unknown(value: Value) -> bool:
    if isinstance(value, Items):
        return value.rest is not None or any(map(_has_unknown, value.items))
    if isinstance(value, Entries):
        return value.rest is not None or any(_has_unknown(item) for _, item in value.entries)
    if isinstance(value, Text):
        return any(isinstance(part, Unknown) for part in value.parts)
    return isinstance(value, Unknown)


def _with_structure(whole: Known | Text, pieces: list[Piece], *, is_raw: bool) -> Known | Text:
    """The text with the structure that it is the JSON of, where the pieces know more of their places
    than the text alone would."""
    if not looks_like_json(whole):
        return whole
    if not is_raw and not any(isinstance(piece.value, (Known, Text)) and piece.value.encodes
                              for piece in pieces):
        return whole
    structure = parse_pieces(pieces, whole.span, numeric.parse)
    if isinstance(structure, Unknown) or (isinstance(structure, JsonFault) and not is_raw):
        return whole
    return replace(whole, encodes=structure)
