"""Where a task runs."""

from __future__ import annotations

from ..symbolic.answers import Answer, No, Yes, is_absent
from ..symbolic.values import ABSENT, Items, Known, Unknown, Value, Why, literal
from .launches import Launch
from .stack import Stack
from .tasks import TaskDefinition


def lists(compatibilities: Value, name: str) -> Answer:
    """Does ``requires_compatibilities`` name that launch type?"""
    if isinstance(compatibilities, Items):
        if any(literal(item) == name for item in compatibilities):
            return Yes()
        unknown = next(
            (i for i in compatibilities if literal(i) is None), compatibilities.remainder
        )
        return No() if unknown is None else Unknown("'requires_compatibilities' is not known")
    return (
        No()
        if isinstance(is_absent(compatibilities), Yes)
        else Unknown(
            "'requires_compatibilities' is not known", getattr(compatibilities, "symbol", None)
        )
    )


def launch_type(stack: Stack, launch: Launch) -> Value:
    """The launch type a launch asks for: its own, or what its capacity providers imply; Known(None)
    when it leaves it open."""
    if not isinstance(is_absent(launch.launch_type), Yes):
        return launch.launch_type
    names = [literal(provider) for provider in launch.capacity_providers]
    if names and all(name in ("FARGATE", "FARGATE_SPOT") for name in names):
        return Known("FARGATE")
    if names or launch.capacity_providers.remainder is not None:
        return Unknown("the capacity provider decides the launch type", why=Why.OUTSIDE)
    return ABSENT


def runs_on_fargate(stack: Stack, task: TaskDefinition) -> Answer:
    """Will this task run on Fargate? ``requires_compatibilities`` decides first, then the launches.

    A task definition that only lists FARGATE, or that something launches on Fargate, does; one that
    lists both is left to its launches; nothing in sight says nothing (facts N3).
    """
    fargate, ec2 = lists(task.compatibilities, "FARGATE"), lists(task.compatibilities, "EC2")
    others = [lists(task.compatibilities, name) for name in ("EXTERNAL", "MANAGED_INSTANCES")]
    if isinstance(fargate, Yes) and all(isinstance(other, No) for other in (ec2, *others)):
        return Yes()
    if isinstance(fargate, No) and not isinstance(is_absent(task.compatibilities), Yes):
        return No()
    types = [launch_type(stack, launch) for launch in stack.launches_of.get(task.address, ())]
    if any(literal(kind) == "FARGATE" for kind in types):
        return Yes()
    if types and all(literal(kind) in ("EC2", "EXTERNAL") for kind in types):
        return No()
    return Unknown("the launch type is not known", why=Why.INPUT)
