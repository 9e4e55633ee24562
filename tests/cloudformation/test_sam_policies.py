"""SAM's policy templates are the policies that SAM makes of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ecs_preflight.cloudformation.template.sam_policies import _templates, policy
from ecs_preflight.symbolic.documents.nodes import (
    Broken,
    Entry,
    Leaf,
    MappingNode,
    Node,
    SequenceNode,
)

HERE = (7, 9, 8, 40)


def template(name: str, given: dict[str, str]) -> MappingNode:
    """``- NAME: {GIVEN}`` as it is written at HERE."""
    values = MappingNode(tuple(Entry(k, HERE, Leaf(v, HERE)) for k, v in given.items()), HERE)
    return MappingNode((Entry(name, HERE, values),), HERE)


def below(node: Node | None) -> Iterator[Node]:
    if node is None:
        return
    yield node
    if isinstance(node, SequenceNode):
        for item in node.items:
            yield from below(item)
    if isinstance(node, MappingNode):
        for entry in node.entries:
            yield from below(entry.value)


@pytest.mark.parametrize("name", _templates())
def test_every_parameter_is_used_and_none_is_left(name: str) -> None:
    names, _ = _templates()[name]
    found = list(below(policy(template(name, {each: f"<{each}>" for each in names}))))
    leaves = {node.value for node in found if isinstance(node, Leaf)}
    assert {f"<{each}>" for each in names} <= leaves
    assert not leaves.intersection(names)
    assert {node.extent for node in found} == {HERE}


def test_what_is_not_given_is_not_known() -> None:
    (broken,) = (n for n in below(policy(template("SQSPollerPolicy", {}))) if isinstance(n, Broken))
    assert broken.reason == "'SQSPollerPolicy' lacks 'QueueName'"


def test_others_are_none_of_sam_s() -> None:
    assert policy(template("HomemadePolicy", {})) is None
    assert policy(MappingNode((), HERE)) is None
