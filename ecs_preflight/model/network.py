"""Where a task's traffic may go."""

from __future__ import annotations

from dataclasses import dataclass

from ..symbolic.values import ABSENT, Value
from .common import Resource


@dataclass(frozen=True, kw_only=True)
class Endpoint(Resource):
    """A VPC endpoint: ``service`` is the service name, ``kind`` Interface, Gateway ..."""

    vpc: Value
    service: Value
    kind: Value
    private_dns: Value = ABSENT


@dataclass(frozen=True, kw_only=True)
class Subnet(Resource):
    vpc: Value
    public: Value = ABSENT
    #: Has it IPv6 addresses alone?
    ipv6_only: Value = ABSENT


@dataclass(frozen=True, kw_only=True)
class Route(Resource):
    """A way out of a VPC: a NAT or internet gateway, a transit gateway, a peering, a VPN.

    ``vpc`` is the VPC it belongs to, or Unknown; a route of a route table also says in which
    ``table`` it is, its ``destination`` and the internet or VPN ``gateway`` it leads to."""

    vpc: Value
    table: Value = ABSENT
    destination: Value = ABSENT
    gateway: Value = ABSENT


@dataclass(frozen=True, kw_only=True)
class RouteAssociation(Resource):
    """The route table that a subnet uses."""

    subnet: Value
    table: Value


@dataclass(frozen=True, kw_only=True)
class InternetGateway(Resource):
    """An internet gateway as such; its attachment is the Route."""
