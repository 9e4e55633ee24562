"""Which ways the tasks of a launch have to AWS: VPC endpoints, a gateway, a public address."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..model import (
    Endpoint,
    InternetGateway,
    Launch,
    Route,
    RouteAssociation,
    Stack,
    Subnet,
    TaskDefinition,
)
from ..symbolic.answers import No, truth
from ..symbolic.values import Reference, Unknown, Value, Why, expanded, literal, shown_value
from .images import EcrImage, registry_of
from .log_sources import sources_of
from .secret_references import SecretReference
from .task_secrets import secret_uses

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
    endpoints = endpoints_of(stack, vpc)
    if endpoints is None or not any(_key(e.vpc) == _key(vpc) for e in stack.of(Endpoint)):
        return None
    return IsolatedNetwork(vpc, endpoints)


def public_without_address(stack: Stack, launch: Launch) -> Subnet | None:
    """A subnet of the launch whose one way out is an internet gateway, of no use to tasks that
    surely get no public address (facts K1). None where any of it is not certain."""
    if not isinstance(truth(launch.network.assign_public_ip), No) or any(
        reason.why in (Why.MODULE, Why.REACH, Why.UNREADABLE) for reason in stack.unread
    ):
        return None
    found = (stack.find(Subnet, value) for value in launch.network.subnets)
    return next((s for s in found if s is not None and _only_by_gateway(stack, s)), None)


def _only_by_gateway(stack: Stack, subnet: Subnet) -> bool:
    tables = [a.table for a in stack.of(RouteAssociation) if stack.find(Subnet, a.subnet) is subnet]
    if len(tables) != 1 or not isinstance(tables[0], Reference):
        return False
    routes = [route for route in stack.of(Route) if _key(route.table) == _key(tables[0])]
    if any(literal(route.destination) is None for route in routes):
        return False
    out = [route for route in routes if literal(route.destination) == "0.0.0.0/0"]
    return len(out) == 1 and _is_internet(stack, out[0].gateway)


def _is_internet(stack: Stack, gateway: Value) -> bool:
    kinds = ("aws_internet_gateway", "AWS::EC2::InternetGateway")
    return isinstance(gateway, Reference) and any(
        resource.address == gateway.address and resource.type in kinds
        for resource in (*stack.of(Route), *stack.of(InternetGateway))
    )


def endpoints_of(stack: Stack, vpc: Value) -> frozenset[str] | None:
    """The VPC's endpoints by the end of their service names; None where one may be anything.

    An interface endpoint without private DNS does not answer for the service's own name."""
    own = [e for e in stack.of(Endpoint) if _key(e.vpc) == _key(vpc)]
    if any("${" in shown_value(expanded(e.service)).rpartition(".")[2] for e in stack.of(Endpoint)):
        return None
    names = [
        _SERVICE.search(shown_value(expanded(endpoint.service)))
        for endpoint in own
        if literal(endpoint.kind) != "Interface" or literal(endpoint.private_dns) != "false"
    ]
    return frozenset(name[1] for name in names if name)


def used_services(stack: Stack, task: TaskDefinition) -> tuple[str, ...]:
    """The services that starting the task takes, by the end of their endpoints' names."""
    used = []
    for container in task.containers:
        if isinstance(registry_of(stack, container.image), EcrImage):
            used += ["ecr.api", "ecr.dkr", "s3"]
    for source in sources_of(stack, task):
        if literal(source.log.driver) == "awslogs":
            used.append("logs")
    for use in secret_uses(stack, task):
        if isinstance(use.target, SecretReference):
            used.append(use.target.store.value)
    return tuple(dict.fromkeys(used))


def _key(value: Value) -> str:
    return value.address if isinstance(value, Reference) else shown_value(value)


def _is_data(address: str) -> bool:
    return "data" in address.split(".")[-3:-2]
