"""What a template's functions are evaluated in: its names, and where their values come from."""

from __future__ import annotations

from typing import Protocol

from ...symbolic.documents.nodes import Extent, MappingNode, Node, SequenceNode
from ...symbolic.source import Span
from ...symbolic.values import Known, Unknown, Value, Why
from ...symbolic.worlds import PathCondition

#: The way of keys and indices from the template's root to a value, as cfn-lint writes it: through
#: ``Fn::If`` and the branch's index, but not into any other function.
Path = tuple["str | int", ...]


#: The intrinsic functions that give values; those of conditions are elsewhere.
FUNCTIONS = frozenset(
    {"Ref"}
    | {
        f"Fn::{name}"
        for name in (
            "Base64",
            "Cidr",
            "FindInMap",
            "GetAZs",
            "GetAtt",
            "GetStackOutput",
            "If",
            "ImportValue",
            "Join",
            "Length",
            "Select",
            "Split",
            "Sub",
            "ToJsonString",
            "Transform",
        )
    }
)


class TemplateScope(Protocol):
    """One template in its place of the stack, in one world."""

    path_condition: PathCondition

    def span(self, extent: Extent, path: Path) -> Span:
        """The place of a node."""

    def evaluate(self, node: Node, path: Path) -> Value | None:
        """The node's value; None for ``AWS::NoValue``, which removes the property or item."""

    def ref(self, name: str, span: Span) -> Value | None:
        """``Ref``; None for ``AWS::NoValue``."""

    def attribute(self, name: str, attribute: str, span: Span) -> Value:
        """``Fn::GetAtt``."""

    def condition(self, name: str) -> Known | Unknown:
        """Does the named condition hold? Known(True), Known(False), or why that is not known."""

    def table(self, name: str) -> MappingNode | None:
        """A mapping of the ``Mappings`` section."""

    def imported(self, names: tuple[Value, ...], span: Span) -> Value:
        """``Fn::ImportValue`` (the name of the export) and ``Fn::GetStackOutput`` (the names of the
        stack and the output)."""

    def descend(self) -> bool:
        """Enters one level of evaluation; False when that is one too many. Balance with ascend."""

    def ascend(self) -> None:
        """Leaves the level."""


def value_of(node: Node, path: Path, scope: TemplateScope) -> Value:
    """The node's value; Known(None) for ``AWS::NoValue``."""
    found = scope.evaluate(node, path)
    return Known(None, scope.span(node.extent, path)) if found is None else found


def call_of(node: Node) -> tuple[str, Node] | None:
    """The function and its argument, when the node is a call."""
    if (
        isinstance(node, MappingNode)
        and len(node.entries) == 1
        and node.entries[0].key in FUNCTIONS
    ):
        return node.entries[0].key, node.entries[0].value
    return None


def arguments(node: Node, count: int) -> tuple[Node, ...] | None:
    """The arguments of a function that takes a list of just so many."""
    return node.items if isinstance(node, SequenceNode) and len(node.items) == count else None


def wrong(reason: str, span: Span) -> Unknown:
    """The value of a function with wrong arguments."""
    return Unknown(reason, why=Why.FUNCTION, span=span)
