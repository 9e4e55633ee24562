"""CloudFormation's functions, over values that are partly known.

A value that a function gives stands where the function is written; only ``Fn::If`` leaves its
branch in its own place, with ``Fn::If`` and the branch's index in the path. Wrong arguments give
Unknown.
Source: CloudFormation User Guide, "Intrinsic function reference".
"""

from __future__ import annotations

from collections.abc import Callable

from ...symbolic.budget import OverBudget, charge
from ...symbolic.documents.nodes import (
    Broken,
    Leaf,
    MappingNode,
    Node,
    SequenceNode,
    mapping,
    plain,
)
from ...symbolic.faults import contained
from ...symbolic.records import replace
from ...symbolic.source import Span
from ...symbolic.values import Entries, Items, Known, Unknown, Value, Why, literal
from . import branches, foreach, lists, texts
from .parameters import placed
from .scope import Path, TemplateScope, call_of, value_of, wrong


def evaluate(node: Node, path: Path, scope: TemplateScope) -> Value | None:
    """The node's value; None for ``AWS::NoValue``, which removes the property or item."""
    span = scope.span(node.extent, path)
    if isinstance(node, Leaf):
        return texts.with_dynamic_references(Known(node.value, span))
    if isinstance(node, Broken):
        return wrong(node.reason, span)
    if not scope.descend():
        return Unknown("it is nested too deeply", why=Why.LIMIT, span=span)
    try:
        charge(8)
        if isinstance(node, SequenceNode):
            return _items(node, path, span, scope)
        call = call_of(node)
        if call is not None:
            name, argument = call
            return contained(
                lambda: FUNCTIONS[name](argument, (*path, name), span, scope),
                lambda why: why,
                name,
                span,
            )
        return _entries(node, path, span, scope)
    except OverBudget as over:
        return replace(over.unknown, span=span)
    finally:
        scope.ascend()


def _items(node: SequenceNode, path: Path, span: Span, scope: TemplateScope) -> Items:
    values: list[Value] = []
    remainder: Unknown | None = None
    for index, item in enumerate(node.items):
        at = (*path, index)
        found, removable = branches.taken(item, at, scope)
        if removable and isinstance(found, Unknown):
            remainder = replace(found, symbol=None)
        elif found is not None:
            values.append(found)
    return Items(tuple(values), remainder, span)


def _entries(node: MappingNode, path: Path, span: Span, scope: TemplateScope) -> Entries:
    values: list[tuple[str, Value]] = []
    keys: list[tuple[str, Span]] = []
    remainder: Unknown | None = None
    expanded_entries, remainder = foreach.expanded_entries(node.entries, path, scope)
    for entry in expanded_entries:
        at = (*path, entry.key)
        if entry.key.startswith("Fn::"):
            remainder = wrong(
                f"'{entry.key}' may add to it or change it", scope.span(entry.extent, at)
            )
            continue
        found = evaluate(entry.value, at, scope)
        if found is not None:
            values.append((entry.key, found))
            keys.append((entry.key, scope.span(entry.extent, at)))
    return Entries(tuple(values), remainder, span, tuple(keys))


# -- the functions: (argument, path, span of the call, scope) -> value -----------------------------


def _ref(argument: Node, path: Path, span: Span, scope: TemplateScope) -> Value | None:
    name = _name(argument, path, scope)
    return wrong("'Ref' does not name anything", span) if name is None else scope.ref(name, span)


def _get_att(argument: Node, path: Path, span: Span, scope: TemplateScope) -> Value | None:
    if isinstance(argument, SequenceNode) and len(argument.items) >= 2:
        names = [_name(item, path, scope) for item in argument.items]
        dotted = None if None in names else ".".join(filter(None, names))
    else:
        dotted = _name(argument, path, scope)
    name, dot, attribute = (dotted or "").partition(".")
    if not dot:
        return wrong("'Fn::GetAtt' does not name a resource and an attribute", span)
    return scope.attribute(name, attribute, span)


def _sub(argument: Node, path: Path, span: Span, scope: TemplateScope) -> Value | None:
    template, variables = argument, MappingNode((), argument.extent)
    if isinstance(argument, SequenceNode):
        if len(argument.items) != 2 or not isinstance(argument.items[1], MappingNode):
            return wrong("'Fn::Sub' needs a string and a map", span)
        template, variables = argument.items[0], argument.items[1]
    written = plain(template)
    if written is None:
        return wrong("'Fn::Sub' needs a string", span)
    own = {
        entry.key: value_of(entry.value, (*path, 1, entry.key), scope)
        for entry in variables.entries
    }

    def find(name: str) -> Value:
        if name in own:
            return own[name]
        resource, dot, attribute = name.partition(".")
        found = scope.attribute(resource, attribute, span) if dot else scope.ref(name, span)
        return Known("") if found is None else found

    return texts.substituted(written, find, span)


def _import_value(argument: Node, path: Path, span: Span, scope: TemplateScope) -> Value | None:
    return placed(scope.imported((value_of(argument, path, scope),), span), span)


def _get_stack_output(argument: Node, path: Path, span: Span, scope: TemplateScope) -> Value | None:
    names = (mapping(argument).get("StackName"), mapping(argument).get("OutputName"))
    if None in names:
        return wrong("'Fn::GetStackOutput' needs the names of a stack and an output", span)
    handle = tuple(value_of(name, path, scope) for name in names if name is not None)
    return placed(scope.imported(handle, span), span)


def _base64(argument: Node, path: Path, span: Span, scope: TemplateScope) -> Value | None:
    """The text as it is: only user data is encoded, and its readers want the plain text."""
    return placed(value_of(argument, path, scope), span)


def _to_json(argument: Node, path: Path, span: Span, scope: TemplateScope) -> Value | None:
    return texts.json_of(value_of(argument, path, scope), span)


def _transform(argument: Node, path: Path, span: Span, scope: TemplateScope) -> Value | None:
    name = plain(mapping(argument).get("Name")) or "?"
    return Unknown(f"the macro '{name}' makes it at deployment", why=Why.OUTSIDE, span=span)


FUNCTIONS: dict[str, Callable[[Node, Path, Span, TemplateScope], Value | None]] = {
    "Ref": _ref,
    "Fn::GetAtt": _get_att,
    "Fn::Sub": _sub,
    "Fn::Base64": _base64,
    "Fn::ImportValue": _import_value,
    "Fn::GetStackOutput": _get_stack_output,
    "Fn::ToJsonString": _to_json,
    "Fn::Transform": _transform,
    "Fn::If": branches.branch,
    "Fn::FindInMap": branches.find_in_map,
    "Fn::Join": lists.join,
    "Fn::Split": lists.split,
    "Fn::Select": lists.select,
    "Fn::Length": lists.length,
    "Fn::Cidr": lists.cidr,
    "Fn::GetAZs": lists.get_azs,
}


def _name(node: Node, path: Path, scope: TemplateScope) -> str | None:
    return plain(node) if isinstance(node, Leaf) else literal(value_of(node, path, scope))
