"""The container instances that a stack's tasks on EC2 run on, where another stack of the repository
has them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import PurePath

from ..ecs.instances import container_instances, hosts
from ..model import (
    Absent,
    Cluster,
    InstanceProfile,
    LaunchTemplate,
    Protected,
    Role,
    Stack,
    runs_on_fargate,
)
from ..model.rewriting import rewritten
from ..symbolic import arns
from ..symbolic.answers import No, Yes, is_absent
from ..symbolic.target import Target
from ..symbolic.terms import Term
from ..symbolic.values import Unknown, Value, Why

#: What decides what may be done on an instance.
_KINDS = (LaunchTemplate, InstanceProfile, Role, Protected)


def with_instances(stack: Stack, shelves: Iterable[Sequence[Stack]]) -> Stack:
    """The stack with those of the one other that may be meant, of the first of the ``shelves`` that
    has any: the one with the cluster that its launches name, or, where an input names it, the
    nearest in the tree. They are looked up, not judged."""
    clusters = _clusters(stack)
    if not clusters:
        return stack
    for shelf in shelves:
        found = [each for each in shelf if each.name != stack.name and _may_be(each, clusters)]
        if found:
            other = _nearest(stack, found)
            return stack if other is None else _joined(stack, other)
    return stack


def _clusters(stack: Stack) -> tuple[Value, ...]:
    """What the launches of tasks name whose instances are asked for, and not in sight."""
    if stack.of(LaunchTemplate):
        return ()
    tasks = [
        task
        for task in stack.task_definitions
        if isinstance(stack.role_of(task.execution_role), Absent)
        and isinstance(runs_on_fargate(stack, task), No)
        and isinstance(hosts(stack, task), Unknown)
    ]
    return tuple(
        launch.cluster for task in tasks for launch in stack.launches_of.get(task.address, ())
    )


def _may_be(other: Stack, clusters: Sequence[Value]) -> bool:
    return bool(container_instances(other)) and all(
        (isinstance(each, Unknown) and each.why is Why.INPUT)
        or other.find(Cluster, each) is not None
        for each in clusters
        if not isinstance(is_absent(each), Yes)
    )


def _nearest(stack: Stack, others: Sequence[Stack]) -> Stack | None:
    """The one that has the most folders in common with the stack, if no other has as many."""
    near = {id(each): _in_common(stack, each) for each in others}
    best = [each for each in others if near[id(each)] == max(near.values())]
    places = {template.template.span for each in best for template in container_instances(each)}
    own = {template.template.span for template in container_instances(best[0])}
    return best[0] if places == own else None


def _in_common(one: Stack, other: Stack) -> int:
    folders = [PurePath(os.path.abspath(each.files[0])).parent for each in (one, other)]
    return len(PurePath(os.path.commonpath(folders)).parts)


def _joined(stack: Stack, other: Stack) -> Stack:
    theirs = (r for r in other.resources if isinstance(r, _KINDS))
    added = rewritten(theirs, _shared(stack.target), f"{other.name}:")
    return stack.beside(added, secrets=other.secrets)


def _shared(target: Target) -> dict[Term, Value]:
    """Where a task runs, its instances are."""
    places = (
        (arns.PARTITION, target.partition),
        (arns.REGION, target.region),
        (arns.ACCOUNT, target.account),
    )
    return {unknown.symbol: value for unknown, value in places if unknown.symbol is not None}
