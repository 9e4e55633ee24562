"""What the operators make of terms, beyond what expressions show."""

from __future__ import annotations

from ecs_preflight.symbolic.terms import Constant, Name, Operation
from ecs_preflight.symbolic.worlds import Choice, DecisionPoint
from ecs_preflight.terraform.language.operators import selects

SYMBOL = Name("var.env")
POINT = DecisionPoint(SYMBOL, (Choice(SYMBOL, "prod"),))


def test_what_a_map_holds_under_a_value_is_selected_by_it() -> None:
    table = Operation("map", (Constant("prod"), Constant(True)))
    assert selects(POINT, Operation("[]", (table, SYMBOL)))
    assert not selects(POINT, Operation("[]", (table, Name("var.other"))))


def test_an_operation_without_operands_is_selected_by_nothing() -> None:
    """``[]`` hangs on no value at all."""
    assert not selects(POINT, Operation("list", ()))
