"""A template's parameters: their types, defaults and allowed values, and what they are in a world.

Source: CloudFormation User Guide, "Parameters section syntax reference".
"""

from __future__ import annotations

from ...symbolic.documents.nodes import Entry, Leaf, MappingNode, Node, SequenceNode, mapping, plain
from ...symbolic.documents.reading import children
from ...symbolic.records import dataclass, replace
from ...symbolic.source import Span
from ...symbolic.terms import Term, scalar_text
from ...symbolic.values import (
    Items,
    Known,
    Unknown,
    Value,
    Why,
    text,
)
from ...symbolic.worlds import PathCondition

#: More allowed values than this are worlds only where a condition compares the parameter with them.
MAX_OPTIONS = 10


@dataclass(frozen=True)
class TemplateParameter:
    """``compared`` are the literals with which the template's conditions compare it."""

    name: str
    type: str
    default: str | None
    allowed: tuple[str, ...]
    compared: tuple[str, ...]
    no_echo: bool = False

    @property
    def is_list(self) -> bool:
        """Is a value of it a list, written with commas?"""
        return self.type == "CommaDelimitedList" or self.type.startswith("List<")

    @property
    def is_stored(self) -> bool:
        """Is its value the name of an SSM parameter, whose content ``Ref`` gives?"""
        return self.type.startswith("AWS::SSM::Parameter::Value<")


def declared(section: MappingNode, conditions: MappingNode) -> dict[str, TemplateParameter]:
    """The parameters of a template by name."""
    compared = comparisons(conditions)
    return {entry.key: _parameter(entry, compared.get(entry.key, ())) for entry in section.entries}


def _parameter(entry: Entry, compared: tuple[str, ...]) -> TemplateParameter:
    body = mapping(entry.value)
    allowed = body.get("AllowedValues")
    options = allowed.items if isinstance(allowed, SequenceNode) else ()
    return TemplateParameter(
        entry.key,
        plain(body.get("Type")) or "String",
        written(body.get("Default")),
        tuple(dict.fromkeys(o for o in map(written, options) if o is not None)),
        compared,
        plain(body.get("NoEcho")) in ("true", "True", "TRUE", "yes"),
    )


def written(node: Node | None) -> str | None:
    """A default or allowed value: CloudFormation takes every scalar as a string."""
    if isinstance(node, Leaf):
        return scalar_text(node.value)
    if isinstance(node, SequenceNode):
        return ",".join(filter(None, map(written, node.items)))
    return None


def comparisons(conditions: MappingNode) -> dict[str, tuple[str, ...]]:
    """The literals with which ``Fn::Equals`` compares each ``Ref``, anywhere in the conditions."""
    found: dict[str, dict[str, None]] = {}
    queue: list[Node] = [conditions]
    while queue:
        node = queue.pop()
        queue.extend(children(node))
        sides = mapping(node).get("Fn::Equals")
        if isinstance(sides, SequenceNode) and len(sides.items) == 2:
            for one, other in (sides.items, sides.items[::-1]):
                literal = scalar_text(other.value) if isinstance(other, Leaf) else None
                name = plain(mapping(one if literal else _list_of(one)).get("Ref"))
                if name is not None and literal is not None:
                    found.setdefault(name, {})[literal] = None
    return {name: tuple(literals) for name, literals in found.items()}


def _list_of(node: Node) -> Node:
    """The list that ``Fn::Join`` joins or ``Fn::Select`` takes an item of: what comes of it is
    empty where the list is. Any other node is itself."""
    for function in ("Fn::Join", "Fn::Select"):
        terms = mapping(node).get(function)
        if isinstance(terms, SequenceNode) and len(terms.items) == 2:
            return terms.items[1]
    return node


def value(
    parameter: TemplateParameter, symbol: Term, given: Value | None, path_condition: PathCondition
) -> Value:
    """What ``Ref`` to the parameter gives; ``given`` is the caller's or the user's value."""
    if parameter.is_stored:
        reason = f"parameter '{parameter.name}' is read from the Parameter Store at deployment"
        return Unknown(reason, symbol, Why.OUTSIDE)
    few = parameter.allowed if len(parameter.allowed) <= MAX_OPTIONS else ()
    if given is not None:
        if isinstance(given, Unknown) and few:
            path_condition.options(given, few)
            given = path_condition.value(given)
        return _typed(parameter, given)
    unknown = Unknown(f"parameter '{parameter.name}' has no value", symbol, Why.INPUT)
    if parameter.default is not None:
        return _typed(
            parameter,
            _defaulted(parameter, symbol, Known(parameter.default), unknown, path_condition),
        )
    if few:
        path_condition.options(unknown, few)
    else:
        path_condition.required.add(symbol)
    return _typed(parameter, path_condition.value(unknown))


def _defaulted(
    parameter: TemplateParameter,
    symbol: Term,
    default: Known,
    unknown: Unknown,
    path_condition: PathCondition,
) -> Value:
    """An input with a default: the values worth a world each are the allowed ones when they are
    few, else those that a condition tells apart, and one that stands for all others."""
    default = replace(default, origin=symbol)
    if 0 < len(parameter.allowed) <= MAX_OPTIONS and not parameter.is_list:
        return path_condition.input(symbol, default, parameter.allowed)
    compared = [
        option
        for option in parameter.compared
        if (not option if parameter.is_list else option in (parameter.allowed or (option,)))
    ]
    if not compared:
        return default
    options = tuple(dict.fromkeys((parameter.default, *compared)))
    if parameter.default in compared:
        return path_condition.open_input(default, options, unknown)
    return path_condition.input(symbol, default, options)  # the default stands for all others


def _typed(parameter: TemplateParameter, given: Value) -> Value:
    """The value as the parameter's type makes it: strings only, or a list of them."""
    if parameter.is_list:
        if isinstance(given, Known):
            parts = scalar_text(given.value).split(",") if given.value not in (None, "") else []
            items = tuple(Known(part.strip(), given.span) for part in parts)
            return Items(items, span=given.span, origin=None if items else given.origin)
        return given
    if isinstance(given, Items) and given.remainder is None:
        commas = [part for item in given.items for part in (Known(","), item)][1:]
        return text(commas, given.span)
    return replace(given, value=scalar_text(given.value)) if isinstance(given, Known) else given


def referred(given: Value, span: Span, path_condition: PathCondition) -> Value:
    """The value of a parameter where a ``Ref`` to it stands."""
    if isinstance(given, Unknown) and given.symbol is not None:
        path_condition.places[given.symbol].add(span)
    return placed(given, span)


def placed(given: Value, span: Span) -> Value:
    """A value that stands elsewhere, said to stand where it is used."""
    moved = replace(given, span=span)
    if isinstance(moved, Items):
        return replace(moved, items=tuple(replace(item, span=span) for item in moved.items))
    return moved
