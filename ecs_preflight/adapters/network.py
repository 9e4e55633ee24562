"""VPC endpoints, subnets, and the ways out of a VPC, as far as the rules ask (facts K)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from ..model import Endpoint, InternetGateway, Route, RouteAssociation, Subnet, addresses
from ..symbolic.values import ABSENT, Known, Reference, Unknown, Value, Why
from .fields import base, field, is_null, maps
from .patches import Fact
from .units import Declared


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
    )


def subnet(declared: Declared) -> Iterator[Fact]:
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


@dataclass(frozen=True)
class Part:
    """A subnet or route table, and its VPC."""

    address: str
    vpc: Value


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
    way = Route(
        **base(declared),
        vpc=ABSENT,
        table=table,
        destination=field(declared.body, "DestinationCidrBlock"),
        gateway=field(declared.body, "GatewayId"),
    )
    yield Way(way, table)


def route_association(declared: Declared) -> Iterator[Fact]:
    """The route table of a subnet. (One of a gateway has no subnet.)"""
    subnet = field(declared.body, "SubnetId")
    if not is_null(subnet):
        table = field(declared.body, "RouteTableId")
        yield RouteAssociation(**base(declared), subnet=subnet, table=table)


def internet_gateway(declared: Declared) -> Iterator[Fact]:
    """CloudFormation's, which an attachment joins to a VPC."""
    yield InternetGateway(**base(declared))


def route_table(declared: Declared) -> Iterator[Fact | Part]:
    """A route table, in Terraform with routes of its own."""
    vpc = field(declared.body, "VpcId")
    yield Part(declared.address, vpc)
    routes = maps(field(declared.body, "Route"), lambda item: item)
    if routes.remainder is not None:
        yield Route(**base(declared), vpc=_named(declared, vpc))
    for item in routes:
        yield Route(
            **base(declared),
            vpc=_named(declared, vpc),
            table=Reference(declared.address, "id"),
            destination=field(item, "CidrBlock"),
            gateway=field(item, "GatewayId"),
        )


def joined(facts: Iterable[Fact | Way | Part]) -> list[Fact]:
    """The facts, with ways out led on from their subnet or route table to its VPC."""
    facts = tuple(facts)
    parts = {fact.address: fact.vpc for fact in facts if isinstance(fact, (Part, Subnet))}
    led = (_led_on(fact, parts) if isinstance(fact, Way) else fact for fact in facts)
    return [fact for fact in led if not isinstance(fact, Part)]


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
