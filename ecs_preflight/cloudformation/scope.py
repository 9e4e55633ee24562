"""What a template's functions are evaluated in: its names, and where their values come from."""

from __future__ import annotations

from typing import Protocol

from ..source import Span
from ..values import Known, Unknown, Value
from ..worlds import Inquiry
from .nodes import Extent, Mapping, Node

#: The way of keys and indices from the template's root to a value, as cfn-lint writes it: through
#: ``Fn::If`` and the branch's index, but not into any other function.
Path = tuple["str | int", ...]


class Scope(Protocol):
    """One template in its place of the stack, in one world."""

    inquiry: Inquiry

    def span(self, extent: Extent, path: Path) -> Span:
        """The place of a node."""

    def value(self, node: Node, path: Path) -> Value:
        """The node's value; Known(None) for ``AWS::NoValue``."""

    def ref(self, name: str, span: Span) -> Value | None:
        """``Ref``; None for ``AWS::NoValue``."""

    def attribute(self, name: str, attribute: str, span: Span) -> Value:
        """``Fn::GetAtt``."""

    def condition(self, name: str) -> Known | Unknown:
        """Does the named condition hold? Known(True), Known(False), or why that is not known."""

    def table(self, name: str) -> Mapping | None:
        """A mapping of the ``Mappings`` section."""

    def imported(self, name: Value, span: Span) -> Value:
        """``Fn::ImportValue``."""

    def descend(self) -> bool:
        """Enters one level of evaluation; False when that is one too many. Balance with ascend."""

    def ascend(self) -> None:
        """Leaves the level."""
