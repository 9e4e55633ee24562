"""Capacity provider strategies: of services, and a cluster's by default."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..adapters.fields import field, maps
from ..findings.finding import Draft, Severity
from ..findings.fixing import settings
from ..findings.fixing.providers import associating
from ..model import CapacityProvider, Cluster, Launch, Launcher, Several, Stack
from ..symbolic.answers import Yes, is_absent
from ..symbolic.strings import pieces
from ..symbolic.values import Entries, Items, Value, expanded, literal, shown_value
from .settings import PARAMETER, SettingFault, number

FARGATE = ("FARGATE", "FARGATE_SPOT")
#: What no other capacity provider's name may begin with.
RESERVED = ("aws", "ecs", "fargate")


def of_launch(stack: Stack, launch: Launch) -> Iterator[SettingFault]:
    """Faults of the strategy of a launch."""
    strategy = field(launch.raw, "CapacityProviderStrategy", "CapacityProviderStrategies")
    if not isinstance(launch.raw, Entries) or not launch.capacity_providers.items:
        return
    yield from _of_strategy(strategy, f"'{launch.address}'")
    yield from _mixed(stack, launch.capacity_providers, f"'{launch.address}'")
    cluster = stack.cluster_of(launch)
    if cluster is not None and cluster.conditional is None:
        yield from _associated(stack, launch.capacity_providers, cluster, f"'{launch.address}'")


def of_cluster(stack: Stack, cluster: Cluster) -> Iterator[SettingFault]:
    """Faults of the default strategy of a cluster."""
    if cluster.default_strategy.items:
        whose = f"The default strategy of '{cluster.address}'"
        yield from _associated(stack, cluster.default_strategy, cluster, whose)
        yield from _mixed(stack, cluster.default_strategy, whose)
        # The cluster is made all the same: what is refused is a launch that leaves it to it.
        if any(_leaves_it(stack, launch, cluster) for launch in stack.launches):
            yield from _of_strategy(cluster.strategy, whose)


def of_provider(provider: CapacityProvider) -> Iterator[SettingFault]:
    """A name that AWS keeps to itself (facts Q8)."""
    name = expanded(provider.name)
    if pieces.beginning(name).lower().startswith(RESERVED):
        yield SettingFault(
            provider.name.span,
            f"Capacity provider '{provider.address}' is named '{shown_value(name)}', and AWS keeps "
            "names that begin with 'aws', 'ecs' or 'fargate'",
            "ClientException: The specified capacity provider name is invalid. Up to 255 "
            "characters are allowed, including letters (upper and lowercase), numbers, "
            'underscores, and hyphens. The name cannot be prefixed with "aws", "ecs", or '
            '"fargate".',
            "Let its name begin with something else.",
        )


def _mixed(stack: Stack, providers: Several[Value], whose: str) -> Iterator[SettingFault]:
    """Providers of two kinds (facts Q7)."""
    found = [(stack.find(CapacityProvider, each), each) for each in providers]
    own = [each for provider, each in found if provider and not provider.managed_instances]
    if own and any(literal(each) in FARGATE for each in providers):
        yield SettingFault(
            own[0].span,
            f"{whose} mixes Fargate with an Auto Scaling group",
            f"{PARAMETER}A capacity provider strategy cannot contain a mix of capacity providers "
            "using Auto Scaling groups and Fargate providers. Specify one or the other and try "
            "again.",
            "Name capacity providers of one kind.",
        )


def _leaves_it(stack: Stack, launch: Launch, cluster: Cluster) -> bool:
    named = launch.capacity_providers.items or launch.capacity_providers.remainder is not None
    return (
        not named
        and isinstance(is_absent(launch.launch_type), Yes)
        and not isinstance(is_absent(launch.task_definition), Yes)  # its task sets start the tasks
        and stack.cluster_of(launch) is cluster
    )


def _of_strategy(strategy: Value, whose: str) -> Iterator[SettingFault]:
    items = maps(strategy, lambda item: (field(item, "Weight"), field(item, "Base")))
    # A weight that is not given is 0 (API_CapacityProviderStrategyItem).
    weights = [0 if isinstance(is_absent(weight), Yes) else number(weight) for weight, _ in items]
    bases = [base for _, base in items if number(base)]
    if items.remainder is None and weights and not any(w is None or w for w in weights):
        yield SettingFault(
            strategy.span,
            f"{whose} gives no capacity provider a weight above 0",
            f"{PARAMETER}There are no capacity providers in the capacity provider strategy with a "
            "weight value greater than zero.",
            "Give one of them a weight.",
            draft=_weighing(strategy, items.items),
        )
    if len(bases) > 1:
        yield SettingFault(
            bases[1].span,
            f"{whose} gives several capacity providers a base",
            f"{PARAMETER}There are multiple capacity providers in the specified capacity provider "
            "strategy with a base value defined.",
            "Leave it with one of them.",
            draft=settings.removing(*(base.span for base in bases[1:])),
        )


def _weighing(strategy: Value, items: Sequence[tuple[Value, Value]]) -> Draft | None:
    """A weight for the one provider there is; which of several is to have tasks is not told."""
    if len(items) != 1 or not isinstance(strategy, Items) or not strategy.items:
        return None
    ((weight, _),) = items
    if isinstance(is_absent(weight), Yes):
        return settings.beside(strategy.items[0].span, "weight", "1")
    return settings.setting(weight.span, "1")


def _associated(
    stack: Stack, strategy: Several[Value], cluster: Cluster, whose: str
) -> Iterator[SettingFault]:
    """Capacity providers that the cluster does not have, where all that it has are known: a warning
    where the code gives it none, which may happen elsewhere. Managed Instances name their cluster
    themselves."""
    if cluster.capacity_providers.remainder is not None:
        return
    have = [_key(stack, provider) for provider in cluster.capacity_providers]
    for provider in strategy:
        key = _key(stack, provider)
        if _names_its_cluster(stack, provider) or None in (key, *have) or key in have:
            continue
        yield SettingFault(
            provider.span,
            f"{whose} takes capacity provider '{shown_value(provider)}', which cluster "
            f"'{cluster.address}' is not associated with",
            f"{PARAMETER}The specified capacity provider strategy cannot contain a capacity "
            "provider that is not associated with the cluster. Associate the capacity provider "
            "with the cluster or specify a valid capacity provider and try again.",
            "Add it to the capacity providers of the cluster.",
            Severity.ERROR if have else Severity.WARNING,
            draft=stack.asked(_association, cluster),
            cause=f"cluster '{cluster.address}' lacks capacity providers",
        )


def _association(stack: Stack, cluster: Cluster) -> Draft:
    """What the strategies of all services of the cluster lack, and its own: one change mends them
    all."""
    have = [_key(stack, provider) for provider in cluster.capacity_providers]
    services = [
        launch
        for launch in stack.launches
        if launch.capacity_providers.items and stack.cluster_of(launch) is cluster
    ]
    strategies = [cluster.default_strategy, *(each.capacity_providers for each in services)]
    lacking = {
        key: provider
        for strategy in strategies
        for provider in strategy
        if (key := _key(stack, provider)) is not None
        and key not in have
        and not _names_its_cluster(stack, provider)
    }
    waiting = [each for each in services if each.launcher is Launcher.SERVICE]
    return associating(stack, cluster, tuple(lacking.values()), waiting)


def _names_its_cluster(stack: Stack, provider: Value) -> bool:
    found = stack.find(CapacityProvider, provider)
    return found is not None and found.managed_instances


def _key(stack: Stack, provider: Value) -> str | None:
    found = stack.find(CapacityProvider, provider)
    return literal(provider) if found is None else found.address
