"""The ``Rules`` section: assertions without which CloudFormation creates no stack.

A world that breaks one is no deployment. Only what is surely false counts. Source: CloudFormation
User Guide, "Rules section syntax reference" and "Rule-specific intrinsic functions"."""

from __future__ import annotations

from collections.abc import Iterator

from ...symbolic.documents.nodes import MappingNode, Node, SequenceNode, mapping
from ...symbolic.values import Items, Known, Unknown, Value
from ..language import conditions
from ..language.scope import Path, TemplateScope, value_of


def refuse(section: MappingNode, scope: TemplateScope) -> bool:
    """Does a rule surely refuse the values that the parameters have here?"""
    for entry in section.entries:
        path: Path = ("Rules", entry.key)
        rule = mapping(entry.value)
        condition = rule.get("RuleCondition")
        if condition is None or _holds(condition, path, scope) == Known(True):
            listed = rule.get("Assertions")
            for assertion in listed.items if isinstance(listed, SequenceNode) else ():
                asserted = mapping(assertion).get("Assert")
                if asserted is not None and _holds(asserted, path, scope) == Known(False):
                    return True
    return False


def _holds(node: Node, path: Path, scope: TemplateScope) -> Known | Unknown:
    """As ``conditions.decide``, with the functions that rules alone have."""
    function = node.entries[0] if isinstance(node, MappingNode) and len(node.entries) == 1 else None
    terms = function.value.items if function and isinstance(function.value, SequenceNode) else ()
    if function is None or not scope.descend():
        return Unknown("it is no function of rules")
    try:
        if function.key == "Fn::Not" and len(terms) == 1:
            side = _holds(terms[0], path, scope)
            return Known(side.value is False) if isinstance(side, Known) else side
        if function.key in ("Fn::And", "Fn::Or"):
            return _joined([_holds(term, path, scope) for term in terms], function.key == "Fn::And")
        if len(terms) == 2 and function.key in (
            "Fn::Contains",
            "Fn::EachMemberIn",
            "Fn::EachMemberEquals",
        ):
            left, right = (value_of(term, path, scope) for term in terms)
            if function.key == "Fn::Contains":
                return _among(left, right, scope)
            wanted = right if function.key == "Fn::EachMemberIn" else Items((right,))
            return _joined([_among(wanted, member, scope) for member in _members(left)], True)
        return conditions.decide(node, path, scope)
    finally:
        scope.ascend()


def _among(listed: Value, wanted: Value, scope: TemplateScope) -> Known | Unknown:
    """Is it one of the list?"""
    return _joined(
        [
            member if isinstance(member, Unknown) else conditions.equal(member, wanted, scope)
            for member in _members(listed)
        ],
        False,
    )


def _members(listed: Value) -> Iterator[Value]:
    """A list's members; an Unknown stands for those that are not known."""
    if isinstance(listed, Items):
        yield from listed.items
    remainder = listed.remainder if isinstance(listed, Items) else Unknown("the list is not known")
    if remainder is not None:
        yield remainder


def _joined(sides: list[Known | Unknown], both: bool) -> Known | Unknown:
    if any(side == Known(not both) for side in sides):
        return Known(not both)
    return next((side for side in sides if isinstance(side, Unknown)), Known(both))
