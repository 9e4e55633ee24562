"""Where a task runs."""

from __future__ import annotations

from ..symbolic.answers import Answer, No, Yes, is_absent, truth
from ..symbolic.titles import shown_title
from ..symbolic.values import ABSENT, Items, Known, Unknown, Value, Why, literal
from .common import Several
from .launches import CapacityProvider, Launch
from .stack import Stack
from .tasks import TaskDefinition, Volume

_OTHERS = frozenset({"EC2", "EXTERNAL", "MANAGED_INSTANCES"})
_OTHER_NETWORKS = ("bridge", "host", "none", "default")
_OPEN = Unknown("the capacity provider decides the launch type", why=Why.OUTSIDE)


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
    """The launch type a launch gets: the one it asks for, what its capacity providers imply, else
    what the default strategy of its cluster does, and EC2 where that has none (facts N3);
    Known(None) when the cluster stands elsewhere."""
    if not isinstance(is_absent(launch.launch_type), Yes):
        return launch.launch_type
    if launch.capacity_providers or launch.capacity_providers.remainder is not None:
        return _of_providers(stack, launch.capacity_providers)
    cluster = stack.cluster_of(launch)
    if cluster is None:
        return ABSENT
    if cluster.default_strategy or cluster.default_strategy.remainder is not None:
        return _of_providers(stack, cluster.default_strategy)
    return Known("EC2", launch.span)


def _of_providers(stack: Stack, providers: Several[Value]) -> Value:
    """What capacity providers start tasks on, all of one kind."""
    kinds = [_of_provider(stack, provider) for provider in providers]
    if kinds and providers.remainder is None and all(kind == kinds[0] for kind in kinds):
        return kinds[0]
    return next((kind for kind in kinds if isinstance(kind, Unknown)), _OPEN)


def _of_provider(stack: Stack, provider: Value) -> Value:
    name = literal(provider)
    if name in ("FARGATE", "FARGATE_SPOT"):
        return Known("FARGATE")
    found = stack.find(CapacityProvider, provider)
    if found is None:
        return _OPEN
    return Known("MANAGED_INSTANCES" if found.managed_instances else "EC2")


def runs_on_fargate(stack: Stack, task: TaskDefinition) -> Answer:
    """Will this task run on Fargate? ``requires_compatibilities`` decides first, then the launches,
    then whether Fargate would take it at all.

    A task definition that only lists FARGATE, or that something launches on Fargate, does; one that
    lists both is left to its launches; one that nothing launches there and that Fargate refuses
    does not; nothing in sight says nothing (facts N3).
    """
    return stack.asked(_runs_on_fargate, task)


def _runs_on_fargate(stack: Stack, task: TaskDefinition) -> Answer:
    fargate, ec2 = lists(task.compatibilities, "FARGATE"), lists(task.compatibilities, "EC2")
    others = [lists(task.compatibilities, name) for name in ("EXTERNAL", "MANAGED_INSTANCES")]
    if isinstance(fargate, Yes) and all(isinstance(other, No) for other in (ec2, *others)):
        return Yes()
    if isinstance(fargate, No) and not isinstance(is_absent(task.compatibilities), Yes):
        return No()
    types = stack.derived(_launch_types).get(task.address, ())
    names = {literal(each) for each in types}
    if "FARGATE" in names:
        return Yes()
    if (names and names <= _OTHERS) or _is_unfit(task):
        return No()
    return next((each for each in types if isinstance(each, Unknown)), _unsaid(stack, task))


def _is_unfit(task: TaskDefinition) -> bool:
    """Does Fargate refuse the task definition for certain? It takes the network mode awsvpc alone,
    demands the task's own CPU and memory, and gives no access to a host (facts N3)."""
    mode, sizes = literal(task.network_mode), (task.cpu, task.memory)
    return not task.implicit and (
        isinstance(is_absent(task.network_mode), Yes)
        or mode in _OTHER_NETWORKS
        or any(isinstance(is_absent(size), Yes) for size in sizes)
        or any(_is_of_host(volume) for volume in task.volumes)
        or any(isinstance(truth(each.privileged), Yes) for each in task.containers)
    )


def _is_of_host(volume: Volume) -> bool:
    path, docker = literal(volume.host_path), is_absent(volume.docker)
    return bool(path) or isinstance(docker, No)


def _unsaid(stack: Stack, task: TaskDefinition) -> Unknown:
    """Why the launch type is not known where no launch says it."""
    launches = stack.launches_of.get(task.address, ())
    named = next((each.cluster for each in launches), None)
    said = (
        "nothing in the scanned code launches the task"
        if named is None
        else f"cluster '{shown_title(named)}' is not in the scanned code"
    )
    return Unknown(f"the launch type is not known: {said}", why=Why.OUTSIDE)


def _launch_types(stack: Stack) -> dict[str, tuple[Value, ...]]:
    """Those that its launches get, by a task definition's address."""
    return {
        address: tuple(launch_type(stack, launch) for launch in launches)
        for address, launches in stack.launches_of.items()
    }
