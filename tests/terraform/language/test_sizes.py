"""How large values are: what a text's references will read counts, however it is shared."""

from __future__ import annotations

import pytest

from ecs_preflight.symbolic.values import Known, Reference, Text, Value
from ecs_preflight.terraform.language.faults import NotComputable
from ecs_preflight.terraform.language.sizes import Sizes


def doubled(levels: int) -> Value:
    value: Known | Text = Known("x")
    for level in range(levels):
        each = Reference(f"aws_ecs_cluster.c{level}", "name", value)
        value = Text((each, each))
    return value


def test_shared_references_are_measured_once_and_counted_each_time() -> None:
    assert Sizes().of(doubled(8)) == 2**8


def test_a_text_that_doubles_ends() -> None:
    with pytest.raises(NotComputable):
        Sizes().of(doubled(200))
