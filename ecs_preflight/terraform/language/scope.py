"""What an expression is evaluated in: the names it may use and where their values come from.

Namespaces, module instances and resources are values too: ``Reference(address, "")`` is the whole
of ``var``, ``local``, ``module.api`` or ``module.api.aws_iam_role.exec[0]``, resolved only when one
of its attributes is asked for, so that no false cycle arises. Addresses are absolute, so a resource
that is passed into a module stays itself. ``Reference(address, "*")`` is a resource or module whose
``count`` or ``for_each`` is not known: one symbolic instance stands for all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from ...symbolic.source import Boundary, Span
from ...symbolic.values import Reference, Unknown, Value
from ...symbolic.worlds import PathCondition
from ..syntax.nodes import Expression


class ExpressionScope(Protocol):
    """One module instance's names, seen from one of its blocks."""

    @property
    def path_condition(self) -> PathCondition:
        """What the world at hand assumes."""

    @property
    def boundary(self) -> Boundary:
        """What functions may read."""

    @property
    def module_folder(self) -> Path:
        """``path.module``."""

    @property
    def root_folder(self) -> Path:
        """``path.root``."""

    @property
    def is_possible(self) -> bool:
        """Is it open whether Terraform evaluates anything here, as in a resource that may not
        exist?"""

    def root(self, name: str, span: Span) -> Value:
        """The value of a traversal's first name: ``var``, ``each``, ``aws_iam_role`` ...; an
        Unknown for a name that does not exist."""

    def attribute(self, whole: Reference, name: str, span: Span) -> Value:
        """``whole.name``, where ``whole`` is a Reference with the attribute ""."""

    def element(self, collection: Reference, key: Value, span: Span) -> Value:
        """``collection[key]``, where ``collection`` is a Reference with the attribute "*"."""

    def whole(self, whole: Reference, span: Span) -> Value:
        """All attributes of ``whole`` that are known, as an Entries, for functions that need
        them."""

    def call(self, name: str, arguments: Sequence[Value], span: Span) -> Value | None:
        """What a function gives that is none of Terraform's; None for one that is not known."""


Names = Mapping[str, Value]


class ExpressionEvaluator(Protocol):
    """One evaluation of an expression, as far as what is evaluated inside another needs it."""

    scope: ExpressionScope
    path_condition: PathCondition

    def value(self, expression: Expression, names: Names) -> Value:
        """Raises Fault and Undecided."""

    def member(self, expression: Expression, names: Names) -> Value:
        """The value of a list's or object's member, which leaves those beside it alone."""

    def possible(self, expression: Expression, names: Names) -> Value:
        """The value of what Terraform may not evaluate at all: no Fault of it counts."""

    def key(self, expression: Expression, names: Names) -> str | Unknown:
        """The key that the expression gives. Raises Fault and Undecided."""

    def step(self, count: int = 1) -> None:
        """Counts work. Raises OverBudget above the limit."""
