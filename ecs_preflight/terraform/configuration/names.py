"""What names and addresses mean: namespaces, module instances, and the scope that asks them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Union

from ...symbolic.records import dataclass
from ...symbolic.source import Boundary, Span
from ...symbolic.terms import Name
from ...symbolic.values import Entries, Reference, Unknown, Value, Why
from ...symbolic.worlds import PathCondition
from .evaluation import Evaluation
from .expand import Expansion


@dataclass(frozen=True)
class Namespace:
    """A node whose attributes are looked up by name: ``var``, a resource type, a module instance.

    ``expansion`` is that of a symbolic module instance, which stands for several.
    """

    get: Callable[[str, Span], Value]
    names: Iterable[str]
    address: str
    expansion: Expansion | None = None

    def attribute(self, name: str, span: Span) -> Value:
        """``var.name``, ``module.call.name``."""
        return self.get(name, span)

    def element(self, key: Value, span: Span) -> Value:
        """One instance of a module with ``count`` or ``for_each``."""
        return (
            self.expansion.element(self.address, key, span)
            if self.expansion
            else nothing(self.address, span)
        )

    def whole(self, span: Span) -> Value:
        """All members as an object."""
        return Entries(tuple((name, self.get(name, span)) for name in self.names), span=span)


#: What a call of a function gives, by its name, arguments and place; None where it is not known.
Calls = Callable[[str, Sequence[Value], Span], Union[Value, None]]


@dataclass(frozen=True)
class BlockScope:
    """A module instance's names as one of its blocks sees them.

    ``outer`` looks up the module's own names; ``names`` holds the block's: ``each``, ``count``,
    ``self``. ``call`` knows functions beside Terraform's.
    """

    evaluation: Evaluation
    module_folder: Path
    outer: Callable[[str, Span], Value]
    names: Mapping[str, Value]
    is_possible: bool = False
    call: Calls = lambda name, arguments, span: None

    @property
    def path_condition(self) -> PathCondition:
        """See ExpressionScope."""
        return self.evaluation.path_condition

    @property
    def boundary(self) -> Boundary:
        """See ExpressionScope."""
        return self.evaluation.library.boundary

    @property
    def root_folder(self) -> Path:
        """See ExpressionScope."""
        return self.evaluation.root_folder

    def root(self, name: str, span: Span) -> Value:
        """See ExpressionScope."""
        return self.names[name] if name in self.names else self.outer(name, span)

    def attribute(self, whole: Reference, name: str, span: Span) -> Value:
        """See ExpressionScope."""
        node = self.evaluation.node(whole.address)
        return node.attribute(name, span) if node else nothing(whole.address, span)

    def element(self, collection: Reference, key: Value, span: Span) -> Value:
        """See ExpressionScope."""
        node = self.evaluation.node(collection.address)
        return node.element(key, span) if node else nothing(collection.address, span)

    def whole(self, whole: Reference, span: Span) -> Value:
        """See ExpressionScope."""
        node = self.evaluation.node(whole.address)
        return node.whole(span) if node else nothing(whole.address, span)


def nothing(address: str, span: Span) -> Unknown:
    """The value of what is not declared."""
    return Unknown(f"'{address}' is not declared", Name(address), Why.FUNCTION, span=span)
