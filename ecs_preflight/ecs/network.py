"""Whether the tasks of a launch can reach AWS only through the VPC endpoints in sight."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..model import Endpoint, Launch, Route, Stack, Subnet
from ..symbolic.answers import No, truth
from ..symbolic.values import Reference, Unknown, Value, Why, expanded, shown_value

#: What follows the Region in a service name that a task may use.
_SERVICE = re.compile(r"\.(ecr\.api|ecr\.dkr|s3|logs|secretsmanager|ssm|ssmmessages|kms)$")


@dataclass(frozen=True)
class IsolatedNetwork:
    """A VPC without a way out: its endpoints by the end of their service names."""

    vpc: Value
    endpoints: frozenset[str]


def isolated(stack: Stack, launch: Launch) -> IsolatedNetwork | None:
    """The VPC of the launch's tasks, when all of this is certain: it is a resource of the stack, no
    NAT, internet or other gateway leads out of it, and it has endpoints (facts K2, K3).

    None when a task gets a public address, when a route may stand somewhere else, and when no
    endpoint is in sight, which says nothing.
    """
    subnets = [stack.find(Subnet, value) for value in launch.network.subnets]
    if (
        not subnets
        or launch.network.subnets.remainder is not None
        or None in subnets
        or any(reason.why in (Why.MODULE, Why.REACH, Why.UNREADABLE) for reason in stack.unread)
    ):
        return None
    vpcs = {_key(subnet.vpc): subnet.vpc for subnet in subnets if subnet is not None}
    vpc = next(iter(vpcs.values()))
    if len(vpcs) != 1 or not isinstance(vpc, Reference) or _is_data(vpc.address):
        return None
    if not isinstance(truth(launch.network.assign_public_ip), No):
        return None
    if any(
        isinstance(route.vpc, Unknown) or _key(route.vpc) == _key(vpc) for route in stack.of(Route)
    ):
        return None
    names = [
        _SERVICE.search(shown_value(expanded(endpoint.service)))
        for endpoint in stack.of(Endpoint)
        if _key(endpoint.vpc) == _key(vpc)
    ]
    if not names or any(
        "${" in shown_value(expanded(e.service)).rpartition(".")[2] for e in stack.of(Endpoint)
    ):
        return None
    return IsolatedNetwork(vpc, frozenset(name[1] for name in names if name))


def _key(value: Value) -> str:
    return value.address if isinstance(value, Reference) else shown_value(value)


def _is_data(address: str) -> bool:
    return "data" in address.split(".")[-3:-2]
