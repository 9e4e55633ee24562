"""VPC endpoints, subnets, the ways out of a VPC, and the names of tasks there, as far as the rules
ask (facts K)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..model import (
    DiscoveryService,
    Endpoint,
    HostedZone,
    InternetGateway,
    MountTarget,
    Route,
    RouteAssociation,
    RouteTable,
    Several,
    Subnet,
    Vpc,
    addresses,
)
from ..symbolic.records import dataclass, replace
from ..symbolic.values import ABSENT, Known, Reference, Unknown, Value, Why, first
from .documents import policy_document
from .fields import base, field, is_null, maps, scalars
from .patches import Fact, Patch
from .units import Declared


def discovery_service(declared: Declared) -> Iterator[DiscoveryService]:
    """A service of Cloud Map, where tasks are registered."""
    yield DiscoveryService(
        **base(declared),
        records=maps(
            field(declared.body, "DnsConfig.DnsRecords"), lambda record: field(record, "Type")
        ),
    )


def endpoint(declared: Declared) -> Iterator[Fact]:
    """A VPC endpoint; it is a gateway endpoint unless it says otherwise."""
    body = declared.body
    kind = field(body, "VpcEndpointType")
    yield Endpoint(
        **base(declared),
        vpc=field(body, "VpcId"),
        service=field(body, "ServiceName"),
        kind=Known("Gateway", declared.span) if is_null(kind) else kind,
        private_dns=field(body, "PrivateDnsEnabled"),
        tables=scalars(field(body, "RouteTableIds")),
        security_groups=scalars(field(body, "SecurityGroupIds")),
        policy=policy_document(field(body, "PolicyDocument", "Policy")),
    )


def _of_endpoint(declared: Declared, part: str, value: Value) -> Patch:
    """One more route table or security group of an endpoint, which stands in a resource of its
    own."""

    def added(endpoint: Endpoint, more: Several[Value]) -> Endpoint:
        mine = endpoint.tables if part == "tables" else endpoint.security_groups
        several = Several((*mine, *more), first(mine.remainder, more.remainder))
        return (
            replace(endpoint, tables=several)
            if part == "tables"
            else replace(endpoint, security_groups=several)
        )

    written = Several((value,), declared.conditional)
    return Patch(
        Endpoint,
        field(declared.body, "VpcEndpointId"),
        lambda endpoint: added(endpoint, written),
        lambda endpoint, reason: added(endpoint, Several((), reason)),
        declared.address,
        declared.span,
    )


def endpoint_table(declared: Declared) -> Iterator[Fact]:
    """A patch: the route table goes to the endpoint."""
    yield _of_endpoint(declared, "tables", field(declared.body, "RouteTableId"))


def endpoint_security_group(declared: Declared) -> Iterator[Fact]:
    """A patch: the security group is the endpoint's."""
    yield _of_endpoint(declared, "security groups", field(declared.body, "SecurityGroupId"))


def endpoint_policy(declared: Declared) -> Iterator[Fact]:
    """A patch: the endpoint's policy, where it is a resource of its own."""
    document = _if_there(declared, policy_document(field(declared.body, "Policy")))
    yield Patch(
        Endpoint,
        field(declared.body, "VpcEndpointId"),
        lambda endpoint: replace(endpoint, policy=document),
        lambda endpoint, reason: replace(endpoint, policy=reason),
        declared.address,
        declared.span,
    )


def hosted_zone(declared: Declared) -> Iterator[Fact]:
    """A private hosted zone, which may lead an endpoint's name elsewhere."""
    yield HostedZone(**base(declared))


def mount_target(declared: Declared) -> Iterator[Fact]:
    """Where an EFS file system is reached from a subnet."""
    yield MountTarget(
        **base(declared),
        file_system=field(declared.body, "FileSystemId"),
        security_groups=scalars(field(declared.body, "SecurityGroups")),
    )


def vpc(declared: Declared) -> Iterator[Fact]:
    """A VPC, which subnets and security groups name."""
    yield Vpc(**base(declared), hostnames=field(declared.body, "EnableDnsHostnames"))


def subnet(declared: Declared) -> Iterator[Fact]:
    """A subnet, as far as addresses and routes depend on it."""
    yield Subnet(
        **base(declared),
        vpc=field(declared.body, "VpcId"),
        public=field(declared.body, "MapPublicIpOnLaunch"),
        ipv6_only=field(declared.body, "Ipv6Native"),
    )


@dataclass(frozen=True)
class Way:
    """A way out of the VPC which the subnet or route table ``at`` belongs to."""

    route: Route
    at: Value


def gateway(declared: Declared) -> Iterator[Fact]:
    """An internet or VPN gateway, or its attachment, which names its VPC."""
    yield Route(**base(declared), vpc=_named(declared, field(declared.body, "VpcId")))


def gateway_in_subnet(declared: Declared) -> Iterator[Fact | Way]:
    """A NAT gateway or a transit gateway attachment."""
    vpc = field(declared.body, "VpcId")
    if is_null(vpc):
        yield Way(Route(**base(declared), vpc=vpc), field(declared.body, "SubnetId"))
    else:
        yield Route(**base(declared), vpc=vpc)


def route(declared: Declared) -> Iterator[Way]:
    """A route: whatever it leads to, it leads out."""
    table = field(declared.body, "RouteTableId")
    destination = field(declared.body, "DestinationCidrBlock")
    way = Route(
        **base(declared),
        vpc=ABSENT,
        table=table,
        destination=_if_there(declared, destination),
        gateway=field(declared.body, "GatewayId"),
        nat=field(declared.body, "NatGatewayId"),
    )
    yield Way(way, table)


def route_association(declared: Declared) -> Iterator[Fact]:
    """The route table of a subnet, or a VPC's main one. (One of a gateway has neither.)"""
    subnet, vpc = field(declared.body, "SubnetId"), field(declared.body, "VpcId")
    if not is_null(subnet) or not is_null(vpc):
        table = field(declared.body, "RouteTableId")
        yield RouteAssociation(
            **base(declared), subnet=subnet, table=_if_there(declared, table), vpc=vpc
        )


def internet_gateway(declared: Declared) -> Iterator[Fact]:
    """CloudFormation's, which an attachment joins to a VPC."""
    yield InternetGateway(**base(declared))


def route_table(declared: Declared) -> Iterator[Fact]:
    """A route table, in Terraform with routes of its own."""
    vpc = field(declared.body, "VpcId")
    adopted = declared.type == "aws_default_route_table"
    yield RouteTable(**base(declared), vpc=vpc, is_main=adopted)
    routes = maps(field(declared.body, "Route"), lambda item: item)
    itself, of_vpc = Reference(declared.address, "id"), _named(declared, vpc)
    if routes.remainder is not None:
        yield Route(**base(declared), vpc=of_vpc, table=itself, destination=routes.remainder)
    for item in routes:
        yield Route(
            **base(declared),
            vpc=of_vpc,
            table=itself,
            destination=field(item, "CidrBlock"),
            gateway=field(item, "GatewayId"),
            nat=field(item, "NatGatewayId"),
        )


def _if_there(declared: Declared, value: Value) -> Value:
    """A value of what may not exist is not known."""
    return value if declared.conditional is None else declared.conditional


def joined(facts: Iterable[Fact | Way]) -> list[Fact]:
    """The facts, with ways out led on from their subnet or route table to its VPC."""
    facts = tuple(facts)
    parts = {fact.address: fact.vpc for fact in facts if isinstance(fact, (RouteTable, Subnet))}
    return [_led_on(fact, parts) if isinstance(fact, Way) else fact for fact in facts]


def _led_on(way: Way, parts: dict[str, Value]) -> Route:
    vpc = next((parts[address] for address in addresses(way.at) if address in parts), None)
    if vpc is None or is_null(vpc):
        vpc = Unknown(
            f"the VPC of '{way.route.address}' is not in sight", why=Why.OUTSIDE, span=way.at.span
        )
    return replace(way.route, vpc=vpc)


def _named(declared: Declared, vpc: Value) -> Value:
    return (
        vpc
        if not is_null(vpc)
        else Unknown(
            f"the VPC of '{declared.address}' is not named", why=Why.FUNCTION, span=declared.span
        )
    )
