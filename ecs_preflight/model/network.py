"""Where a task's traffic may go."""

from __future__ import annotations

from ..symbolic.records import dataclass
from ..symbolic.source import NOWHERE, Span
from ..symbolic.values import ABSENT, Value
from .common import Resource, Several


@dataclass(frozen=True)
class PortRule:
    """What a security group lets through: a protocol (``-1`` for all) and ports from first to
    last. ``groups`` are the security groups that it is for, where it is for none but these: empty
    for a rule that names addresses. ``private``: are these all of private networks, such as the
    VPC's own? ``by_default`` is the rule that EC2 gives a group for which none is written.
    ``span`` is the whole rule, a block, an item or a resource."""

    protocol: Value
    first: Value
    last: Value
    groups: Several[Value] = Several()
    private: bool = False
    by_default: bool = False
    span: Span = NOWHERE


@dataclass(frozen=True, kw_only=True)
class SecurityGroup(Resource):
    """A security group, with the rules that stand elsewhere; without a ``vpc`` it is in the
    account's default one."""

    vpc: Value = ABSENT
    ingress: Several[PortRule] = Several()
    egress: Several[PortRule] = Several()


@dataclass(frozen=True, kw_only=True)
class Endpoint(Resource):
    """A VPC endpoint: ``service`` is the service name, ``kind`` Interface, Gateway ...

    ``tables`` are the route tables of a gateway, ``security_groups`` those of an interface,
    ``policy`` is the document of its policy (Known(None): full access)."""

    vpc: Value
    service: Value
    kind: Value
    private_dns: Value = ABSENT
    tables: Several[Value] = Several()
    security_groups: Several[Value] = Several()
    policy: Value = ABSENT


@dataclass(frozen=True, kw_only=True)
class HostedZone(Resource):
    """A DNS zone, by which an endpoint may be named otherwise than by its private DNS."""


@dataclass(frozen=True, kw_only=True)
class Vpc(Resource):
    """A VPC that the code makes; ``hostnames``: has it DNS hostnames?"""

    hostnames: Value = ABSENT


@dataclass(frozen=True, kw_only=True)
class Subnet(Resource):
    """A subnet; ``public``: does it give instances public addresses by default?"""

    vpc: Value
    public: Value = ABSENT
    #: Has it IPv6 addresses alone?
    ipv6_only: Value = ABSENT


@dataclass(frozen=True, kw_only=True)
class RouteTable(Resource):
    """A route table; ``is_main`` where it is adopted as its VPC's main one."""

    vpc: Value
    is_main: bool = False


@dataclass(frozen=True, kw_only=True)
class Route(Resource):
    """A way out of a VPC: a NAT or internet gateway, a transit gateway, a peering, a VPN.

    ``vpc`` is the VPC it belongs to, or Unknown; a route of a route table also says in which
    ``table`` it is, its ``destination`` and the internet or VPN ``gateway``, or the NAT gateway,
    that it leads to."""

    vpc: Value
    table: Value = ABSENT
    destination: Value = ABSENT
    gateway: Value = ABSENT
    nat: Value = ABSENT


@dataclass(frozen=True, kw_only=True)
class RouteAssociation(Resource):
    """The route table that a subnet uses, or, where ``vpc`` is named, a VPC's main one."""

    subnet: Value
    table: Value
    vpc: Value = ABSENT


@dataclass(frozen=True, kw_only=True)
class InternetGateway(Resource):
    """An internet gateway as such; its attachment is the Route."""


@dataclass(frozen=True, kw_only=True)
class MountTarget(Resource):
    """Where a file system is reached in a subnet."""

    file_system: Value
    security_groups: Several[Value] = Several()
