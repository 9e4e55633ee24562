"""Needs are derived once for each stack, and every rule that has some is known to those that
compare them."""

from __future__ import annotations

from collections import Counter

from declaring import stack

from ecs_preflight.findings.needs import Need
from ecs_preflight.model import Stack
from ecs_preflight.rules import RULES
from ecs_preflight.rules._all_needs import NEED_RULES
from ecs_preflight.symbolic.records import replace


def test_every_rule_with_needs_shares_them() -> None:
    assert {rule.id for rule in RULES if rule.needs} == {rule.id for rule in NEED_RULES}


def test_needs_are_derived_once() -> None:
    calls: Counter[str] = Counter()

    def derive(stack: Stack) -> list[Need]:
        calls[stack.name] += 1
        return []

    rule = replace(NEED_RULES[0], needs=derive)
    one = stack()
    assert rule.needs_of(one) == rule.needs_of(one) == ()
    assert calls == {one.name: 1}
