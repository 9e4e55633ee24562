"""What CreateService refuses of a service with the DAEMON scheduling strategy: one task on each
container instance.

Terraform's provider sends neither its number of tasks nor its percentages: those are
CloudFormation's alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..adapters.fields import field
from ..findings.finding import Severity
from ..findings.fixing import settings
from ..model import Language, Launch, Launcher, Stack
from ..symbolic.answers import Yes, is_absent
from ..symbolic.values import Known, literal
from .settings import PARAMETER, SettingFault, is_given, number

_STRATEGY = (
    f"{PARAMETER}Specifying a capacity provider strategy is not supported when you create a "
    "service using the DAEMON scheduling strategy."
)


def of_daemon(stack: Stack, launch: Launch) -> Iterator[SettingFault]:
    """Everything that a daemon service says and cannot have."""
    scheduling = field(launch.raw, "SchedulingStrategy")
    if launch.launcher is not Launcher.SERVICE or literal(scheduling) != "DAEMON":
        return
    yield from _capacity(stack, launch)
    for name in ("PlacementStrategies", "OrderedPlacementStrategy"):
        placed = field(launch.raw, name)
        if is_given(placed):
            yield SettingFault(
                placed.span,
                f"'{launch.address}' is a daemon, and has placement strategies",
                f"{PARAMETER}The daemon scheduling strategy does not support placement strategies. "
                "Remove the placement strategy and try again",
                "Leave them out.",
                draft=settings.removing(placed.span),
            )
    if stack.language is not Language.CLOUDFORMATION:
        return
    wanted = field(launch.raw, "DesiredCount")
    if number(wanted):
        yield SettingFault(
            wanted.span,
            f"'{launch.address}' is a daemon, and says how many tasks it wants",
            f"{PARAMETER}The daemon scheduling strategy does not support a desired count for "
            "services. Remove the desired count value and try again",
            "Leave it out.",
            draft=settings.removing(wanted.span),
        )
    most = field(launch.raw, "DeploymentConfiguration.MaximumPercent")
    if (number(most) or 0) > 100:
        yield SettingFault(
            most.span,
            f"'{launch.address}' is a daemon, and may have {number(most)} % of its tasks while it "
            "is deployed",
            f"{PARAMETER}The daemon scheduling strategy does not support values above 100 for "
            "maximumPercent on a deployment configuration. Change the maximumPercent value to 100, "
            "and try again",
            "Set it to 100.",
            draft=settings.setting(most.span, "100"),
        )


def _capacity(stack: Stack, launch: Launch) -> Iterator[SettingFault]:
    """A strategy of its own, or the cluster's where it says nothing."""
    if launch.capacity_providers.items:
        yield SettingFault(
            field(launch.raw, "CapacityProviderStrategy", "CapacityProviderStrategies").span,
            f"'{launch.address}' is a daemon, and has a capacity provider strategy",
            _STRATEGY,
            "Set the launch type to EC2 in its place.",
        )
        return
    cluster = stack.cluster_of(launch)
    says_nothing = launch.capacity_providers.remainder is None and isinstance(
        is_absent(launch.launch_type), Yes
    )
    if says_nothing and cluster and cluster.default_strategy.items and cluster.conditional is None:
        # Where another resource gives the cluster its strategy, the service may be created first.
        own = is_given(field(cluster.raw, "DefaultCapacityProviderStrategy"))
        yield SettingFault(
            field(launch.raw, "SchedulingStrategy").span,
            f"'{launch.address}' is a daemon without a launch type, and '{cluster.address}' has a "
            "capacity provider strategy by default",
            _STRATEGY,
            "Set the launch type to EC2.",
            Severity.ERROR if own else Severity.WARNING,
            draft=settings.argument(launch.span, "launch_type", "LaunchType", "EC2"),
            together=(cluster.strategy,) if isinstance(cluster.strategy, Known) else (),
        )
