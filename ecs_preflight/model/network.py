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


@dataclass(frozen=True, kw_only=True)
class Route(Resource):
    """A way out of a VPC: a NAT or internet gateway, a transit gateway, a peering, a VPN.

    ``vpc`` is the VPC it belongs to, or Unknown."""

    vpc: Value
