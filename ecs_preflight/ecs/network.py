"""Which ways the tasks of a launch have to AWS: one question for all rules that ask it.

A task goes out by the default route of its subnet, or to a service by an endpoint of its VPC; what
its security groups do not let out goes nowhere. Whatever part of that is not in the code, or may
be added elsewhere, leaves the answer open (facts K).
"""

from __future__ import annotations

from enum import Enum

from ..model import (
    Endpoint,
    InternetGateway,
    Launch,
    Launcher,
    Network,
    Resource,
    Route,
    RouteAssociation,
    RouteTable,
    Several,
    Stack,
    Subnet,
    TaskDefinition,
    launch_type,
    runs_on_fargate,
)
from ..symbolic.answers import Answer, Evidence, No, Yes, is_absent, truth
from ..symbolic.records import dataclass
from ..symbolic.source import Span, is_within
from ..symbolic.values import Reference, Unknown, Value, Why, literal
from .endpoints import endpoint_leads, key
from .images import EcrImage, OtherImage, registry_of
from .log_sources import sources_of
from .secret_references import SecretReference
from .security_groups import BEYOND, HTTPS, lets_out
from .task_secrets import secret_uses

#: Where the registries of the world are, as against a service with endpoints.
INTERNET = "the internet"


class Barrier(Enum):
    """What keeps tasks from going out."""

    EGRESS = "security groups"
    ADDRESS = "a public address"
    ROUTE = "a route"


@dataclass(frozen=True)
class Shut:
    """There is no way out: why, in which subnet (None: whichever), and whether its VPC has an
    endpoint at all."""

    barrier: Barrier
    evidence: Evidence
    subnet: Subnet | None = None
    has_endpoints: bool = False


def given_span(owner: Resource, values: Several[Value], value: Value) -> Span:
    """Where the owner is given one of the values: the value's own place where that is in the
    owner's block, else the argument's; what a module or a local value hands over stands
    elsewhere."""
    if is_within(value.span, owner.span):
        return value.span
    return values.span if values.span.line else owner.span


def way_out(stack: Stack, launch: Launch) -> Shut | Unknown | None:
    """What keeps the launch's tasks, on Fargate, from the internet: None when nothing does, Unknown
    when it cannot be told. One subnet without a way out is enough: tasks are placed there too."""
    return leads_out(stack, launch.network)


def leads_out(stack: Stack, network: Network, who: str = "tasks") -> Shut | Unknown | None:
    """The same of whatever is in that network."""
    outward = lets_out(stack, network.security_groups, HTTPS)
    if isinstance(outward, No):
        return Shut(Barrier.EGRESS, outward.evidence[0])
    unread = next(
        (r for r in stack.unread if r.why in (Why.MODULE, Why.REACH, Why.UNREADABLE)), None
    )
    if unread is not None:
        return unread
    doubt = network.subnets.remainder
    for value in network.subnets:
        subnet = stack.find(Subnet, value)
        found: Shut | Unknown | None = Unknown("the subnet is not in sight", why=Why.OUTSIDE)
        if subnet is not None:
            found = _out_of(stack, network, subnet, who)
            beyond = lets_out(stack, network.security_groups, HTTPS, BEYOND)
            if found is None and isinstance(beyond, No) and _is_by_gateway(stack, subnet):
                has = _has_endpoints(stack, subnet.vpc)
                found = Shut(Barrier.EGRESS, beyond.evidence[0], subnet, has)
        if isinstance(found, Shut):
            return found
        doubt = doubt if found is None else found
    return doubt


def way_to(stack: Stack, launch: Launch, task: TaskDefinition, service: str) -> Answer:
    """Can the launch's tasks reach ``service``: the end of its endpoints' names, or INTERNET?"""
    out = way_out(stack, launch)
    if out is None:
        return Yes()
    if isinstance(out, Unknown):
        return out
    if service == INTERNET:
        return No((out.evidence,))
    answer = by_endpoint(stack, launch.network, out, task, service)
    return No((*answer.evidence, out.evidence)) if isinstance(answer, No) else answer


def by_endpoint(
    stack: Stack, network: Network, out: Shut, task: TaskDefinition | None, service: str
) -> Answer:
    """Does an endpoint lead to ``service`` where there is no other way out?"""
    if out.subnet is None:
        return No()
    table = table_of(stack, out.subnet)
    routed = table if isinstance(table, RouteTable) else None
    vpc, callers = out.subnet.vpc, network.security_groups
    return endpoint_leads(stack, vpc, routed, task, service, callers)


def on_fargate(stack: Stack, launch: Launch, task: TaskDefinition) -> bool:
    """Does the launch surely run its tasks on Fargate, and by itself?"""
    return launch.launcher is not Launcher.REGISTRATION and (
        literal(launch_type(stack, launch)) == "FARGATE"
        or isinstance(runs_on_fargate(stack, task), Yes)
    )


def used_services(stack: Stack, launch: Launch, task: TaskDefinition) -> tuple[str, ...]:
    """What starting the task takes: services by the end of their endpoints' names, and INTERNET."""
    used = []
    for container in task.containers:
        registry = registry_of(stack, container.image)
        if isinstance(registry, EcrImage):
            used += ["ecr.api", "ecr.dkr", "s3"]
        elif isinstance(registry, OtherImage):
            used.append(INTERNET)
        if container.environment_files.items:
            used.append("s3")
    for source in sources_of(stack, task):
        if literal(source.log.driver) == "awslogs":
            used.append("logs")
    for use in secret_uses(stack, task):
        if isinstance(use.target, SecretReference):
            used.append(use.target.store.value)
    if isinstance(truth(launch.service_connect), Yes):
        used.append("ecs-agent")
    return tuple(dict.fromkeys(used))


def _has_endpoints(stack: Stack, vpc: Value) -> bool:
    return any(key(endpoint.vpc) == key(vpc) for endpoint in stack.of(Endpoint))


def _is_by_gateway(stack: Stack, subnet: Subnet) -> bool:
    """Is the way out of the subnet an internet or NAT gateway, by which nothing private is reached?
    A transit gateway may lead to the endpoints of another VPC."""
    table = table_of(stack, subnet)
    routes = _routes_in(stack, table) if isinstance(table, RouteTable) else ()
    return not isinstance(routes, Unknown) and all(
        _is_internet(stack, route.gateway) or isinstance(is_absent(route.nat), No)
        for route in routes
    )


def _out_of(stack: Stack, network: Network, subnet: Subnet, who: str) -> Shut | Unknown | None:
    vpc = subnet.vpc
    if not isinstance(vpc, Reference) or "data" in vpc.address.split(".")[-3:-2]:
        return Unknown("the VPC is not in sight", why=Why.OUTSIDE, span=subnet.span)
    table = table_of(stack, subnet)
    if isinstance(table, Unknown):
        return table
    has = _has_endpoints(stack, vpc)
    routes = () if table is None else _routes_in(stack, table)
    if isinstance(routes, Unknown):
        return routes
    if not routes and not has and not _is_routed(stack, vpc):
        return Unknown("the VPC's routes are not in the code", why=Why.OUTSIDE, span=subnet.span)
    if not routes:
        named = f"'{table.address}'" if table else f"of '{vpc.address}'"
        message = f"Subnet '{subnet.address}' has no route out: its route table {named} has none."
        return Shut(Barrier.ROUTE, Evidence(message, subnet.address, subnet.span), subnet, has)
    if any(literal(route.destination) != "0.0.0.0/0" for route in routes) or len(routes) > 1:
        return Unknown("a route may lead to AWS", why=Why.OUTSIDE, span=routes[0].span)
    if not _is_internet(stack, routes[0].gateway):
        return None
    addressed = truth(network.assign_public_ip)
    if isinstance(addressed, No):
        message = (
            f"The way out of subnet '{subnet.address}' is an internet gateway, and the {who} get "
            "no public address."
        )
        return Shut(Barrier.ADDRESS, Evidence(message, subnet.address, subnet.span), subnet, has)
    return addressed if isinstance(addressed, Unknown) else None


def _is_routed(stack: Stack, vpc: Value) -> bool:
    """Does the code see to the VPC's routes at all?"""
    named = [*(table.vpc for table in stack.of(RouteTable)), *(r.vpc for r in stack.of(Route))]
    return any(key(value) == key(vpc) for value in named)


def table_of(stack: Stack, subnet: Subnet) -> RouteTable | Unknown | None:
    """The subnet's route table; None where it is the main one of its VPC, which has local routes
    alone."""
    return stack.asked(_table_of, subnet)


def _table_of(stack: Stack, subnet: Subnet) -> RouteTable | Unknown | None:
    mine = []
    for association in stack.of(RouteAssociation):
        if isinstance(is_absent(association.subnet), Yes):
            continue
        found = stack.find(Subnet, association.subnet)
        if found is None and not isinstance(association.subnet, Reference):
            return Unknown("a route table may be the subnet's", span=association.span)
        if found is subnet:
            mine.append(association.table)
    mine = mine or [
        association.table
        for association in stack.of(RouteAssociation)
        if key(association.vpc) == key(subnet.vpc)
    ]
    if mine:
        table = stack.find(RouteTable, mine[0])
        unclear = Unknown("the subnet's route table is not in sight", why=Why.OUTSIDE)
        return unclear if table is None or len(mine) > 1 else table
    return _main_table(stack, subnet.vpc)


def _main_table(stack: Stack, vpc: Value) -> RouteTable | Unknown | None:
    for table in stack.of(RouteTable):
        if table.is_main:
            return table
    for route in stack.of(Route):
        elsewhere = isinstance(route.vpc, Unknown) or key(route.vpc) == key(vpc)
        is_row = not isinstance(is_absent(route.table), Yes)
        if elsewhere and is_row and stack.find(RouteTable, route.table) is None:
            return Unknown("a route may be the main route table's", span=route.span)
    return None


def _routes_in(stack: Stack, table: RouteTable) -> tuple[Route, ...] | Unknown:
    """The routes of the table beside the local ones."""
    return stack.asked(_beside_local, table)


def _beside_local(stack: Stack, table: RouteTable) -> tuple[Route, ...] | Unknown:
    found = []
    for route in stack.of(Route):
        if isinstance(is_absent(route.table), Yes):
            continue
        its = stack.find(RouteTable, route.table)
        if its is None and isinstance(route.table, Unknown):
            return Unknown("a route may be this table's", span=route.span)
        if its is table:
            if literal(route.destination) is None:
                return Unknown("where a route leads is not known", span=route.span)
            found.append(route)
    return tuple(found)


def _is_internet(stack: Stack, gateway: Value) -> bool:
    kinds = ("aws_internet_gateway", "AWS::EC2::InternetGateway")
    return isinstance(gateway, Reference) and any(
        resource.address == gateway.address and resource.type in kinds
        for resource in (*stack.of(Route), *stack.of(InternetGateway))
    )
