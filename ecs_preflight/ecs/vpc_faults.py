"""Security groups in another VPC than the subnets, which CreateService refuses (facts Q9).

It is said only of VPCs, groups and subnets of the stack itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..model import Launch, Launcher, SecurityGroup, Stack, Subnet, Vpc
from ..symbolic.answers import Yes, is_absent
from ..symbolic.empty import empty_input
from ..symbolic.values import Value
from .network import given_span
from .settings import SettingFault


def of_network(stack: Stack, launch: Launch) -> Iterator[SettingFault]:
    """Each security group that is not in the VPC of the subnets."""
    if launch.launcher not in (Launcher.SERVICE, Launcher.TASK_SET):
        return
    found = [(value, stack.find(SecurityGroup, value)) for value in launch.network.security_groups]
    groups = [(value, group) for value, group in found if group and stack.owns(group)]
    subnets = [s for v in launch.network.subnets if (s := stack.find(Subnet, v)) and stack.owns(s)]
    for subnet in subnets if groups else ():
        vpc = _vpc(stack, subnet.vpc)
        faults = [] if vpc is None else list(_apart(stack, launch, groups, subnet, vpc))
        if faults:
            yield from faults
            return


def _apart(
    stack: Stack,
    launch: Launch,
    groups: list[tuple[Value, SecurityGroup]],
    subnet: Subnet,
    vpc: Vpc,
) -> Iterator[SettingFault]:
    for value, group in groups:
        where = _elsewhere(stack, group, vpc)
        if where is not None:
            yield SettingFault(
                given_span(launch, launch.network.security_groups, value),
                f"'{launch.address}' has security group '{group.address}' of {where}, and its "
                f"subnet '{subnet.address}' is in '{vpc.address}'",
                "InvalidParameterException: Security group sg-... does not appear to belong to "
                "the same VPC as the input subnets.",
                f"Name a security group of '{vpc.address}'.",
            )


def _elsewhere(stack: Stack, group: SecurityGroup, vpc: Vpc) -> str | None:
    """The VPC of the group, as a message calls it, where it is surely another one."""
    if isinstance(is_absent(group.vpc), Yes) and empty_input(group.vpc) is None:
        return "the default VPC"
    own = _vpc(stack, group.vpc)
    return None if own is None or own is vpc else f"'{own.address}'"


def _vpc(stack: Stack, value: Value) -> Vpc | None:
    found = stack.find(Vpc, value)
    return found if found is not None and stack.owns(found) else None
